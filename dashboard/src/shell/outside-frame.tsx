import { useMatches } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useDashboard } from '../api/queries.ts';
import { useWords } from '../words.ts';
import { CompanyMark } from './company-mark.tsx';
import { usePageTitle } from './page-title.ts';
import { PlainHttpBanner, PlainHttpLine } from './plain-http.tsx';

/** Around the pages for who is not signed in: the company, one card, and where help is. */
export function OutsideFrame({ wide = false, children }: { readonly wide?: boolean; readonly children: ReactNode }) {
  const { company } = useDashboard();
  const words = useWords();
  usePageTitle(useMatches().at(-1)?.staticData.title?.(words) ?? 'Sign in');
  return (
    <div className="min-h-dvh bg-raised">
      <PlainHttpBanner />
      <div className="flex flex-col items-center px-4 py-10 sm:pt-[12vh]">
        <header className="mb-7 max-w-full">
          <CompanyMark />
        </header>
        <main
          className={`w-full rounded-xl border border-line bg-paper p-6 shadow-xs sm:p-8 ${wide ? 'max-w-xl' : 'max-w-100'}`}
        >
          {children}
        </main>
        <footer className="mt-6 grid max-w-100 justify-items-center gap-2 text-center text-sm text-soft">
          {(company.support_url !== null || company.support_email !== null) && (
            <p>
              Need help?{' '}
              <a
                href={company.support_url ?? `mailto:${company.support_email}`}
                rel="noreferrer"
                className="text-accent underline underline-offset-2"
              >
                {company.support_email ?? 'Get support'}
              </a>
            </p>
          )}
          <PlainHttpLine />
        </footer>
      </div>
    </div>
  );
}

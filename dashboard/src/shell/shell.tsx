import { Outlet, useLocation, useMatches } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSession } from '../api/queries.ts';
import { seesPage } from '../pages/index.ts';
import { classes, IconButton } from '../ui/index.ts';
import { useWords } from '../words.ts';
import { CompanyMark } from './company-mark.tsx';
import { FindBox } from './find/find-box.tsx';
import { NotYours } from './not-found.tsx';
import { usePageTitle } from './page-title.ts';
import { PlainHttpBanner, PlainHttpLine } from './plain-http.tsx';
import { Sidebar } from './sidebar.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { UserMenu } from './user-menu.tsx';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Everything around a page of somebody who is signed in. */
export function Shell() {
  const [isOpen, setOpen] = useState(false);
  const words = useWords();
  const session = useSession();
  const { title, needs } = useMatches().at(-1)?.staticData ?? {};
  usePageTitle(title?.(words) ?? 'Not found');
  const content = useFocusOnArrival();
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-60 rounded-md bg-paper px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="sticky top-0 z-30 flex flex-col border-line bg-raised max-md:border-b md:h-dvh md:border-r">
        <div className="flex h-14 shrink-0 items-center justify-between gap-3 px-5">
          <CompanyMark />
          <IconButton
            icon={isOpen ? 'close' : 'menu'}
            label={isOpen ? 'Close menu' : 'Open menu'}
            aria-expanded={isOpen}
            aria-controls="menu"
            onClick={() => setOpen(!isOpen)}
            className="md:hidden"
          />
        </div>
        <div
          id="menu"
          className={classes(
            'min-h-0 flex-1 flex-col overflow-y-auto max-md:max-h-[calc(100dvh-3.5rem)] md:flex',
            isOpen ? 'flex' : 'max-md:hidden',
          )}
        >
          <div className="grid gap-2 px-3">
            <WorkspaceSwitcher />
            <FindBox />
          </div>
          <div className="flex-1">
            <Sidebar onGo={() => setOpen(false)} />
          </div>
          <div className="border-t border-line p-3">
            <UserMenu />
            <div className="px-2.5 pt-1 empty:hidden">
              <PlainHttpLine />
            </div>
          </div>
        </div>
      </div>
      <main id="content" ref={content} tabIndex={-1} className="min-w-0">
        <PlainHttpBanner />
        <div className="mx-auto max-w-6xl px-4 py-6 sm:px-8 sm:py-8">
          {needs === undefined || seesPage({ needs }, session) ? <Outlet /> : <NotYours />}
        </div>
      </main>
      <SignInAgain />
    </div>
  );
}

/** A page that was gone to takes the focus, so that its heading is read next and Tab begins there. */
function useFocusOnArrival() {
  const content = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    content.current?.focus({ preventScroll: true });
  }, [pathname]);
  return content;
}

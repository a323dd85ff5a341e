import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

export interface Crumb {
  readonly label: string;
  /** Path of the page it leads to; sections of the menu have none. */
  readonly to?: string;
}

interface PageHeaderProps {
  /** The way here through the menu, without the page itself. */
  readonly crumbs?: readonly Crumb[];
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  /** Buttons; the main one last. */
  readonly actions?: ReactNode;
}

export function PageHeader({ crumbs = [], title, lead, actions }: PageHeaderProps) {
  return (
    <header className="mb-6">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumbs" className="mb-1.5">
          <ol className="flex flex-wrap items-center gap-1 text-sm text-soft">
            {crumbs.map(({ label, to }, index) => (
              <li key={label} className="flex items-center gap-1">
                {index > 0 && <Icon name="chevronRight" className="size-3" />}
                {to === undefined ? (
                  label
                ) : (
                  <Link to={to} className="hover:text-ink hover:underline">
                    {label}
                  </Link>
                )}
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
          {lead !== undefined && <div className="mt-1 max-w-3xl text-soft">{lead}</div>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </header>
  );
}

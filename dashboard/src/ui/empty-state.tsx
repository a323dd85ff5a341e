import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** `h1` where it is the whole page. */
  readonly heading?: 'h1' | 'h2';
  /** What this place is for and what to do first. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** Nothing here yet: says what would be, and how to begin. */
export function EmptyState({ icon, title, heading: Heading = 'h2', children, action }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center rounded-lg border border-dashed border-edge px-6 py-14 text-center">
      <span className="mb-4 flex size-11 items-center justify-center rounded-full bg-hover text-soft">
        <Icon name={icon} className="size-5" />
      </span>
      <Heading className="text-lg font-semibold">{title}</Heading>
      <div className="mt-1.5 max-w-md text-soft">{children}</div>
      {action !== undefined && <div className="mt-5 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

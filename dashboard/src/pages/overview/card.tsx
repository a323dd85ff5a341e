import type { ReactNode } from 'react';
import { useId } from 'react';

/** One part of the overview with its heading. */
export function Card({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0 overflow-hidden rounded-lg border border-line">
      <div className="border-b border-line px-5 py-3">
        <h2 id={id} className="font-semibold">
          {title}
        </h2>
        {lead !== undefined && <p className="text-sm text-soft">{lead}</p>}
      </div>
      {children}
    </section>
  );
}

const number = new Intl.NumberFormat('en');

/** A count as people read it: `12,840`. */
export function countText(count: number): string {
  return number.format(count);
}

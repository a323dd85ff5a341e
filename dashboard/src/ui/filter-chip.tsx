import type { ReactNode } from 'react';
import { IconButton } from './button.tsx';

interface FilterChipProps {
  /** What the list is narrowed to. */
  readonly children: ReactNode;
  /** What taking it away does: `Show every owner`. */
  readonly away: string;
  readonly onAway: () => void;
}

/** Something a list is narrowed to by a link, and that no control of its bar shows. */
export function FilterChip({ children, away, onAway }: FilterChipProps) {
  return (
    <span className="inline-flex h-9 items-center gap-1 rounded-md bg-hover pl-3">
      {children}
      <IconButton icon="close" label={away} onClick={onAway} />
    </span>
  );
}

import type { ReactNode } from 'react';
import { classes } from './class-names.ts';

const LOOKS = {
  plain: 'bg-hover text-soft',
  good: 'bg-good-paper text-good',
  warn: 'bg-warn-paper text-warn',
  bad: 'bg-bad-paper text-bad',
} as const;

export type BadgeLook = keyof typeof LOOKS;

export function Badge({ look = 'plain', children }: { readonly look?: BadgeLook; readonly children: ReactNode }) {
  return (
    <span
      className={classes(
        'inline-flex h-5 items-center rounded px-1.5 text-xs font-medium whitespace-nowrap',
        LOOKS[look],
      )}
    >
      {children}
    </span>
  );
}

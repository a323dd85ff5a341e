import {
  fieldChanges,
  plainChanges,
  quotaChanges,
  selfServiceChanges,
  tokenFormatChanges,
  wayInChanges,
} from './change-dialect.ts';
import { expiryChanges, limitChanges } from './change-limits.ts';
import { catalogueChanges, grantChanges, levelChanges } from './change-permissions.ts';
import { routeChanges } from './change-routes.ts';
import type { Profile } from './profile.ts';

/** What changes from one profile to the next, for the person who applies it. */
export interface ProfileChange {
  /** One sentence per difference; [] when there is none. */
  readonly lines: readonly string[];
  /** Those of the lines after which a request accepted a moment before is refused. */
  readonly narrowing: readonly string[];
}

/** Takes down one difference. */
export interface ChangeNotes {
  /** A difference that refuses nothing. */
  tells(line: string): void;
  narrows(line: string): void;
}

/** Looks at one part of two profiles. */
export type CompareProfiles = (before: Profile, after: Profile, notes: ChangeNotes) => void;

const PARTS: readonly CompareProfiles[] = [
  tokenFormatChanges,
  catalogueChanges,
  routeChanges,
  levelChanges,
  grantChanges,
  selfServiceChanges,
  expiryChanges,
  limitChanges,
  quotaChanges,
  wayInChanges,
  fieldChanges,
  plainChanges,
];

/**
 * Describes a change of profile. It narrows when, with the same stored tokens and owners, some request that was accepted
 * the moment before would be refused the moment after: a call of the resource API, or a call that makes or changes a
 * token. Such a change is a tightening: `apply` waits for every node, and a start does not make it unasked.
 *
 * Not narrowing, because nothing already issued is touched and no request is refused for it: a shorter default lifetime,
 * a shorter default grace period (both are written into a token when it is made or rotated), another default tier as
 * such, other words. A way of asking (`grants`) that is taken away narrows the making of tokens only: those that have it
 * keep it, because a token's grant is its owner's decision of then; to end them, revoke them.
 */
export function describeChange(before: Profile, after: Profile): ProfileChange {
  const lines: string[] = [];
  const narrowing: string[] = [];
  const notes: ChangeNotes = {
    tells: (line) => void lines.push(line),
    narrows: (line) => {
      lines.push(line);
      narrowing.push(line);
    },
  };
  for (const compare of PARTS) compare(before, after, notes);
  return { lines, narrowing };
}

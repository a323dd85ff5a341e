import { parseRotationPeriod } from './duration.ts';

/** What automatic rotation goes by. */
export interface RotatingToken {
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** Whether the expiry was asked for; otherwise it is the profile's lifetime. */
  readonly expiryExplicit: boolean;
  readonly rotation: { readonly autoRotate: boolean; readonly rotationPeriod: string | null };
}

/** Of a life that the profile gave, when its rotation is due at the latest: time is left to claim the successor. */
const DUE_WITHIN_LIFE = 0.75;

/** When a successor of the token becomes claimable; null for one that does not rotate by itself or ends before. */
export function rotationDueAt({ createdAt, expiresAt, expiryExplicit, rotation }: RotatingToken): number | null {
  const periodMs = rotation.rotationPeriod === null ? null : parseRotationPeriod(rotation.rotationPeriod);
  if (!rotation.autoRotate || periodMs === null) return null;
  const dueAt = createdAt + periodMs;
  if (expiresAt === null) return dueAt;
  // A successor has an end that was asked for as well: then there is nothing to rotate to.
  if (expiryExplicit) return dueAt < expiresAt ? dueAt : null;
  return Math.min(dueAt, createdAt + Math.floor((expiresAt - createdAt) * DUE_WITHIN_LIFE));
}

/** `claimable`: the successor waits. `overdue`: it does, and everybody was reminded. */
export type RotationStanding = 'scheduled' | 'claimable' | 'overdue';

export function rotationStanding(dueAt: number, overdueAfterMs: number, now: number): RotationStanding {
  if (now < dueAt) return 'scheduled';
  return now < dueAt + overdueAfterMs ? 'claimable' : 'overdue';
}

import { describe, expect, it } from 'vitest';
import { type RotatingToken, rotationDueAt, rotationStanding } from './automatic-rotation.ts';

const DAY_MS = 86_400_000;
const NOW = 1_800_000_000_000;

const token = (fields: Partial<RotatingToken> = {}): RotatingToken => ({
  createdAt: NOW,
  expiresAt: null,
  expiryExplicit: false,
  rotation: { autoRotate: true, rotationPeriod: '90d' },
  ...fields,
});

describe('a rotation is due', () => {
  it('a period after the token was made, and never without a period or when nobody asked for it', () => {
    expect(rotationDueAt(token())).toBe(NOW + 90 * DAY_MS);
    for (const rotation of [
      { autoRotate: false, rotationPeriod: '90d' },
      { autoRotate: true, rotationPeriod: null },
      { autoRotate: true, rotationPeriod: '1s' },
    ])
      expect(rotationDueAt(token({ rotation }))).toBeNull();
  });

  it('within a life that the profile gave, and not where an end that was asked for comes first', () => {
    expect(rotationDueAt(token({ expiresAt: NOW + 100 * DAY_MS }))).toBe(NOW + 75 * DAY_MS);
    expect(rotationDueAt(token({ expiresAt: NOW + 200 * DAY_MS }))).toBe(NOW + 90 * DAY_MS);
    expect(rotationDueAt(token({ expiresAt: NOW + 91 * DAY_MS, expiryExplicit: true }))).toBe(NOW + 90 * DAY_MS);
    expect(rotationDueAt(token({ expiresAt: NOW + 90 * DAY_MS, expiryExplicit: true }))).toBeNull();
  });

  it('from its instant on, and overdue once everybody was reminded', () => {
    const at = (ms: number) => rotationStanding(NOW, 28 * DAY_MS, NOW + ms);
    expect([at(-1), at(0), at(28 * DAY_MS - 1), at(28 * DAY_MS)]).toEqual([
      'scheduled',
      'claimable',
      'claimable',
      'overdue',
    ]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRotation, type Rotatable, type RotationDefaults, type RotationPlan } from './rotation.ts';
import { type TokenState, tokenState } from './token-state.ts';

const day = 86_400_000;
const now = 1_700_000_000_000;
const defaults: RotationDefaults = { gracePeriodMs: 7 * day, lifetimeMs: null, onePerOwner: false };
const token: Rotatable = {
  id: 'tok_a',
  state: 'active',
  expiresAt: null,
  expiryExplicit: false,
  gracePeriodMs: null,
  graceEndsAt: null,
  supersededBy: null,
  successorUsed: false,
};

function endOf(plan: RotationPlan): number | string {
  return plan.plan === 'rotate' ? plan.oldEndsAt - now : plan.because;
}

describe('planning a rotation', () => {
  it('row 62: the grace is the request’s, else the token’s, else the profile’s', () => {
    expect(endOf(planRotation(token, {}, defaults, now))).toBe(7 * day);
    expect(endOf(planRotation({ ...token, gracePeriodMs: 2 * day }, {}, defaults, now))).toBe(2 * day);
    expect(endOf(planRotation({ ...token, gracePeriodMs: 2 * day }, { gracePeriodMs: day }, defaults, now))).toBe(day);
    expect(endOf(planRotation({ ...token, gracePeriodMs: 0 }, {}, defaults, now))).toBe(0);
  });

  it('row 62: a grace of 0 ends the old token at once, and so does a profile of one token per owner', () => {
    expect(endOf(planRotation(token, { gracePeriodMs: 0 }, defaults, now))).toBe(0);
    expect(endOf(planRotation(token, { gracePeriodMs: day }, { ...defaults, onePerOwner: true }, now))).toBe(0);
  });

  it('row 62: the old token never outlives its own expiry', () => {
    expect(endOf(planRotation({ ...token, expiresAt: now + 5 }, {}, defaults, now))).toBe(5);
  });

  it('an expiry that was asked for is inherited, a profile’s lifetime starts anew', () => {
    const ending = { ...token, expiresAt: now + 3 * day };
    const yearly = { ...defaults, lifetimeMs: 365 * day };
    expect(planRotation({ ...ending, expiryExplicit: true }, {}, yearly, now)).toMatchObject({
      successorExpiresAt: now + 3 * day,
    });
    expect(planRotation(ending, {}, yearly, now)).toMatchObject({ successorExpiresAt: now + 365 * day });
    expect(planRotation(ending, {}, defaults, now)).toMatchObject({ successorExpiresAt: null });
  });

  it.each<TokenState>(['revoked', 'expired', 'disabled'])('row 60: a token that is %s cannot be rotated', (state) => {
    const plan = planRotation({ ...token, state }, { replaceUnusedSuccessor: true }, defaults, now);
    expect(plan).toEqual({ plan: 'refuse', because: 'not_rotatable' });
  });

  it.each<TokenState>(['superseded', 'replaced'])('row 62: a token that is %s was rotated already', (state) => {
    const rotated: Rotatable = { ...token, state, supersededBy: 'tok_b', graceEndsAt: now + day };
    expect(endOf(planRotation(rotated, {}, defaults, now))).toBe('already_rotated');
    const asked = { replaceUnusedSuccessor: true };
    expect(endOf(planRotation({ ...rotated, successorUsed: true }, asked, defaults, now))).toBe('already_rotated');
    expect(planRotation(rotated, asked, defaults, now)).toMatchObject({ plan: 'rotate', replaceSuccessor: 'tok_b' });
  });

  it('row 62: replacing an unused successor neither prolongs a grace nor begins it again', () => {
    const asked = { replaceUnusedSuccessor: true, gracePeriodMs: 30 * day };
    const inGrace: Rotatable = { ...token, state: 'superseded', supersededBy: 'tok_b', graceEndsAt: now + day };
    const over: Rotatable = { ...inGrace, state: 'replaced', graceEndsAt: now - day };
    expect(endOf(planRotation(inGrace, asked, defaults, now))).toBe(day);
    expect(endOf(planRotation(inGrace, { ...asked, gracePeriodMs: 0 }, defaults, now))).toBe(0);
    expect(endOf(planRotation(over, asked, defaults, now))).toBe(-day);
    expect(endOf(planRotation({ ...over, graceEndsAt: null }, asked, defaults, now))).toBe(0);
  });

  it('row 62: a negative grace is a mistake of the caller', () => {
    expect(() => planRotation(token, { gracePeriodMs: -1 }, defaults, now)).toThrow(TypeError);
    expect(() => planRotation(token, { gracePeriodMs: Number.NaN }, defaults, now)).toThrow(TypeError);
  });
});

/** A lineage as a store keeps it, to which plans are applied literally. */
interface Kept {
  readonly id: string;
  readonly supersededBy: string | null;
  readonly supersededAt: number | null;
  readonly graceEndsAt: number | null;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly disabledAt: number | null;
  readonly used: boolean;
}

describe('a lineage under any sequence of rotations', () => {
  const step = fc.record({
    does: fc.constantFrom('rotate', 'rotate', 'use', 'wait', 'revoke'),
    which: fc.nat(5),
    graceDays: fc.option(fc.nat(3), { nil: undefined }),
    replace: fc.boolean(),
    waitDays: fc.nat(4),
  });
  const lifetime = fc.option(fc.integer({ min: 1, max: 6 }));

  it('row 60: never has more than two values that work, and an ended one never works again', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 25 }),
        fc.option(fc.integer({ min: 1, max: 9 })),
        lifetime,
        (steps, expiry, life) => {
          let at = now;
          const first = {
            id: '0',
            supersededBy: null,
            supersededAt: null,
            graceEndsAt: null,
            revokedAt: null,
            disabledAt: null,
          };
          let lineage: Kept[] = [{ ...first, expiresAt: expiry === null ? null : now + expiry * day, used: false }];
          const ended = new Set<string>();
          const works = (kept: Kept): boolean => ['active', 'superseded'].includes(tokenState(kept, at));

          for (const { does, which, graceDays, replace, waitDays } of steps) {
            const chosen = lineage[which % lineage.length] as Kept;
            if (does === 'wait') at += waitDays * day;
            if (does === 'use' && works(chosen))
              lineage = lineage.map((kept) => (kept === chosen ? { ...kept, used: true } : kept));
            if (does === 'revoke')
              lineage = lineage.map((kept) => (kept === chosen ? { ...kept, revokedAt: at } : kept));
            if (does === 'rotate') {
              const successor = lineage.find((kept) => kept.id === chosen.supersededBy);
              const plan = planRotation(
                {
                  ...chosen,
                  state: tokenState(chosen, at),
                  expiryExplicit: expiry !== null,
                  gracePeriodMs: null,
                  successorUsed: successor !== undefined && (successor.used || successor.supersededBy !== null),
                },
                {
                  ...(graceDays === undefined ? {} : { gracePeriodMs: graceDays * day }),
                  replaceUnusedSuccessor: replace,
                },
                { ...defaults, lifetimeMs: life === null ? null : life * day },
                at,
              );
              if (plan.plan === 'rotate') {
                const next: Kept = {
                  ...first,
                  id: String(lineage.length),
                  expiresAt: plan.successorExpiresAt,
                  used: false,
                };
                const position = lineage.indexOf(chosen);
                lineage = lineage.map((kept, index) => {
                  if (kept === chosen) {
                    return {
                      ...kept,
                      supersededBy: next.id,
                      supersededAt: kept.supersededAt ?? at,
                      graceEndsAt: plan.oldEndsAt,
                    };
                  }
                  if (kept.id === plan.replaceSuccessor) return { ...kept, revokedAt: at };
                  return index < position && plan.endPredecessors ? { ...kept, revokedAt: kept.revokedAt ?? at } : kept;
                });
                lineage.push(next);
                if (expiry !== null) expect(next.expiresAt).toBe(now + expiry * day);
              }
            }
            expect(lineage.filter(works).length).toBeLessThanOrEqual(2);
            for (const kept of lineage) {
              if (!works(kept)) ended.add(kept.id);
              else expect(ended.has(kept.id)).toBe(false);
            }
          }
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

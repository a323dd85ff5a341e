import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TokenMoments, type TokenState, tokenState } from './token-state.ts';

const alive: TokenMoments = {
  revokedAt: null,
  disabledAt: null,
  supersededAt: null,
  graceEndsAt: null,
  expiresAt: null,
};

describe('the state of a token', () => {
  it.each<[TokenState, Partial<TokenMoments>]>([
    ['active', {}],
    ['active', { expiresAt: 1001 }],
    ['expired', { expiresAt: 1000 }],
    ['superseded', { supersededAt: 900, graceEndsAt: 1001 }],
    ['replaced', { supersededAt: 900, graceEndsAt: 1000 }],
    ['replaced', { supersededAt: 900, graceEndsAt: null }],
    ['replaced', { supersededAt: 900, graceEndsAt: 1000, expiresAt: 1000 }],
    ['expired', { supersededAt: 900, graceEndsAt: 2000, expiresAt: 1000 }],
    ['disabled', { disabledAt: 5, supersededAt: 900, graceEndsAt: 950, expiresAt: 10 }],
    ['revoked', { revokedAt: 5, disabledAt: 5, supersededAt: 900, graceEndsAt: 950, expiresAt: 10 }],
  ])('is %s at 1000 for %j', (state, moments) => expect(tokenState({ ...alive, ...moments }, 1000)).toBe(state));

  it('row 51: ends at its expiry and not a millisecond before or after', () => {
    expect(tokenState({ ...alive, expiresAt: 5000 }, 4999)).toBe('active');
    expect(tokenState({ ...alive, expiresAt: 5000 }, 5000)).toBe('expired');
    expect(tokenState({ ...alive, expiresAt: 5000 }, Number.NaN)).toBe('expired');
  });

  it('row 51: once time alone has ended a token, more time never brings it back', () => {
    const moment = fc.option(fc.nat(20));
    const moments = fc.record({
      revokedAt: moment,
      disabledAt: moment,
      supersededAt: moment,
      graceEndsAt: moment,
      expiresAt: moment,
    });
    const works = (state: TokenState): boolean => state === 'active' || state === 'superseded';
    fc.assert(
      fc.property(moments, fc.nat(25), fc.nat(25), (token, at, later) => {
        if (!works(tokenState(token, at))) expect(works(tokenState(token, at + later))).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });
});

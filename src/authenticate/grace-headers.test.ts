import { describe, expect, it } from 'vitest';
import { graceHeaders } from './grace-headers.ts';

const ACTIVE = { revokedAt: null, disabledAt: null, supersededAt: null, supersededBy: null, graceEndsAt: null };

describe('graceHeaders', () => {
  it('row 62: a superseded token is told since when it is superseded and when it ends', () => {
    const end = { ...ACTIVE, supersededAt: 1_700_000_000_500, supersededBy: 'tok_b', graceEndsAt: 1_700_604_800_000 };
    expect(graceHeaders({ end })).toEqual({ Deprecation: '@1700000000', Sunset: 'Tue, 21 Nov 2023 22:13:20 GMT' });
  });

  it('says nothing about a token that has no successor', () => {
    expect(graceHeaders({ end: null })).toEqual({});
    expect(graceHeaders({ end: { ...ACTIVE, disabledAt: 1 } })).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { compilePermissions, type IpAllowlist, parseIpAllowlist } from '../policy/index.ts';
import type { Question } from './decision.ts';
import type { EndFacts, TokenFacts } from './facts.ts';
import { judge, mayDo } from './judge.ts';

const NOW = 1_800_000_000_000;
const ENDED: EndFacts = {
  revokedAt: null,
  disabledAt: null,
  supersededAt: null,
  supersededBy: null,
  graceEndsAt: null,
};

function factsOf(more: Partial<TokenFacts> = {}, ownerMay: string[] | null = ['servers:*']): TokenFacts {
  return {
    stale: false,
    touched: false,
    awaitsFirstUse: false,
    id: 'tok_a',
    lineageId: 'lin_a',
    countsAt: null,
    sibling: null,
    name: 'a',
    kind: 'token',
    environment: 'live',
    membership: {
      stale: false,
      holders: 0,
      owner: {
        stale: false,
        holders: 0,
        id: 'own_a',
        kind: 'external',
        externalId: 'a',
        name: null,
        email: null,
        isDisabled: false,
        metadata: {},
      },
      workspace: {
        stale: false,
        holders: 0,
        id: 'wsp_a',
        externalId: null,
        name: 'A',
        isHome: false,
        isDisabled: false,
      },
      permissions: ownerMay === null ? null : compilePermissions(ownerMay),
      directly: compilePermissions([]),
      roleIds: [],
    },
    grant: {
      grant: { mode: 'permissions', permissions: ['servers:read'] },
      permissions: compilePermissions(['servers:read']),
      known: null,
    },
    ipAllowlist: null,
    expiresAt: null,
    end: null,
    limits: { setting: { by: 'unlimited' }, windows: 'unlimited' },
    metadata: {},
    ...more,
  };
}

function asked(more: Partial<Question> = {}): Question {
  return {
    credential: { found: 'text', text: 'x' },
    environments: ['live'],
    ip: '203.0.113.9',
    allOf: ['servers:read'],
    anyOf: [],
    cost: 1,
    ...more,
  };
}

function allowlist(...entries: string[]): IpAllowlist {
  const parsed = parseIpAllowlist(entries);
  if (!parsed.ok) throw new Error('not a list');
  return parsed.list;
}

describe('judge', () => {
  it('finds nothing against a token that may do what is asked', () => {
    expect(judge(factsOf(), asked(), NOW)).toBeNull();
  });

  it('asks in the fixed order: what comes first is what is said, however much else is wrong', () => {
    const everything: Partial<TokenFacts> = {
      kind: 'access',
      end: { ...ENDED, revokedAt: 1, disabledAt: 1, supersededAt: 1, graceEndsAt: 2 },
      expiresAt: 1,
      ipAllowlist: allowlist('198.51.100.1'),
    };
    const facts = factsOf(everything, null);
    facts.membership = {
      ...facts.membership,
      owner: { ...facts.membership.owner, isDisabled: true },
      workspace: { ...facts.membership.workspace, isDisabled: true },
    };
    const mend: readonly (() => Partial<TokenFacts>)[] = [
      () => ({ kind: 'token' }),
      () => ({ end: { ...(facts.end as EndFacts), revokedAt: null } }),
      () => ({ end: { ...(facts.end as EndFacts), disabledAt: null } }),
      () => ({ end: null }),
      () => ({ expiresAt: null }),
      () => ({ membership: { ...facts.membership, owner: { ...facts.membership.owner, isDisabled: false } } }),
      () => ({ membership: { ...facts.membership, permissions: compilePermissions(['servers:*']) } }),
      () => ({ membership: { ...facts.membership, workspace: { ...facts.membership.workspace, isDisabled: false } } }),
      () => ({ ipAllowlist: null }),
    ];
    const causes = mend.map((repair) => {
      const cause = judge(facts, asked({ allOf: ['servers:write'] }), NOW)?.cause;
      Object.assign(facts, repair());
      return cause;
    });
    expect(causes).toEqual([
      'wrong_kind',
      'revoked',
      'disabled',
      'replaced',
      'expired',
      'owner_disabled',
      'membership_ended',
      'workspace_disabled',
      'address_not_allowed',
    ]);
    expect(judge(facts, asked({ allOf: ['servers:write'] }), NOW)).toEqual({
      reason: 'insufficient_permissions',
      cause: 'permission_missing',
      missing: ['servers:write'],
    });
  });

  it('row 13: a test token on a door that serves live is not valid there, which is not a question of permission', () => {
    expect(judge(factsOf({ environment: 'test' }), asked(), NOW)).toEqual({
      reason: 'invalid_token',
      cause: 'wrong_environment',
    });
    expect(judge(factsOf({ environment: 'test' }), asked({ environments: ['test'] }), NOW)).toBeNull();
    expect(judge(factsOf({ environment: null }), asked(), NOW)).toBeNull();
  });

  it('row 51: a token works until the millisecond before it expires', () => {
    expect(judge(factsOf({ expiresAt: NOW + 1 }), asked(), NOW)).toBeNull();
    expect(judge(factsOf({ expiresAt: NOW }), asked(), NOW)?.reason).toBe('token_expired');
  });

  it('row 62: a superseded token works until its grace ends and then says since when it was replaced', () => {
    const end = { ...ENDED, supersededAt: NOW - 10, supersededBy: 'tok_b', graceEndsAt: NOW + 1 };
    expect(judge(factsOf({ end }), asked(), NOW)).toBeNull();
    expect(judge(factsOf({ end }), asked(), NOW + 1)).toEqual({
      reason: 'invalid_token',
      cause: 'replaced',
      since: NOW + 1,
    });
  });

  it('fails closed on a superseded token without an end of grace', () => {
    expect(judge(factsOf({ end: { ...ENDED, supersededAt: NOW } }), asked(), NOW)?.cause).toBe('replaced');
  });

  it('lets a replaced token through to the rotate door alone, and a revoked one not even there', () => {
    const end = { ...ENDED, supersededAt: NOW - 10, graceEndsAt: NOW - 5 };
    expect(judge(factsOf({ end }), asked({ allowReplaced: true }), NOW)).toBeNull();
    expect(judge(factsOf({ end: { ...end, revokedAt: 1 } }), asked({ allowReplaced: true }), NOW)?.cause).toBe(
      'revoked',
    );
  });

  it('row 38: refuses a token restricted to addresses when the address is not known', () => {
    const facts = factsOf({ ipAllowlist: allowlist('203.0.113.0/24') });
    expect(judge(facts, asked({ ip: null }), NOW)?.reason).toBe('ip_restricted');
    expect(judge(factsOf(), asked({ ip: null }), NOW)).toBeNull();
  });

  it('names everything that is missing, and for a choice the whole choice', () => {
    expect(judge(factsOf(), asked({ allOf: ['servers:write', 'servers:read', 'a:b'] }), NOW)?.missing).toEqual([
      'servers:write',
      'a:b',
    ]);
    expect(judge(factsOf(), asked({ allOf: [], anyOf: ['servers:write', 'a:b'] }), NOW)?.missing).toEqual([
      'servers:write',
      'a:b',
    ]);
    expect(judge(factsOf(), asked({ anyOf: ['a:b', 'servers:read'] }), NOW)).toBeNull();
    expect(judge(factsOf(), asked({ allOf: [], anyOf: [] }), NOW)).toBeNull();
  });
});

describe('mayDo', () => {
  it('row 29: a token may never do more than its owner may do now', () => {
    expect(mayDo(factsOf(), 'servers:read')).toBe(true);
    expect(mayDo(factsOf({}, ['instances:read']), 'servers:read')).toBe(false);
    expect(mayDo(factsOf({}, null), 'servers:read')).toBe(false);
  });

  it('a token that inherits may do what its owner may, and never manage Keyhouse', () => {
    const inherits = factsOf({ grant: { grant: { mode: 'inherit' }, permissions: null, known: null } }, [
      'servers:*',
      'keyhouse-tokens:*',
    ]);
    expect(mayDo(inherits, 'servers:delete')).toBe(true);
    expect(mayDo(inherits, 'keyhouse-tokens:read')).toBe(false);
  });

  it('row 24: a permission cut from the catalogue stops granting, for wildcards too', () => {
    const grant = {
      grant: { mode: 'permissions', permissions: ['servers:*'] } as const,
      permissions: compilePermissions(['servers:*', 'keyhouse-tokens:read']),
      known: new Set(['servers:read']),
    };
    const facts = factsOf({ grant }, ['servers:*', 'keyhouse-tokens:*']);
    expect(mayDo(facts, 'servers:read')).toBe(true);
    expect(mayDo(facts, 'servers:write')).toBe(false);
    expect(mayDo(facts, 'keyhouse-tokens:read')).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePermissions } from '../policy/index.ts';
import type { Subject } from '../ports/index.ts';
import type { MembershipFacts, TokenFacts } from './facts.ts';
import { FactsCache } from './facts-cache.ts';

function membershipFacts(ownerId = 'own_a', workspaceId = 'wsp_a'): MembershipFacts {
  return {
    stale: false,
    holders: 0,
    owner: {
      stale: false,
      holders: 0,
      id: ownerId,
      kind: 'external',
      externalId: ownerId,
      name: null,
      email: null,
      isDisabled: false,
      metadata: {},
    },
    workspace: {
      stale: false,
      holders: 0,
      id: workspaceId,
      externalId: null,
      name: 'A',
      isHome: false,
      isDisabled: false,
    },
    permissions: compilePermissions(['servers:read']),
    directly: compilePermissions([]),
    roleIds: [],
  };
}

function tokenFacts(id: string, more: Partial<TokenFacts> = {}): TokenFacts {
  return {
    stale: false,
    touched: false,
    awaitsFirstUse: false,
    id,
    lineageId: `lin_${id}`,
    countsAt: null,
    sibling: null,
    name: id,
    kind: 'token',
    environment: 'live',
    membership: membershipFacts(),
    grant: { grant: { mode: 'inherit' }, permissions: null, known: null },
    ipAllowlist: null,
    expiresAt: null,
    end: null,
    limits: { setting: { by: 'unlimited' }, windows: 'unlimited' },
    metadata: {},
    ...more,
  };
}

function cacheOf(tokensMax = 100, invalidationsMax = 100): FactsCache {
  return new FactsCache({ tokensMax, invalidationsMax });
}

describe('FactsCache', () => {
  const subjects: Readonly<Record<string, Subject>> = {
    lineage: { kind: 'lineage', id: 'lin_t' },
    owner: { kind: 'owner', id: 'own_a' },
    workspace: { kind: 'workspace', id: 'wsp_a' },
    membership: { kind: 'membership', id: 'own_a/wsp_a' },
    role: { kind: 'role', id: 'rol_a' },
    profile: { kind: 'profile', id: '*' },
  };

  for (const [name, subject] of Object.entries(subjects)) {
    it(`forgets a token when its ${name} changes`, () => {
      const cache = cacheOf();
      cache.put('k', tokenFacts('t'), 5);
      expect(cache.get('k')?.id).toBe('t');
      cache.invalidate([subject], 6);
      expect(cache.get('k')).toBeUndefined();
    });

    it(`row 73: does not keep facts that were read before their ${name} changed`, () => {
      const cache = cacheOf();
      cache.invalidate([subject], 6);
      expect(cache.put('k', tokenFacts('t'), 5)).toBe(false);
      expect(cache.get('k')).toBeUndefined();
      expect(cache.put('k', tokenFacts('t'), 6)).toBe(true);
      expect(cache.get('k')?.id).toBe('t');
    });
  }

  it('keeps tokens of others when one owner changes', () => {
    const cache = cacheOf();
    cache.put('a', tokenFacts('a'), 1);
    cache.put('b', tokenFacts('b', { membership: membershipFacts('own_b') }), 1);
    cache.invalidate([{ kind: 'owner', id: 'own_a' }], 2);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.get('b')?.id).toBe('b');
  });

  it('row 73: an older change that is answered later does not lower the fence of a newer one', () => {
    const cache = cacheOf();
    const subject: Subject = { kind: 'lineage', id: 'lin_t' };
    cache.invalidate([subject], 7);
    cache.invalidate([subject], 6);
    expect(cache.put('k', tokenFacts('t'), 6)).toBe(false);
  });

  it('row 74: remembers a bounded number of invalidations, and keeps out everything older than those it let go', () => {
    const cache = cacheOf(100, 3);
    for (let seq = 1; seq <= 10; seq++) cache.invalidate([{ kind: 'lineage', id: `lin_${seq}` }], seq);
    expect(cache.rememberedInvalidations).toBe(3);
    expect(cache.put('k', tokenFacts('3'), 2)).toBe(false);
    expect(cache.put('k', tokenFacts('3'), 7)).toBe(true);
  });

  it('row 74: holds no more tokens than it may, and lets go of those not used lately', () => {
    const cache = cacheOf(3);
    for (const id of ['a', 'b', 'c']) cache.put(id, tokenFacts(id), 1);
    cache.get('a');
    cache.get('c');
    cache.put('d', tokenFacts('d'), 1);
    expect(cache.size).toBe(3);
    expect([cache.get('a')?.id, cache.get('b')?.id, cache.get('c')?.id]).toEqual(['a', undefined, 'c']);
  });

  it('row 74: holds nothing where it may hold nothing, and takes no other number than a whole one', () => {
    const cache = cacheOf(0);
    expect(cache.put('a', tokenFacts('a'), 1)).toBe(false);
    expect(cache.get('a')).toBeUndefined();
    for (const tokensMax of [-1, 1.5, Number.NaN, Infinity]) expect(() => cacheOf(tokensMax)).toThrow(TypeError);
  });

  it('tokens that outlive an eviction still hear of changes of the owner they share', () => {
    const cache = cacheOf(2);
    for (const id of ['a', 'b', 'c', 'd']) cache.put(id, tokenFacts(id), 1);
    cache.invalidate([{ kind: 'owner', id: 'own_a' }], 2);
    for (const id of ['a', 'b', 'c', 'd']) expect(cache.get(id)).toBeUndefined();
  });

  it('row 76: a token that is asked for all the time is still read again after a change', () => {
    const cache = cacheOf();
    cache.put('k', tokenFacts('t', { expiresAt: 1 }), 1);
    for (let asked = 0; asked < 1000; asked++) expect(cache.get('k')?.expiresAt).toBe(1);
    cache.invalidate([{ kind: 'lineage', id: 'lin_t' }], 2);
    cache.put('k', tokenFacts('t', { expiresAt: 2 }), 2);
    expect(cache.get('k')?.expiresAt).toBe(2);
  });

  it('ends every cached token of a lineage, however many there are', () => {
    const cache = cacheOf();
    for (const id of ['a', 'b', 'c']) cache.put(id, tokenFacts(id, { lineageId: 'lin_x' }), 1);
    cache.put('b', tokenFacts('b', { lineageId: 'lin_x' }), 1);
    cache.invalidate([{ kind: 'lineage', id: 'lin_x' }], 2);
    for (const id of ['a', 'b', 'c']) expect(cache.get(id)).toBeUndefined();
  });

  it('never gives out facts older than the newest change of a subject, in any order of reads, fills and changes', () => {
    const step = fc.record({
      act: fc.constantFrom('read', 'fill', 'change', 'ask' as const),
      token: fc.integer({ min: 0, max: 5 }),
      subject: fc.constantFrom('lineage', 'owner', 'workspace', 'membership', 'role' as const),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const cache = cacheOf(4, 3);
        const ownerOf = (token: number) => `own_${token % 3}`;
        const workspaceOf = (token: number) => `wsp_${token % 2}`;
        let seq = 1;
        const changedAt = new Map<string, number>();
        const pending: { token: number; asOf: number }[] = [];
        const newest = (token: number) =>
          Math.max(
            ...[`lineage lin_${token}`, `owner ${ownerOf(token)}`, `workspace ${workspaceOf(token)}`, 'role *'].map(
              (key) => changedAt.get(key) ?? 0,
            ),
            changedAt.get(`membership ${ownerOf(token)}/${workspaceOf(token)}`) ?? 0,
          );
        for (const { act, token, subject } of steps) {
          if (act === 'read') pending.push({ token, asOf: seq });
          if (act === 'fill') {
            const read = pending.splice(token % Math.max(1, pending.length), 1)[0];
            if (read === undefined) continue;
            const facts = tokenFacts(String(read.token), {
              membership: membershipFacts(ownerOf(read.token), workspaceOf(read.token)),
              expiresAt: read.asOf,
            });
            cache.put(String(read.token), facts, read.asOf);
          }
          if (act === 'change') {
            seq += 1;
            const id = {
              lineage: `lin_${token}`,
              owner: ownerOf(token),
              workspace: workspaceOf(token),
              membership: `${ownerOf(token)}/${workspaceOf(token)}`,
              role: '*',
            }[subject];
            changedAt.set(`${subject} ${id}`, seq);
            cache.invalidate([{ kind: subject, id }], seq);
          }
          const held = cache.get(String(token));
          if (held !== undefined) expect(held.expiresAt).toBeGreaterThanOrEqual(newest(token));
          expect(cache.size).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 500 },
    );
  });
});

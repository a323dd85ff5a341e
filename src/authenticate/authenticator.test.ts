import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyProfile, createToken, putOwner, revokeToken, rotateToken } from '../manage/index.ts';
import { type FactsReads, type FactsRow, StorageUnavailable, type Store } from '../ports/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { Authenticator } from './authenticator.ts';
import type { Question } from './decision.ts';

let house: TestEngine;
beforeAll(async () => {
  house = await testEngine();
  await house.asHost(putOwner, {
    external_id: 'user-42',
    workspace: { external_id: 'org-7', name: 'Example' },
    permissions: ['servers:*'],
  });
});
afterAll(() => house.close());

async function newToken(more: object = {}): Promise<{ id: string; value: string }> {
  const { id, value } = await house.asHost(createToken, {
    name: 'ci',
    permissions: ['servers:read'],
    owner: { external_id: 'user-42' },
    ...more,
  });
  return { id, value: value as string };
}

/** The real store, with every look for facts counted and, where asked, held back. */
class WatchedFacts implements FactsReads {
  readonly #real: FactsReads;
  reads = 0;
  /** Makes reads asynchronous, as on PostgreSQL: the snapshot is taken at once, the answer comes when the test says. */
  held: (() => void)[] | null = null;
  failure: Error | null = null;

  constructor(real: FactsReads) {
    this.#real = real;
  }

  findByDigest(digests: readonly string[]) {
    this.reads += 1;
    if (this.failure !== null) throw this.failure;
    const found = this.#real.findByDigest(digests);
    const { held } = this;
    if (held === null) return found;
    return new Promise<FactsRow | null>((resolve) => held.push(() => resolve(found)));
  }

  findByTokenId(id: string) {
    return this.#real.findByTokenId(id);
  }
}

function watched(soleWriter: boolean, of = house): { authenticator: Authenticator; facts: WatchedFacts } {
  const { store, clock, usage, pepper, authenticator } = of.engine;
  const facts = new WatchedFacts(store.facts);
  const seen: Store = {
    ...store,
    facts,
    capabilities: { soleWriter },
    transact: (work) => store.transact(work),
    close: async () => {},
  };
  return {
    facts,
    authenticator: new Authenticator({
      store: seen,
      clock,
      counter: of.opened.counter,
      usage,
      pepper,
      profile: authenticator.profile,
      cachedTokensMax: 100,
      onFirstUse: async () => {},
      onOldPepper: () => {},
    }),
  };
}

function asking(text: string, more: Partial<Question> = {}): Question {
  const credential = { found: 'text', text } as const;
  return { credential, environments: ['live'], ip: null, allOf: ['servers:read'], anyOf: [], cost: 1, ...more };
}

describe('Authenticator', () => {
  it('decides a cached token in the same turn and without looking into the store', async () => {
    const { value } = await newToken({ tier: 'unlimited' });
    const { authenticator, facts } = watched(true);
    expect(authenticator.decide(asking(value))).toMatchObject({ allowed: true });
    expect(authenticator.decide(asking(value))).toMatchObject({ allowed: true });
    expect(facts.reads).toBe(1);
  });

  it('row 12: refuses a wrong checksum without looking into the store', async () => {
    const { value } = await newToken();
    const { authenticator, facts } = watched(true);
    const wrong = `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;
    expect(authenticator.decide(asking(wrong))).toMatchObject({
      allowed: false,
      denial: { cause: 'mistyped' },
      facts: null,
    });
    expect(facts.reads).toBe(0);
  });

  it('row 27: judges every request anew: permission, address and environment are never remembered', async () => {
    const { value } = await newToken({ ip_allowlist: ['203.0.113.0/24'], tier: 'unlimited' });
    const { authenticator } = watched(true);
    const at = (more: Partial<Question>) => authenticator.decide(asking(value, { ip: '203.0.113.9', ...more }));
    expect(at({})).toMatchObject({ allowed: true });
    expect(at({ allOf: ['servers:write'] })).toMatchObject({ denial: { reason: 'insufficient_permissions' } });
    expect(at({ ip: '198.51.100.1' })).toMatchObject({ denial: { reason: 'ip_restricted' } });
    expect(at({ environments: ['test'] })).toMatchObject({ denial: { cause: 'wrong_environment' } });
    expect(at({})).toMatchObject({ allowed: true });
  });

  it('row 72: two reads serve any number of requests that arrive while a token is read for the first time', async () => {
    const { value } = await newToken({ tier: 'unlimited' });
    const { authenticator, facts } = watched(false);
    facts.held = [];
    const decisions = Array.from({ length: 5_000 }, () => authenticator.decide(asking(value)));
    facts.held.shift()?.();
    await Promise.resolve(decisions[0]);
    await expect.poll(() => facts.held?.length).toBe(1);
    facts.held.shift()?.();
    for (const decision of await Promise.all(decisions)) expect(decision.allowed).toBe(true);
    expect(facts.reads).toBe(2);
  });

  it('row 58: a request never shares a read that began before it', async () => {
    const { id, value } = await newToken({ tier: 'unlimited' });
    const { authenticator, facts } = watched(false);
    facts.held = [];
    const before = authenticator.decide(asking(value));
    await house.asHost(revokeToken, { id });
    const after = authenticator.decide(asking(value));
    facts.held.shift()?.();
    expect(await before).toMatchObject({ allowed: true });
    await expect.poll(() => facts.held?.length).toBe(1);
    facts.held.shift()?.();
    expect(await after).toMatchObject({ allowed: false, denial: { cause: 'revoked' } });
  });

  it('row 72: a read that fails fails its own request, and those who wait read again', async () => {
    const { value } = await newToken({ tier: 'unlimited' });
    const { authenticator, facts } = watched(false);
    facts.failure = new StorageUnavailable('gone');
    expect(() => authenticator.decide(asking(value))).toThrow(StorageUnavailable);
    facts.failure = null;
    expect(await authenticator.decide(asking(value))).toMatchObject({ allowed: true });
  });

  it('reads the store for every decision when other processes may write to it', async () => {
    const { value } = await newToken({ tier: 'unlimited' });
    const { authenticator, facts } = watched(false);
    for (let asked = 0; asked < 3; asked++)
      expect(await authenticator.decide(asking(value))).toMatchObject({ allowed: true });
    expect(facts.reads).toBe(3);
    expect(authenticator.cachedTokens).toBe(0);
  });

  it('I1’: a process that has not heard of a new profile accepts nothing that it refuses, not even once', async () => {
    const old: Profile = { ...keyhouse, token: { ...keyhouse.token, prefix: 'old' } };
    const own = await testEngine({ profile: old });
    const wish = { externalId: 'a', workspace: 'o', may: ['servers:read'], token: { tier: 'unlimited' } };
    const { value } = await externalToken(own, wish);
    const { authenticator, facts } = watched(false, own);
    await own.asHost(applyProfile, { profile: { ...keyhouse }, allow_narrowing: true });
    facts.held = [];
    const late = authenticator.decide(asking(value));
    for (const answer of facts.held) answer();
    expect(await late).toMatchObject({ denial: { cause: 'foreign' } });
    await own.close();
  });

  it('a refused request spends nothing, whatever it is refused for', async () => {
    const { value } = await newToken({
      ip_allowlist: ['203.0.113.0/24'],
      limits: [{ name: 'day', limit: 2, seconds: 86_400 }],
    });
    const at = (more: Partial<Question>) => house.decide(value, { ip: '203.0.113.9', ...more });
    for (let asked = 0; asked < 5; asked++) {
      expect((await at({ allOf: ['servers:write'] })).allowed).toBe(false);
      expect((await at({ ip: '198.51.100.1' })).allowed).toBe(false);
      expect((await at({ environments: ['test'] })).allowed).toBe(false);
    }
    expect((await at({ allOf: [] })).limit?.remaining).toBe(1);
    expect((await at({ allOf: [] })).limit?.remaining).toBe(0);
    expect(await at({ allOf: [] })).toMatchObject({ denial: { reason: 'rate_limited' } });
  });

  it('row 64: a successor goes on in the limits of the token it replaces', async () => {
    const { id, value } = await newToken({ limits: [{ name: 'day', limit: 2, seconds: 86_400 }] });
    await house.decide(value, { allOf: [] });
    const { new_key } = await house.asHost(rotateToken, { id });
    expect((await house.decide(new_key.value as string, { allOf: [] })).limit?.remaining).toBe(0);
    expect(await house.decide(value, { allOf: [] })).toMatchObject({ denial: { reason: 'rate_limited' } });
  });
});

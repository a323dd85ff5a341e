import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenFacts } from '../authenticate/index.ts';
import { keyhouse, type Profile } from '../profile/index.ts';
import { rejectionOf } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { createServiceAccount, createToken, putOwner, rotateToken, updateToken } from './index.ts';

/**
 * Row 25 and peers §5 rows 2 and 3: whatever way a credential comes to be, it opens nothing that the one it was made with
 * does not open. Not the rules are asked but the door: every permission, from every address, now and later.
 */
const CATALOGUE = ['servers:read', 'servers:write', 'backups:read', 'backups:write'];
const MANAGEMENT = ['keyhouse-tokens:write', 'keyhouse-tokens:read', 'keyhouse-audit:read'];
const ADDRESSES = ['203.0.113.9', '203.0.113.200', '198.51.100.1', '2001:db8::1', null];
const HOUR_MS = 3_600_000;

const profile: Profile = {
  ...keyhouse,
  name: 'contained',
  catalogue: CATALOGUE.map((permission) => ({ permission, description: permission, operations: [] })),
};

const ENTRIES = [...CATALOGUE, 'servers:*', 'backups:*', ...MANAGEMENT, 'keyhouse-audit:*'];
const POWER = {
  ip_allowlist: fc.subarray(['203.0.113.0/24', '203.0.113.9', '198.51.100.0/24', '2001:db8::/32'], { minLength: 1 }),
  expires_in: fc.constantFrom('1h', '2h', '3h'),
  limits: fc.constantFrom(
    [{ name: 'hour', limit: 1_000, seconds: 3600 }],
    [{ name: 'minute', limit: 10, seconds: 60 }],
    [
      { name: 'hour', limit: 500, seconds: 3600 },
      { name: 'minute', limit: 50, seconds: 60 },
    ],
  ),
};

/** Wide, with a restriction now and then; narrow, with one missing now and then: both outcomes are frequent. */
const wide = wishOf(fc.subarray(ENTRIES, { minLength: 6 }), 6);
const narrow = wishOf(fc.subarray(ENTRIES, { maxLength: 3 }), 2);

function wishOf(permissions: fc.Arbitrary<string[]>, rarity: number) {
  const sometimes = <T>(arbitrary: fc.Arbitrary<T>, weight: number) =>
    fc.oneof({ weight, arbitrary }, { weight: rarity, arbitrary: fc.constant(undefined) });
  const grant = fc.oneof(
    { weight: 8, arbitrary: permissions.map((entries) => ({ permissions: entries })) },
    { weight: 1, arbitrary: fc.constant({ inherit: true as const }) },
  );
  const power = fc.record({
    ip_allowlist: sometimes(POWER.ip_allowlist, 8 - rarity),
    expires_in: sometimes(POWER.expires_in, 8 - rarity),
    limits: sometimes(POWER.limits, 8 - rarity),
  });
  return fc.tuple(grant, power).map(([one, other]): Wish => ({ ...one, ...withoutUndefined(other) }));
}

function withoutUndefined(value: object): Wish {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

type Wish = Record<string, unknown>;

describe('row 25: no credential opens more than the one it was made with', () => {
  let house: TestEngine;
  let ownerId: string;
  beforeAll(async () => {
    house = await testEngine({ profile });
    await house.asHost(putOwner, { external_id: 'x', workspace: { external_id: 'org' }, permissions: [] });
    const account = await house.asHost(createServiceAccount, {
      name: 'owner',
      workspace: { external_id: 'org' },
      permissions: ['servers:*', 'backups:*', ...MANAGEMENT, 'keyhouse-audit:*'],
    });
    ownerId = account.id;
  });
  afterAll(() => house.close());

  /** A token of the owner that may at least mint; null where the host itself may not make it so. */
  async function token(asked: Wish, atLeast: readonly string[] = []): Promise<Known | null> {
    const permissions = asked.permissions as string[] | undefined;
    const input = permissions === undefined ? asked : { ...asked, permissions: [...permissions, ...atLeast] };
    const made = await house
      .asHost(createToken, { name: 'x', owner: { id: ownerId }, limits: 'unlimited', ...input })
      .catch(refusedOnly);
    return made === null ? null : known(made.value as string, made.id);
  }

  interface Known {
    readonly id: string;
    readonly value: string;
    readonly opens: ReadonlySet<string>;
    readonly windows: TokenFacts['limits']['windows'];
  }

  /** Everything the door lets this value do. */
  async function known(value: string, id: string): Promise<Known> {
    const facts = (await house.engine.authenticator.find(value)) as TokenFacts;
    const opens = new Set<string>();
    const now = house.clock.now();
    for (const later of [0, 1.5 * HOUR_MS, 2.5 * HOUR_MS, 1_000 * HOUR_MS]) {
      house.clock.stepWall(later);
      for (const ip of ADDRESSES) {
        for (const permission of [...CATALOGUE, ...MANAGEMENT]) {
          const decision = await house.decide(value, { allOf: [permission], ip, cost: 0 });
          if (decision.allowed) opens.add(`${permission} from ${ip} in ${later}`);
        }
      }
      house.clock.stepWall(now - house.clock.now());
    }
    return { id, value, opens, windows: facts.limits.windows };
  }

  function expectWithin(child: Known, ...parents: Known[]): void {
    const beyond = [...child.opens].filter((one) => !parents.some((parent) => parent.opens.has(one)));
    expect(beyond).toEqual([]);
    expect(parents.some((parent) => isNoFaster(child.windows, parent.windows))).toBe(true);
  }

  const runs = { numRuns: 200 };

  it('creates', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(wide, narrow, async (parentWish, childWish) => {
        const parent = await token(parentWish, ['keyhouse-tokens:write']);
        if (parent === null) return;
        const ip = ADDRESSES.find((one) => parent.opens.has(`keyhouse-tokens:write from ${one} in 0`));
        if (ip === undefined) return;
        const made = await house
          .asBearer(parent.value, createToken, { name: 'child', ...childWish }, { ip: ip ?? null })
          .catch(refusedOnly);
        if (made === null) return;
        accepted += 1;
        expectWithin(await known(made.value as string, made.id), parent);
      }),
      runs,
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('changes', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(wide, narrow, narrow, async (parentWish, beforeWish, patch) => {
        const parent = await token(parentWish, ['keyhouse-tokens:write']);
        const before = await token(beforeWish);
        if (parent === null || before === null) return;
        const ip = ADDRESSES.find((one) => parent.opens.has(`keyhouse-tokens:write from ${one} in 0`));
        if (ip === undefined) return;
        const changed = await house
          .asBearer(parent.value, updateToken, { id: before.id, ...patch }, { ip: ip ?? null })
          .catch(refusedOnly);
        if (changed === null) return;
        accepted += 1;
        expectWithin(await known(before.value, before.id), parent, before);
      }),
      runs,
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('rotates', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(wide, narrow, async (parentWish, otherWish) => {
        const parent = await token(parentWish, ['keyhouse-tokens:write']);
        const other = await token(otherWish);
        if (parent === null || other === null) return;
        const ip = ADDRESSES.find((one) => parent.opens.has(`keyhouse-tokens:write from ${one} in 0`));
        if (ip === undefined) return;
        const rotated = await house
          .asBearer(parent.value, rotateToken, { id: other.id }, { ip: ip ?? null })
          .catch(refusedOnly);
        if (rotated === null) return;
        accepted += 1;
        expectWithin(await known(rotated.new_key.value as string, rotated.new_key.id), parent);
      }),
      runs,
    );
    expect(accepted).toBeGreaterThan(20);
  });

  it('and refuses in words that name the dimension, storing nothing', async () => {
    const parent = (await token(
      {
        permissions: ['servers:read'],
        ip_allowlist: ['203.0.113.0/24'],
        expires_in: '1h',
        limits: [{ name: 'hour', limit: 100, seconds: 3600 }],
      },
      ['keyhouse-tokens:write'],
    )) as Known;
    const fine = {
      permissions: ['servers:read'],
      ip_allowlist: ['203.0.113.9'],
      expires_in: '30m',
      limits: [{ name: 'hour', limit: 10, seconds: 3600 }],
    };
    const attempt = (input: object) =>
      house.asBearer(parent.value, createToken, { name: 'x', ...fine, ...input }, { ip: '203.0.113.9' });
    await attempt({});
    const newest = await house.engine.store.changeFeed.newest();
    for (const [dimension, input] of [
      ['permissions', { permissions: ['servers:*'] }],
      ['ip_allowlist', { ip_allowlist: null }],
      ['ip_allowlist', { ip_allowlist: ['203.0.112.0/23'] }],
      ['expires_at', { expires_in: '61m' }],
      ['expires_at', { expires_in: undefined }],
      ['limits', { limits: 'unlimited' }],
      ['limits', { limits: [{ name: 'minute', limit: 10, seconds: 60 }] }],
      ['environment', { environment: 'test' }],
    ] as const) {
      const { code, problems } = await rejectionOf(attempt(input));
      expect(code, JSON.stringify(input)).toBe('exceeds_creator');
      expect(problems.map((one) => one.path)).toContain(dimension);
    }
    expect(await house.engine.store.changeFeed.newest()).toBe(newest);
  });
});

/** null for what was refused; anything else that goes wrong fails the test. */
function refusedOnly(error: { code?: string; reason?: string }): null {
  if (['exceeds_creator', 'insufficient_permissions', 'invalid_input'].includes(error.code ?? '')) return null;
  throw error;
}

/** Whether keeping the child's windows keeps the parent's: counted out second by second for the most there can be. */
function isNoFaster(child: TokenFacts['limits']['windows'], parent: TokenFacts['limits']['windows']): boolean {
  if (parent === 'unlimited') return true;
  if (child === 'unlimited') return false;
  return parent.every(({ limit, seconds }) => {
    const most = child.map((window) => {
      let count = 0;
      for (let second = 0; second < seconds; second += window.seconds) count += window.limit;
      return count;
    });
    return Math.min(...most) <= limit;
  });
}

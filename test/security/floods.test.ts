/** Prevents that texts which are no tokens cost more than they must, or hold up those that are. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createToken, localCaller, perform } from '../../src/manage/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { externalToken } from '../../src/testing/cast.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { RANDOM_LENGTH } from '../../src/token/format.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { type House, openHouse } from '../http/house.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';
import { countHashes } from './count-hashes.ts';

let house: House;
let lookups: { readonly mock: { readonly calls: readonly unknown[] }; mockClear(): unknown };
beforeAll(async () => {
  house = await openHouse();
  lookups = vi.spyOn(house.engine.store.facts, 'findByDigest');
});
afterAll(() => house.close());

const unknownToken = () => generateToken(keyhouse.token, 'token', 'live', systemRandom);
const ask = (token: string, peer = '203.0.113.9') => house.ask({ target: '/v1/auth/test', token, peer });
const reads = () => lookups.mock.calls.length;

/** Each in a wave of a hundred, as a hundred connections send them. */
async function inWaves<T>(count: number, send: () => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  while (answers.length < count) answers.push(...(await Promise.all(Array.from({ length: 100 }, send))));
  return answers;
}

describe('row 10: a text that is no token of ours', () => {
  it('is refused without a hash and without a look into the store, whatever stands in it', async () => {
    const near = fc.stringMatching(/^(?:kh|KH|ｋh|kx)_(?:live|test|Live|l)?_?[0-9A-Za-z%а ]{0,40}$/u);
    const { authenticator } = house.engine;
    lookups.mockClear();
    const hashes = await countHashes(() =>
      fc.assert(
        fc.property(fc.oneof(near, fc.string(), fc.string({ unit: 'binary' })), (text) => {
          const credential = { found: 'text', text } as const;
          const asked = { environments: ['live', 'test'], ip: null, allOf: [], anyOf: [], cost: 1 } as const;
          expect(authenticator.decide({ credential, ...asked })).toMatchObject({
            allowed: false,
            denial: { reason: 'invalid_token' },
            facts: null,
          });
        }),
        { numRuns: 5_000 },
      ),
    );
    expect([hashes, reads()]).toEqual([0, 0]);
  });
});

describe('row 12: a flood of wrong checksums', () => {
  it('costs no hash and no look into the store, and each gets the same answer', async () => {
    const last = { 0: '1' } as Readonly<Record<string, string>>;
    const mistyped = () => {
      const value = unknownToken();
      return value.slice(0, -1) + (last[value.slice(-1)] ?? '0');
    };
    const wrong = Array.from({ length: 5_000 }, mistyped).values();
    lookups.mockClear();
    let answers: Awaited<ReturnType<typeof ask>>[] = [];
    const hashes = await countHashes(async () => {
      answers = await inWaves(5_000, () => ask(wrong.next().value as string));
    });
    expect([hashes, reads()]).toEqual([0, 0]);
    const plain = answers.map((answer) => JSON.stringify(answer).replaceAll(/req_\w+/g, 'req'));
    expect(new Set(plain).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    expect(house.engine.authenticator.pressure.failureSources, 'nobody is charged for it').toBe(0);
  });

  it('is what counting hashes can see: a right checksum costs two of them', async () => {
    const value = unknownToken();
    expect(await countHashes(() => ask(value, '192.0.2.1'))).toBe(2);
  });
});

describe('row 70: a flood of tokens that nobody has', () => {
  it('is looked up once for each text, however often it comes', async () => {
    const value = unknownToken();
    lookups.mockClear();
    for (let sent = 0; sent < 500; sent++) expect((await ask(value, '192.0.2.2')).status).toBe(401);
    expect(reads()).toBe(1);
  });

  it('is told to come back, in the words of the profile, when it comes faster than it is looked up', async () => {
    const { value } = await house.mint({ tier: 'unlimited' });
    expect((await ask(value)).status).toBe(200);
    const sent = Array.from({ length: 1_500 }, () => ask(unknownToken()));
    const cached = await ask(value);
    expect(cached.status, 'a token in use is answered as ever').toBe(200);
    const answers = await Promise.all(sent);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
    expect(refused.length).toBeGreaterThan(1_000);
    expect(house.engine.authenticator.pressure).toMatchObject({ waiting: 0, turnedAway: refused.length });
    expect(refused[0]?.headers).toMatchObject({ 'Retry-After': '1' });
    expect(refused[0]?.headers).not.toHaveProperty('WWW-Authenticate');
    expect(refused[0]?.json).toMatchObject({ code: 'rate_limited', retry_after: 1 });
    expect(refused[0]?.json.detail).toMatch(/Too many values that are no token came from where this one comes from/);
    expect((await ask(unknownToken(), '198.51.100.1')).status, 'from elsewhere').toBe(401);
  });
});

describe('row 71: whoever shares an address with a flood', () => {
  it('gets in with a token that was never used before', async () => {
    const { value } = await house.mint({ tier: 'unlimited' });
    const failed = await inWaves(10_000, () => ask(unknownToken(), '192.0.2.3'));
    expect(failed.every(({ status }) => status === 401)).toBe(true);
    expect((await ask(value, '192.0.2.3')).status).toBe(200);
  });

  it('is another one in another /64, and the same one within', async () => {
    const sources = () => house.engine.authenticator.pressure.failureSources;
    const before = sources();
    for (const address of ['2001:db8:0:7::1', '2001:db8:0:7::2', '2001:db8:0:7:ffff:ffff:ffff:ffff']) {
      await ask(unknownToken(), address);
    }
    expect(sources() - before).toBe(1);
    await ask(unknownToken(), '2001:db8:0:8::1');
    expect(sources() - before).toBe(2);
  });

  it('is not the door that asks for its clients: failures are theirs, and the door’s where it names no address', async () => {
    const { value: door } = await house.mint({ permissions: ['keyhouse-tokens:verify'], tier: 'unlimited' });
    const verify = (more: object) =>
      house.ask({
        method: 'POST',
        target: '/v1/tokens/verify',
        token: door,
        peer: '192.0.2.80',
        body: { token: unknownToken(), all_of: [], ...more },
      });
    const sources = () => house.engine.authenticator.pressure.failureSources;
    const before = sources();
    for (const ip of ['198.51.100.7', '198.51.100.8', '198.51.100.8']) {
      expect((await verify({ ip })).json.code).toBe('invalid_token');
    }
    expect(sources() - before).toBe(2);
    await inWaves(200, () => verify({}));
    expect(sources() - before).toBe(3);
    const { value } = await house.mint({ tier: 'unlimited' });
    expect((await ask(value, '192.0.2.80')).status).toBe(200);
  });
});

describe('row 70: introspection of a flood', () => {
  it('says of no token that it is not active without having looked', async () => {
    const { value: client } = await house.mint({ permissions: ['keyhouse-tokens:verify'], tier: 'unlimited' });
    const introspect = (token: string) =>
      house.ask({
        method: 'POST',
        target: '/oauth/introspect',
        token: client,
        headers: ['Content-Type', 'application/x-www-form-urlencoded'],
        body: `token=${token}`,
      });
    const answers = await Promise.all(Array.from({ length: 600 }, () => introspect(unknownToken())));
    const looked = answers.filter(({ status }) => status === 200);
    expect(looked.every(({ json }) => json.active === false)).toBe(true);
    const others = answers.filter(({ status }) => status !== 200);
    expect(others.length).toBeGreaterThan(0);
    for (const { status, json, headers } of others) {
      expect([status, json.error]).toEqual([503, 'temporarily_unavailable']);
      expect(headers['Retry-After']).toMatch(/^\d+$/);
    }
    const { value } = await house.mint({ tier: 'unlimited' });
    expect((await introspect(value)).json).toMatchObject({ active: true });
    expect(house.faults).toEqual([]);
  });
});

describe('row 65: a text that was unknown a moment ago', () => {
  it('is a token from the moment its creation is answered', async () => {
    const host = localCaller('host', { ip: null, requestId: 'req_65', idempotencyKey: null });
    for (let round = 0; round < 20; round++) {
      const drawn = systemRandom.bytes(RANDOM_LENGTH).map((byte) => byte % 62);
      const random = {
        bytes: (count: number) => (count === RANDOM_LENGTH ? drawn : systemRandom.bytes(count)),
      };
      const value = generateToken(keyhouse.token, 'token', 'live', random);
      expect((await ask(value, '192.0.2.65')).status).toBe(401);
      const made = await perform(createToken, { ...house.engine, random }, host, {
        name: 'just made',
        permissions: [],
        owner: { external_id: 'user-42' },
      });
      expect(made.value).toBe(value);
      expect((await ask(value, '192.0.2.65')).status).toBe(200);
    }
  });
});

suiteNeeding('postgresql', 'on PostgreSQL, where nothing is cached', () => {
  it('rows 70 and 71: a flood takes a few connections, and everybody else goes on as before', async () => {
    const database = await requireDatabase();
    const own = await testEngine({ databaseUrl: database.url });
    const { value } = await externalToken(own, {
      externalId: 'a',
      workspace: 'o',
      may: ['servers:read'],
      token: { tier: 'unlimited' },
    });
    const { value: fresh } = await externalToken(own, {
      externalId: 'b',
      workspace: 'o',
      may: ['servers:read'],
      token: { tier: 'unlimited' },
    });
    const flooded = { ip: '203.0.113.9' };
    expect(await own.verdict(value, [], flooded)).toBe('ok');
    await Promise.all(Array.from({ length: 100 }, () => own.verdict(unknownToken(), [], flooded)));
    // On a slow machine some may not have their turn in time: they hear that there is no answer.
    const flood = Array.from({ length: 1_000 }, () =>
      own.verdict(unknownToken(), [], flooded).catch(() => 'no answer'),
    );
    const { authenticator } = own.engine;
    expect(authenticator.lookupsUnderWay, 'none in the turn that asks').toBe(0);
    const others = [
      own.verdict(value, [], flooded),
      own.verdict(fresh, [], { ip: '198.51.100.1' }),
      own.verdict(value, [], { ip: null }),
    ];
    expect(authenticator.lookupsUnderWay).toBeLessThanOrEqual(others.length);
    expect(await Promise.all(others)).toEqual(['ok', 'ok', 'ok']);
    const verdicts = await Promise.all(flood);
    expect(verdicts.filter((verdict) => verdict === 'rate_limited').length).toBe(1_000 - 256 - 4);
    expect(new Set(verdicts)).not.toContain('ok');
    expect(authenticator.pressure.unknownTexts, 'nothing is taken for unknown here').toBe(0);
    expect(await own.verdict(fresh, [], flooded), 'in its turn').toBe('ok');
    await own.close();
    await database.drop();
  });
});

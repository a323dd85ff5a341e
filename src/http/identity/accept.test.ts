import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLIENT,
  decoded,
  encoded,
  made,
  openSigningHouse,
  PROXY,
  privateKeyOf,
  type SigningHouse,
  strangerEc,
  strangerEd25519,
  strangerRsa,
} from '../../../test/http/signing-house.ts';
import { localCaller, revokeToken, updateToken } from '../../manage/index.ts';
import { rotateIdentityKey } from '../../stores/data-folder/index.ts';
import { systemRandom } from '../../token/index.ts';

type Json = Record<string, unknown>;
type Header = Json & { readonly kid: string };
type Claims = Json & { readonly iat: number; readonly exp: number };

let house: SigningHouse;
let token: { id: string; value: string };
beforeAll(async () => {
  house = await openSigningHouse();
});
afterAll(() => house?.close());

const mint = async (input: Record<string, unknown> = {}) => (token = await house.mint(input));

describe('a door behind another', () => {
  it('charges a request once, whichever way it came, and replays of its identity again (row 46)', async () => {
    await mint();
    const identity = await house.signed(token.value);
    expect(await house.remaining(token.value, identity)).toBe(999);
    expect(await house.remaining(token.value, identity)).toBe(998);
    expect(await house.remaining(token.value, null)).toBe(997);
  });

  it('lets a request pass that took the last of the limit in front, once', async () => {
    await mint();
    for (let left = 99; left > 0; left--) await house.remaining(token.value, null);
    const identity = await house.signed(token.value);
    expect(await house.remaining(token.value, identity)).toBe(900);
    expect(await house.remaining(token.value, identity)).toBeNull();
  });

  it('row 46: charges for what it has signed itself about a request that it did not charge', async () => {
    await mint();
    let identity = await house.signed(token.value);
    for (let round = 0; round < 3; round++) {
      const about = ['X-Forwarded-Method', 'GET', 'X-Forwarded-Uri', '/v1/auth/test', 'X-Forwarded-For', CLIENT];
      const headers = [...about, 'Keyhouse-Identity', identity];
      const answer = await house.ask({ target: '/forward-auth', token: token.value, headers, peer: PROXY });
      identity = answer.headers['Keyhouse-Identity'] ?? '';
    }
    // The first was charged, the second was spared, the third was not, the fourth was spared.
    expect(await house.remaining(token.value, null)).toBe(1_000 - 2 - 1);
  });

  it('lets only one of several pass free that come with the same identity at the same time', async () => {
    await mint();
    const identity = await house.signed(token.value);
    await Promise.all(Array.from({ length: 8 }, () => house.remaining(token.value, identity)));
    expect(await house.remaining(token.value, null)).toBe(999 - 7 - 1);
  });

  it('charges what the identity says nothing about', async () => {
    await mint();
    const other = await house.mint({ name: 'other' });
    const cases: [string, () => Promise<number | null>][] = [
      ['another method', async () => house.remaining(token.value, await house.signed(token.value, { method: 'POST' }))],
      [
        'another path',
        async () => house.remaining(token.value, await house.signed(token.value, { uri: '/v1/servers' })),
      ],
      [
        'another address',
        async () => house.remaining(token.value, await house.signed(token.value, { ip: '203.0.113.8' })),
      ],
      ['another token', async () => house.remaining(token.value, await house.signed(other.value))],
      [
        'less than it costs here',
        async () =>
          house.remaining(token.value, await house.signed(token.value, { uri: '/v1/cheap' }), {
            target: '/v1/auth/test',
          }),
      ],
      [
        'a peer that is no trusted proxy',
        async () => house.remaining(token.value, await house.signed(token.value), { peer: CLIENT }),
      ],
      [
        'two of them',
        async () => {
          const identity = await house.signed(token.value);
          return house.remaining(token.value, identity, { headers: ['keyhouse-identity', identity] });
        },
      ],
      [
        'one under another name',
        async () =>
          house.remaining(token.value, null, { headers: ['Keyhouse_Identity', await house.signed(token.value)] }),
      ],
    ];
    for (const [name, ask] of cases) {
      const before = (await house.remaining(token.value, null)) ?? 0;
      const isFreeInFront = name === 'another token' || name === 'less than it costs here';
      expect(await ask(), name).toBe(before - (isFreeInFront ? 1 : 2));
    }
  });

  it('judges token, permission and address again', async () => {
    await mint({ ip_allowlist: [CLIENT] });
    const passes = async (change: () => Promise<unknown>) => {
      const identity = await house.signed(token.value);
      await change();
      return house.remaining(token.value, identity);
    };
    const operator = localCaller('operator', { ip: null, requestId: 'req_1', idempotencyKey: null });
    const { engine } = house.parts;
    const allow = (ip: string) => engine.perform(updateToken, operator, { id: token.id, ip_allowlist: [ip] });
    expect(await passes(async () => {})).toBe(999);
    expect(await passes(() => allow('198.51.100.1'))).toBeNull();
    await allow(CLIENT);
    expect(await passes(() => engine.perform(revokeToken, operator, { id: token.id }))).toBeNull();
  });

  it('knows a key as long as what it signed holds, and one that somebody else knows no more', async () => {
    await mint();
    const before = await house.signed(token.value);
    const free = async (identity: string) => {
      const left = (await house.remaining(token.value, null)) ?? 0;
      return (await house.remaining(token.value, identity)) === left;
    };
    const kid = () => house.keys().map((key) => key.kid);
    const [first] = kid();
    rotateIdentityKey(house.folder, house.time.now, systemRandom, false);
    expect(kid()).toEqual([first, expect.any(String)]);
    expect(await free(before)).toBe(true);
    expect(decoded((await house.signed(token.value)).split('.')[0] ?? '')).toMatchObject({ kid: first });
    house.time.now += 5 * 60_000;
    const after = await house.signed(token.value);
    expect(decoded(after.split('.')[0] ?? '')).toMatchObject({ kid: kid()[1] });
    expect(await free(after)).toBe(true);
    const stolen = await house.signed(token.value);
    rotateIdentityKey(house.folder, house.time.now, systemRandom, true);
    expect(await free(stolen)).toBe(false);
    expect(await free(await house.signed(token.value))).toBe(true);
  });
});

describe('row 100i: forged identities', () => {
  it('are charged, every one of them, and refuse nobody', async () => {
    let number = 0;
    for (const [name, forge] of FORGERIES) {
      await mint();
      const identity = await house.signed(token.value);
      const [head = '', body = '', signature = ''] = identity.split('.');
      const key = privateKeyOf(house.keys().at(-1) as Parameters<typeof privateKeyOf>[0]);
      const header = decoded(head) as Header;
      const claims: Json = { ...decoded(body), jti: `req_forged_${number++}` };
      const forged = forge({ identity, header, claims: claims as Claims, key, head, body, signature });
      expect(await house.remaining(token.value, forged), name).toBe(998);
    }
    expect(FORGERIES.length).toBeGreaterThanOrEqual(30);
  });

  it('would pass if they were true: the same hand makes one that is believed', async () => {
    await mint();
    const [head = '', body = ''] = (await house.signed(token.value)).split('.');
    const key = privateKeyOf(house.keys().at(-1) as Parameters<typeof privateKeyOf>[0]);
    expect(await house.remaining(token.value, made(decoded(head), { ...decoded(body), jti: 'req_true' }, key))).toBe(
      999,
    );
  });
});

interface Original {
  readonly identity: string;
  readonly header: Header;
  readonly claims: Claims;
  readonly key: ReturnType<typeof privateKeyOf>;
  readonly head: string;
  readonly body: string;
  readonly signature: string;
}

const withHeader = (change: Json) => (it: Original) => made({ ...it.header, ...change }, it.claims, it.key);
const withClaims = (change: (claims: Claims) => Json) => (it: Original) =>
  made(it.header, { ...it.claims, ...change(it.claims) }, it.key);
const without = (record: Json, name: string) =>
  Object.fromEntries(Object.entries(record).filter(([one]) => one !== name));
const at = ({ iat }: Claims) => iat;

const FORGERIES: readonly [string, (original: Original) => string][] = [
  ['nothing', () => ''],
  ['no token', () => 'forged'],
  ['too long', () => 'e'.repeat(8_193)],
  ['alg none', (it) => made({ ...it.header, alg: 'none' }, it.claims, null)],
  ['alg None', (it) => made({ ...it.header, alg: 'None' }, it.claims, null)],
  ['alg none with the signature', (it) => `${encoded({ ...it.header, alg: 'none' })}.${it.body}.${it.signature}`],
  ['no signature', (it) => `${it.head}.${it.body}.`],
  ['two parts', (it) => `${it.head}.${it.body}`],
  ['five parts', (it) => `${it.identity}.x.y`],
  [
    'HMAC with the public key as its secret',
    (it) => made({ ...it.header, alg: 'HS256' }, it.claims, house.keys()[0]?.x ?? ''),
  ],
  ['HMAC with the key id as its secret', (it) => made({ ...it.header, alg: 'HS256' }, it.claims, it.header.kid)],
  ['RS256', (it) => made({ ...it.header, alg: 'RS256' }, it.claims, strangerRsa)],
  ['PS256', (it) => made({ ...it.header, alg: 'PS256' }, it.claims, strangerRsa)],
  ['ES256', (it) => made({ ...it.header, alg: 'ES256' }, it.claims, strangerEc)],
  ['Ed448', withHeader({ alg: 'Ed448' })],
  ['alg in small letters', withHeader({ alg: 'eddsa' })],
  ['a stranger as a known key', (it) => made(it.header, it.claims, strangerEd25519)],
  ['an unknown key', (it) => made({ ...it.header, kid: 'unknown' }, it.claims, strangerEd25519)],
  ['a path as the key', (it) => made({ ...it.header, kid: '../../../../dev/null' }, it.claims, strangerEd25519)],
  ['no key id', (it) => made(without(it.header, 'kid'), it.claims, it.key)],
  [
    'a key in the token',
    (it) => made({ ...it.header, jwk: strangerEd25519.export({ format: 'jwk' }) }, it.claims, strangerEd25519),
  ],
  ['jku', withHeader({ jku: 'https://keys.example.com/jwks.json' })],
  ['x5u', withHeader({ x5u: 'https://keys.example.com/chain.pem' })],
  ['x5c', withHeader({ x5c: ['MIIB'] })],
  ['a critical extension', withHeader({ crit: ['exp'], exp: 1 })],
  ['an unencoded body', withHeader({ crit: ['b64'], b64: false })],
  ['no type', (it) => made(without(it.header, 'typ'), it.claims, it.key)],
  ['the type of an access token', withHeader({ typ: 'at+jwt' })],
  ['the type of any token', withHeader({ typ: 'JWT' })],
  ['another audience', withClaims(() => ({ aud: 'https://other.example.com' }))],
  ['two audiences', withClaims(({ aud }) => ({ aud: [aud, 'https://other.example.com'] }))],
  ['no audience', (it) => made(it.header, without(it.claims, 'aud'), it.key)],
  ['another issuer', withClaims(() => ({ iss: 'somebody' }))],
  ['no issuer', (it) => made(it.header, without(it.claims, 'iss'), it.key)],
  ['expired', withClaims((claims) => ({ iat: at(claims) - 60, nbf: at(claims) - 60, exp: at(claims) - 30 }))],
  ['from long ago, to hold for long', withClaims((claims) => ({ iat: at(claims) - 3_600, exp: at(claims) + 30 }))],
  ['holding for longer', withClaims((claims) => ({ exp: at(claims) + 31 }))],
  ['from the future', withClaims((claims) => ({ iat: at(claims) + 60, nbf: at(claims) + 60, exp: at(claims) + 90 }))],
  ['not before later', withClaims((claims) => ({ nbf: at(claims) + 20 }))],
  ['without an end', (it) => made(it.header, without(it.claims, 'exp'), it.key)],
  ['an end that is text', withClaims((claims) => ({ exp: String(claims.exp) }))],
  ['without an id', (it) => made(it.header, without(it.claims, 'jti'), it.key)],
  ['an id without end', withClaims(() => ({ jti: 'r'.repeat(65) }))],
  ['an id that is a number', withClaims(() => ({ jti: 1 }))],
  ['without a token', (it) => made(it.header, without(it.claims, 'token'), it.key)],
  ['another token', withClaims(() => ({ token: 'tok_another0000000000000' }))],
  ['no path', withClaims(() => ({ path: null }))],
  ['a path in another spelling', withClaims(() => ({ path: '/v1/auth/Test' }))],
  ['the query too', withClaims(() => ({ path: '/v1/auth/test?' }))],
  ['a method in small letters', withClaims(() => ({ method: 'get' }))],
  ['no address', withClaims(() => ({ client_ip: null }))],
  ['no cost', (it) => made(it.header, without(it.claims, 'cost'), it.key)],
  ['a cost of nothing', withClaims(() => ({ cost: 0 }))],
  ['a cost that is text', withClaims(() => ({ cost: '1' }))],
  ['changed claims', (it) => `${it.head}.${encoded({ ...it.claims, token: 'tok_x' })}.${it.signature}`],
  ['claims that are a list', (it) => made(it.header, [], it.key)],
  ['claims that are no JSON', (it) => made(it.header, '{"aud":', it.key)],
  ['a header that is no JSON', (it) => `${encoded('{')}.${it.body}.${it.signature}`],
  ['a signature cut short', (it) => `${it.head}.${it.body}.${it.signature.slice(0, -4)}`],
  ['blanks inside', (it) => it.identity.replace('.', ' .')],
];

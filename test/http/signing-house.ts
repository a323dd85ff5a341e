import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptIdentities, type KeyLookup, localKeys, signIdentities } from '../../src/http/identity/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { deployerp, type Profile } from '../../src/profile/index.ts';
import { ensureIdentityKey, type IdentityKey, IdentityKeys } from '../../src/stores/data-folder/index.ts';
import { systemRandom } from '../../src/token/index.ts';
import { type House, openHouse } from './house.ts';

export const AUDIENCE = 'https://api.example.com';
export const ISSUER = 'keyhouse';
export const PROXY = '127.0.0.1';
export const CLIENT = '203.0.113.9';

const rule = { permissions: ['servers:read'], environment: 'live', cost: 1 } as const;
export const PROFILE: Profile = {
  ...deployerp,
  routes: [
    { ...rule, methods: ['GET', 'POST'], path: '/v1/auth/test' },
    { ...rule, methods: ['GET'], path: '/v1/cheap', cost: 0 },
    { ...rule, methods: ['GET'], path: '/v1/servers/**' },
  ],
};

/** A house that signs at `/forward-auth`, and believes what it signed at every door. */
export interface SigningHouse extends House {
  readonly folder: string;
  readonly keys: () => readonly IdentityKey[];
  /** The identity of a request that a proxy asks about. */
  signed(token: string, about?: { method?: string; uri?: string; ip?: string }): Promise<string>;
  /** What is left of the hour's limit after this request, which a proxy passes on; null when it was refused. */
  remaining(token: string, identity: string | null, how?: Partial<Passed>): Promise<number | null>;
}

export interface Passed {
  readonly method: string;
  readonly target: string;
  readonly ip: string;
  readonly peer: string;
  readonly headers: readonly string[];
}

export async function openSigningHouse(lookup: KeyLookup | null = null, idsMax?: number): Promise<SigningHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-identity-'));
  const proxies = parseIpAllowlist([PROXY]);
  if (!proxies.ok) throw new Error('this is an address');
  const keys = new IdentityKeys(folder);
  const current = () => keys.current();
  const house = await openHouse(PROFILE, ({ engine: { clock } }) => {
    ensureIdentityKey(folder, clock.now(), systemRandom);
    return {
      trust: { trustedProxies: proxies.list, header: 'x-forwarded-for' },
      forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
      identity: {
        keys: current,
        sign: signIdentities({ audience: AUDIENCE, issuer: ISSUER, keys: current }),
        accept: acceptIdentities({
          audience: AUDIENCE,
          issuer: ISSUER,
          keys: lookup ?? localKeys(current, clock),
          clock,
          ...(idsMax !== undefined && { idsMax }),
        }),
      },
    };
  });
  return {
    ...house,
    folder,
    keys: current,
    async signed(token, { method = 'GET', uri = '/v1/auth/test', ip = CLIENT } = {}) {
      const headers = ['X-Forwarded-Method', method, 'X-Forwarded-Uri', uri, 'X-Forwarded-For', ip];
      const answer = await house.ask({ target: '/forward-auth', token, headers, peer: PROXY });
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
      return answer.headers['Keyhouse-Identity'] ?? '';
    },
    async remaining(token, identity, how = {}) {
      const { method = 'GET', target = '/v1/auth/test', ip = CLIENT, peer = PROXY, headers = [] } = how;
      const answer = await house.ask({
        ...{ method, target, token, peer },
        headers: ['X-Forwarded-For', ip, ...(identity === null ? [] : ['Keyhouse-Identity', identity]), ...headers],
      });
      return answer.status === 200 ? Number(answer.headers['X-RateLimit-Remaining']) : null;
    },
    async close() {
      await house.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

export function decoded(part: string): Json {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

export function encoded(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** A token of any header and claims, signed with any key or none. */
export function made(header: unknown, claims: unknown, key: KeyObject | string | null): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  if (key === null) return `${text}.`;
  const signature =
    typeof key === 'string'
      ? createHmac('sha256', key).update(text).digest()
      : sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', Buffer.from(text), key);
  return `${text}.${signature.toString('base64url')}`;
}

export function privateKeyOf({ x, d }: IdentityKey): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', x, d }, format: 'jwk' });
}

export const strangerEd25519 = generateKeyPairSync('ed25519').privateKey;
export const strangerRsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
export const strangerEc = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

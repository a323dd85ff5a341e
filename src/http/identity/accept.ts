import { jwtVerify } from 'jose';
import { IDENTITY_LIFE_SECONDS, IDENTITY_SKEW_SECONDS } from '../../policy/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { Bearing, SignedIdentities } from '../signed-identity.ts';
import { ALGORITHM, IDENTITY_TYPE, type IdentityClaims } from './claims.ts';
import type { KeyLookup } from './key-lookup.ts';
import { SpentIds } from './spent-ids.ts';

export interface AcceptanceOptions {
  /** What this door is called in the identities that are meant for it. */
  readonly audience: string;
  readonly issuer: string;
  readonly keys: KeyLookup;
  readonly clock: Clock;
  /** How many requests are remembered at once; further ones are charged; each spared request takes two. Default 200,000, about 20 MiB. */
  readonly idsMax?: number;
}

/** Longer than any identity of ours. */
const CHARACTERS_MAX = 8_192;
const ID_CHARACTERS_MAX = 64;
const HEADER = ['alg', 'kid', 'typ'];

/**
 * Takes an identity for what it says: signed by a known key with EdDSA, of our type, for this door alone, now, about this very
 * request, not seen before (RFC 8725), and not signed here about a request that was spared. Whatever is wrong with it, it is as if it were not there.
 */
export function acceptIdentities({
  audience,
  issuer,
  keys,
  clock,
  idsMax = 200_000,
}: AcceptanceOptions): NonNullable<SignedIdentities['accept']> {
  const keptMs = (IDENTITY_LIFE_SECONDS + 2 * IDENTITY_SKEW_SECONDS) * 1_000;
  const spent = new SpentIds(clock, { keptMs, idsMax });
  return async (text, bearing) => {
    if (text.length > CHARACTERS_MAX) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(text, keys, {
        algorithms: [ALGORITHM],
        typ: IDENTITY_TYPE,
        audience,
        issuer,
        requiredClaims: ['jti', 'nbf', 'exp'],
        maxTokenAge: IDENTITY_LIFE_SECONDS,
        clockTolerance: IDENTITY_SKEW_SECONDS,
        currentDate: new Date(clock.now()),
      });
      const { aud, jti, iat = 0, exp = Infinity, token } = payload;
      const isOurs =
        Object.keys(protectedHeader).every((name) => HEADER.includes(name)) &&
        aud === audience &&
        exp - iat <= IDENTITY_LIFE_SECONDS &&
        isAbout(payload, bearing);
      if (!isOurs || typeof token !== 'string' || typeof jti !== 'string') return null;
      if (jti.length > ID_CHARACTERS_MAX || !spent.spend(jti)) return null;
      // A door that also signs for itself would spare the next request for the identity of this one, and so on for ever.
      return bearing.requestId === null || spent.spend(bearing.requestId) ? token : null;
    } catch {
      // Not ours, or its key is not known: the request is charged like any other.
      return null;
    }
  };
}

/** An address that is not known is nobody's. */
function isAbout(claims: Claims, { method, path, ip, cost }: Bearing): boolean {
  return (
    ip !== null &&
    claims.method === method &&
    claims.path === path &&
    claims.client_ip === ip &&
    typeof claims.cost === 'number' &&
    claims.cost >= cost
  );
}

type Claims = Readonly<Partial<Record<keyof IdentityClaims, unknown>>>;

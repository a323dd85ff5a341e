import { createRemoteJWKSet, errors, importJWK, type JWTVerifyGetKey } from 'jose';
import { publishedKeys } from '../../policy/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { PublicIdentityKey } from '../signed-identity.ts';
import { ALGORITHM } from './claims.ts';

/** Finds the key that a token names. It rejects where there is no such key. */
export type KeyLookup = JWTVerifyGetKey;

const FETCH_MS = 1_000;
/** A key set is fetched again after so long, as its own answer says. */
const FRESH_MS = 60_000;
/** Where a key set cannot be fetched, requests are charged and not kept waiting. */
const PAUSE_MS = 5_000;

/** Keys of this installation. */
export function localKeys(keys: () => readonly PublicIdentityKey[], clock: Pick<Clock, 'now'>): KeyLookup {
  const imported = new Map<string, ReturnType<typeof importJWK>>();
  return async ({ kid }) => {
    const published = publishedKeys(keys(), clock.now());
    const key = published.find((one) => one.kid === kid);
    if (key === undefined) throw new errors.JWKSNoMatchingKey();
    const held = imported.get(key.kid) ?? importJWK({ kty: 'OKP', crv: 'Ed25519', x: key.x }, ALGORITHM);
    if (imported.size > published.length) imported.clear();
    imported.set(key.kid, held);
    return (await held) as Awaited<ReturnType<KeyLookup>>;
  };
}

/** Keys that another installation publishes at this address. */
export function remoteKeys(url: URL, clock: Pick<Clock, 'monotonic'>): KeyLookup {
  const fetched = createRemoteJWKSet(url, { timeoutDuration: FETCH_MS, cacheMaxAge: FRESH_MS });
  let pausedUntil = 0;
  return async (header, token) => {
    if (typeof header.kid !== 'string' || clock.monotonic() < pausedUntil) throw new errors.JWKSNoMatchingKey();
    try {
      return await fetched(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) pausedUntil = clock.monotonic() + PAUSE_MS;
      throw error;
    }
  };
}

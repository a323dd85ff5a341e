import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/** The peppers in force by version; new digests are made with `current`, older ones only verify. */
export interface PepperRing {
  readonly current: number;
  readonly versions: ReadonlyMap<number, Uint8Array>;
}

/** Preparing a key costs seven times the HMAC of a token, so each pepper is prepared once. */
const preparedKeys = new WeakMap<Uint8Array, KeyObject>();

/**
 * What the store keeps instead of a token: HMAC-SHA-256 of the exact text, base64url. The text is never decoded, trimmed
 * or folded first: base64url, for one, spells the same bytes in several ways. A pepper must not be altered after its
 * first use.
 */
export function digestToken(text: string, pepper: Uint8Array): string {
  return createHmac('sha256', preparedKey(pepper)).update(text, 'utf8').digest('base64url');
}

/**
 * What the facts cache knows a token by: SHA-256 of the exact text as 32 one-byte characters. It has no key, so it is
 * for memory only; never write it anywhere.
 */
export function cacheKey(text: string): string {
  return hash('sha256', text, 'binary');
}

function preparedKey(pepper: Uint8Array): KeyObject {
  let key = preparedKeys.get(pepper);
  if (key === undefined) {
    key = createSecretKey(pepper);
    preparedKeys.set(pepper, key);
  }
  return key;
}

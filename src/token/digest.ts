import { createHmac, hash } from 'node:crypto';

/** The peppers in force by version; new digests are made with `current`, old ones verify until re-digested. */
export interface PepperRing {
  readonly current: number;
  readonly versions: ReadonlyMap<number, Uint8Array>;
}

/**
 * What the store keeps instead of a token: HMAC-SHA-256 of the exact text, base64url. The text is never decoded,
 * trimmed or folded first, so two texts never share a digest by spelling.
 */
export function digestToken(text: string, pepper: Uint8Array): string {
  return createHmac('sha256', pepper).update(text, 'utf8').digest('base64url');
}

/**
 * What the facts cache knows a token by: SHA-256 of the exact text, 32 characters of one byte each. Unkeyed, for memory
 * only; never write it anywhere.
 */
export function cacheKey(text: string): string {
  return hash('sha256', text, 'binary');
}

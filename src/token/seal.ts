import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { RandomSource } from './random.ts';

const LAYOUT = 1;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;
const HEADER_LENGTH = 1 + IV_LENGTH;

/**
 * Locks `value` so that only a holder of `under` can read it: AES-256-GCM under HKDF-SHA-256 of `under`, base64url of
 * layout, nonce, ciphertext and tag. `under` must be a secret of full entropy (a token, a claim link's secret): HKDF
 * does not slow guessing down.
 */
export function sealValue(value: string, under: string, random: RandomSource): string {
  const header = Buffer.concat([Buffer.of(LAYOUT), random.bytes(IV_LENGTH)]);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(under), header.subarray(1), { authTagLength: TAG_LENGTH });
  cipher.setAAD(header);
  return Buffer.concat([header, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** The sealed value, or null for another `under`, an altered seal or a text that never was one. */
export function openSealed(sealed: string, under: string): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  // base64url spells the same bytes in several ways; only the spelling that sealValue writes is accepted.
  if (bytes.toString('base64url') !== sealed) return null;
  if (bytes.length < HEADER_LENGTH + TAG_LENGTH || bytes[0] !== LAYOUT) return null;
  const header = bytes.subarray(0, HEADER_LENGTH);
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(under), header.subarray(1), {
    authTagLength: TAG_LENGTH,
  });
  decipher.setAAD(header);
  decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
  try {
    const opened = [decipher.update(bytes.subarray(HEADER_LENGTH, -TAG_LENGTH)), decipher.final()];
    return Buffer.concat(opened).toString('utf8');
  } catch {
    return null;
  }
}

function sealingKey(under: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', under, '', 'keyhouse seal 1', 32));
}

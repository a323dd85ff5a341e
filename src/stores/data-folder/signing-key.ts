import { createHash, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { linkSync, rmSync } from 'node:fs';
import type { RandomSource } from '../../token/index.ts';
import { writeFileDurably } from './durable-file.ts';
import { statIfThere } from './private-folder.ts';

/** An Ed25519 key. */
export interface SigningKey {
  /** Its thumbprint (RFC 7638, SHA-256). */
  readonly kid: string;
  /** Public and private part, base64url, as in a JSON Web Key (RFC 8037). */
  readonly x: string;
  readonly d: string;
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
export const KEY_BYTES = 32;

export function generateSigningKey(random: RandomSource): SigningKey {
  return signingKeyOf(random.bytes(KEY_BYTES));
}

export function signingKeyOf(privateBytes: Uint8Array): SigningKey {
  const { x = '', d = '' } = privateKeyOf(privateBytes).export({ format: 'jwk' });
  return { kid: thumbprintOf(x), x, d };
}

/** For signing with it. */
export function privateKeyOf(privateBytes: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, privateBytes]), format: 'der', type: 'pkcs8' });
}

export function thumbprintOf(x: string): string {
  return createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url');
}

/** Writes a file of keys unless there is one. Of processes that start together one makes it. */
export function writeFirstKeys(file: string, document: () => string): void {
  if (statIfThere(file) !== null) return;
  const whole = `${file}.${randomBytes(6).toString('hex')}.new`;
  writeFileDurably(whole, document());
  try {
    linkSync(whole, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(whole, { force: true });
  }
}

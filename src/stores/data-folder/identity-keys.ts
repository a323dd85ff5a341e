import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KEY_ANNOUNCED_MS, publishedKeys } from '../../policy/index.ts';
import type { RandomSource } from '../../token/index.ts';
import { writeFileDurably } from './durable-file.ts';
import { IDENTITY_KEYS_FILE } from './layout.ts';
import { FolderRefused, isOpenToOthers, modeText, statIfThere } from './private-folder.ts';
import { generateSigningKey, KEY_BYTES, type SigningKey, signingKeyOf, writeFirstKeys } from './signing-key.ts';

/** An Ed25519 key with which identities are signed. */
export interface IdentityKey extends SigningKey {
  /** Milliseconds since 1970; until then it is published only. */
  readonly signsFrom: number;
}

/**
 * The keys of a secrets folder in the order in which they sign; [] where there are none. Reads the file when it is another
 * one than before: a key that some process makes or rotates counts in all that use the folder from their next look on.
 */
export class IdentityKeys {
  readonly #file: string;
  #read: { readonly stamp: string; readonly keys: readonly IdentityKey[] } | null = null;

  constructor(secretsDir: string) {
    this.#file = join(secretsDir, IDENTITY_KEYS_FILE);
  }

  /** @throws {FolderRefused} others can read the file, or it is damaged. */
  current(): readonly IdentityKey[] {
    const stats = statSync(this.#file, { throwIfNoEntry: false });
    if (stats === undefined) return [];
    const stamp = `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
    if (this.#read?.stamp !== stamp) this.#read = { stamp, keys: readKeys(this.#file) };
    return this.#read.keys;
  }
}

/** Makes the first key of a folder, which signs at once, unless there is one. Of processes that start together one makes it. */
export function ensureIdentityKey(secretsDir: string, now: number, random: RandomSource): void {
  writeFirstKeys(join(secretsDir, IDENTITY_KEYS_FILE), () => documentOf([generateKey(now, random)]));
}

/**
 * Adds a key. It signs once everybody who keeps a key set knows it; the one before stays published as long as what it signed
 * holds.
 * @param forgetsOthers the others are known to somebody else: they are forgotten, and the new one signs at once.
 * @returns the keys that are kept, the new one last.
 */
export function rotateIdentityKey(
  secretsDir: string,
  now: number,
  random: RandomSource,
  forgetsOthers: boolean,
): readonly IdentityKey[] {
  const file = join(secretsDir, IDENTITY_KEYS_FILE);
  const before = forgetsOthers || statIfThere(file) === null ? [] : publishedKeys(readKeys(file), now);
  const keys = [...before, generateKey(before.length === 0 ? now : now + KEY_ANNOUNCED_MS, random)];
  writeFileDurably(file, documentOf(keys));
  return keys;
}

function generateKey(signsFrom: number, random: RandomSource): IdentityKey {
  return { ...generateSigningKey(random), signsFrom };
}

function documentOf(keys: readonly IdentityKey[]): string {
  const document = {
    about:
      'The private keys that Keyhouse-Identity is signed with. Without them new ones are made; whoever has them can say who is asking.',
    keys: keys.map(({ d, signsFrom }) => ({ signs_from: new Date(signsFrom).toISOString(), d })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function readKeys(file: string): readonly IdentityKey[] {
  const stats = statSync(file);
  if (isOpenToOthers(stats)) {
    throw new FolderRefused(
      `${file} can be reached by other users (${modeText(stats)}). Close it: chmod 600 ${file}, and as somebody may have read it, keyhouse identity-key rotate --compromised`,
    );
  }
  const keys = parseKeys(readFileSync(file, 'utf8'));
  if (keys !== null) return keys;
  throw new FolderRefused(`${file} is damaged. Put your copy of it back, or remove it: new keys are made then.`);
}

function parseKeys(text: string): readonly IdentityKey[] | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const { keys } = (document ?? {}) as { readonly keys?: unknown };
  if (!Array.isArray(keys) || keys.length === 0) return null;
  const read = keys.map(parseKey).filter((key) => key !== null);
  return read.length === keys.length ? read.sort((a, b) => a.signsFrom - b.signsFrom) : null;
}

function parseKey(entry: unknown): IdentityKey | null {
  const { d, signs_from } = (entry ?? {}) as Record<string, unknown>;
  if (typeof d !== 'string' || typeof signs_from !== 'string') return null;
  const [privateBytes, signsFrom] = [Buffer.from(d, 'base64url'), Date.parse(signs_from)];
  return privateBytes.length === KEY_BYTES && Number.isFinite(signsFrom)
    ? { ...signingKeyOf(privateBytes), signsFrom }
    : null;
}

import { sign } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditKeys, AuditPublicKey } from '../../ports/index.ts';
import type { RandomSource } from '../../token/index.ts';
import { writeFileDurably } from './durable-file.ts';
import { AUDIT_KEYS_FILE } from './layout.ts';
import { FolderRefused, isOpenToOthers, modeText } from './private-folder.ts';
import {
  generateSigningKey,
  KEY_BYTES,
  privateKeyOf,
  type SigningKey,
  signingKeyOf,
  thumbprintOf,
  writeFirstKeys,
} from './signing-key.ts';

interface AuditKeyFile {
  readonly signing: SigningKey;
  /** Public parts of those before, the oldest first. */
  readonly earlier: readonly AuditPublicKey[];
}

/**
 * The keys of a secrets folder with which the audit chain is signed. They are read each time: a key that another process
 * makes or rotates counts here from then on.
 */
export function auditKeysIn(secretsDir: string, random: RandomSource): AuditKeys {
  const file = join(secretsDir, AUDIT_KEYS_FILE);
  return {
    published() {
      const keys = readAuditKeys(file);
      return keys === null ? [] : publishedOf(keys);
    },

    sign(text, makes) {
      if (makes) writeFirstKeys(file, () => documentOf({ signing: generateSigningKey(random), earlier: [] }));
      const keys = readAuditKeys(file);
      if (keys === null) return null;
      const key = privateKeyOf(Buffer.from(keys.signing.d, 'base64url'));
      return { kid: keys.signing.kid, signature: sign(null, Buffer.from(text), key).toString('base64url') };
    },

    rotate() {
      const before = readAuditKeys(file);
      const signing = generateSigningKey(random);
      writeFileDurably(file, documentOf({ signing, earlier: before === null ? [] : publishedOf(before) }));
      return { kid: signing.kid, x: signing.x };
    },
  };
}

function publishedOf({ signing: { kid, x }, earlier }: AuditKeyFile): readonly AuditPublicKey[] {
  return [...earlier, { kid, x }];
}

function documentOf({ signing, earlier }: AuditKeyFile): string {
  const document = {
    about:
      'The private key that checkpoints of the audit chain are signed with. Whoever has it can sign another history; without it a new one is made.',
    d: signing.d,
    earlier: earlier.map(({ x }) => x),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** @throws {FolderRefused} others can read the file, or it is damaged. */
function readAuditKeys(file: string): AuditKeyFile | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  if (isOpenToOthers(stats)) {
    throw new FolderRefused(
      `${file} can be reached by other users (${modeText(stats)}). Close it: chmod 600 ${file}, and as somebody may have read it, keyhouse audit rotate-key`,
    );
  }
  const keys = parseKeys(readFileSync(file, 'utf8'));
  if (keys !== null) return keys;
  throw new FolderRefused(
    `${file} is damaged. Put your copy of it back: what it signed can be verified with it alone.`,
  );
}

function parseKeys(text: string): AuditKeyFile | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const { d, earlier } = (document ?? {}) as Record<string, unknown>;
  if (typeof d !== 'string' || !Array.isArray(earlier)) return null;
  const privateBytes = Buffer.from(d, 'base64url');
  const isKey = (x: unknown): x is string => typeof x === 'string' && Buffer.from(x, 'base64url').length === KEY_BYTES;
  if (privateBytes.length !== KEY_BYTES || !earlier.every(isKey)) return null;
  return { signing: signingKeyOf(privateBytes), earlier: earlier.map((x) => ({ kid: thumbprintOf(x), x })) };
}

import { renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuditDraft, Clock } from '../../ports/index.ts';
import type { RandomSource } from '../../token/index.ts';
import { archiveFiles } from './archive.ts';
import { syncFolder } from './durable-file.ts';
import { DATABASE_FILE, databaseFiles, USAGE_FILE, WITNESS_FILE } from './layout.ts';
import type { OwnedFolder } from './owner-lock.ts';
import { FolderRefused } from './private-folder.ts';
import {
  archiveSecrets,
  canariesOf,
  canaryKey,
  confirmSecrets,
  generateSecrets,
  openSecrets,
  STORE_ID_KEY,
  type StoreSecrets,
  saveNewSecrets,
} from './secrets.ts';
import { decideStart } from './start-decision.ts';
import { openWitness, readWitness } from './witness.ts';

const WORK_FILE = `restoring-${DATABASE_FILE}`;

/** What a restore needs from whoever knows the database: this folder only moves files. */
export interface DatabaseCopies {
  inspect(
    file: string,
  ):
    | { readonly sound: true; readonly meta: ReadonlyMap<string, string>; readonly newestSeq: number }
    | { readonly sound: false; readonly problem: string };
  /** Makes `target` from `source`, changed as planned, as one flushed file. */
  restore(
    source: string,
    target: string,
    plan: {
      readonly at: number;
      readonly aboveSeq: number;
      readonly revokeAll: boolean;
      readonly meta: ReadonlyMap<string, string | null>;
      readonly audit: AuditDraft;
    },
  ): Promise<{ readonly seq: number; readonly auditHash: string; readonly tokensRevoked: number }>;
}

export interface RestoreOptions {
  /** A backup, or any database file of the store that nobody writes to; the present one too. It is only read. */
  readonly file: string;
  /**
   * What becomes of tokens that are live in the copy. Some may have been revoked since it was made: `revoke-all` revokes
   * them all, `trust` takes the operator's word that none was.
   */
  readonly keys: 'revoke-all' | 'trust';
  /** The pepper is lost: make a new one. Only with `revoke-all`, for no token can be verified any more. */
  readonly newPepper: boolean;
  readonly secretsDir: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly copies: DatabaseCopies;
}

export interface Restored {
  readonly storeId: string;
  /** The restore's own change; everything known before it has a smaller number. */
  readonly seq: number;
  readonly tokensRevoked: number;
  /** Where the database that was there before went; null when there was none. */
  readonly archive: string | null;
}

/**
 * Puts a copy in the place of the database. Nothing is changed until the copy is checked and ready; then the present
 * database is moved to an archive folder and the copy into its place. Interrupted in between, the next start refuses and
 * restoring again completes it. Usage and rate-limit counts stay: they are newer than the copy.
 *
 * The folder must be owned and its store closed.
 * @throws {FolderRefused} the copy is not sound, or does not belong to these secrets.
 */
export async function restoreDatabase(owned: OwnedFolder, options: RestoreOptions): Promise<Restored> {
  const { clock, copies, keys, secretsDir } = options;
  const source = resolve(options.file);
  const now = clock.now();
  clearWork(owned.dir);
  const found = inspect(copies, source);
  const secrets = options.newPepper ? null : fittingSecrets(found, source, secretsDir);
  if (options.newPepper && keys !== 'revoke-all') {
    throw new FolderRefused('Under a new pepper no token can be verified: restore with --keys=revoke-all.');
  }

  // Confirmed at once: interrupted later, a start must refuse and not make an empty store with them.
  const inForce = secrets ?? { ...generateSecrets(found.storeId, options.random), isConfirmed: true };
  const work = join(owned.dir, WORK_FILE);
  try {
    const restored = await copies.restore(source, work, {
      at: now,
      aboveSeq: Math.max(newestKnown(owned, copies), witnessedSeq(secretsDir, found.storeId)),
      revokeAll: keys === 'revoke-all',
      meta: canaryChanges(found.meta, inForce),
      audit: restoreEvent(now, options, found.newestSeq),
    });
    if (secrets === null) {
      archiveSecrets(secretsDir, now);
      saveNewSecrets(secretsDir, inForce);
    }
    const archive = archiveFiles(owned.dir, databaseFiles(DATABASE_FILE), now);
    renameSync(work, join(owned.dir, DATABASE_FILE));
    syncFolder(owned.dir);
    await witness(secretsDir, found.storeId, restored, now);
    confirmSecrets(secretsDir);
    return { storeId: found.storeId, seq: restored.seq, tokensRevoked: restored.tokensRevoked, archive };
  } finally {
    clearWork(owned.dir);
  }
}

/**
 * Puts database, usage and secrets aside, so that the next start makes a new store.
 * @returns where they went.
 */
export function archiveStore(
  owned: OwnedFolder,
  secretsDir: string,
  now: number,
): { readonly database: string | null; readonly secrets: string | null } {
  // The secrets go last: as long as they are there, a start without a database is refused.
  const names = [...databaseFiles(DATABASE_FILE), ...databaseFiles(USAGE_FILE)];
  return { database: archiveFiles(owned.dir, names, now), secrets: archiveSecrets(secretsDir, now) };
}

interface FoundCopy {
  readonly storeId: string;
  readonly meta: ReadonlyMap<string, string>;
  readonly newestSeq: number;
}

function inspect(copies: DatabaseCopies, file: string): FoundCopy {
  const copy = copies.inspect(file);
  const storeId = copy.sound ? copy.meta.get(STORE_ID_KEY) : undefined;
  if (copy.sound && storeId !== undefined) return { storeId, meta: copy.meta, newestSeq: copy.newestSeq };
  const problem = copy.sound ? 'there is no store in it' : copy.problem;
  throw new FolderRefused(`${file} cannot be restored: ${problem}. Nothing was changed.`);
}

/** The secrets in place, if they are this store's. */
function fittingSecrets(found: FoundCopy, file: string, secretsDir: string): StoreSecrets {
  const secrets = openSecrets(secretsDir);
  const canaries = new Map<number, string>();
  for (const [key, canary] of found.meta) {
    const version = Number(/^pepper_canary:(\d+)$/.exec(key)?.[1]);
    if (version > 0) canaries.set(version, canary);
  }
  const store = { storeId: found.storeId, canaries, newestSeq: found.newestSeq, auditHashAtWitness: null };
  const decision = decideStart({ store, secrets, witness: 'not_kept' }, { database: file, secrets: secretsDir });
  if (decision.decision === 'refuse') throw new FolderRefused(decision.message);
  return secrets as StoreSecrets;
}

function canaryChanges(meta: ReadonlyMap<string, string>, secrets: StoreSecrets): Map<string, string | null> {
  const changes = new Map<string, string | null>();
  for (const key of meta.keys()) if (key.startsWith(canaryKey(0).slice(0, -1))) changes.set(key, null);
  for (const [version, canary] of canariesOf(secrets)) changes.set(canaryKey(version), canary);
  return changes;
}

/** Newest change of the database that is being replaced, where that can still be read. */
function newestKnown(owned: OwnedFolder, copies: DatabaseCopies): number {
  const present = copies.inspect(join(owned.dir, DATABASE_FILE));
  return present.sound ? present.newestSeq : 0;
}

function witnessedSeq(secretsDir: string, storeId: string): number {
  const note = readWitness(secretsDir);
  return typeof note === 'object' && note.storeId === storeId ? note.seq : 0;
}

async function witness(
  secretsDir: string,
  storeId: string,
  restored: { readonly seq: number; readonly auditHash: string },
  now: number,
): Promise<void> {
  const note = readWitness(secretsDir);
  if (typeof note !== 'object' || note.storeId !== storeId) archiveFiles(secretsDir, [WITNESS_FILE], now);
  const kept = await openWitness(secretsDir, storeId);
  await kept.record(restored.seq, restored.auditHash);
  await kept.close();
}

function restoreEvent(at: number, { keys, newPepper }: RestoreOptions, backupSeq: number): AuditDraft {
  return {
    at,
    action: 'store.restored',
    actor: { kind: 'operator', id: null },
    onBehalfOf: null,
    subject: null,
    workspaceId: null,
    requestId: null,
    details: { keys, new_pepper: newPepper, newest_change_in_copy: backupSeq },
    personal: {},
  };
}

/** Removes what an interrupted restore was working on. It was never in use. */
function clearWork(dir: string): void {
  for (const name of databaseFiles(WORK_FILE)) rmSync(join(dir, name), { force: true });
}

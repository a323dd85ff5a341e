import { join } from 'node:path';
import type { AuditHead } from '../ports/index.ts';
import {
  acquireOwnership,
  auditKeysIn,
  DATABASE_FILE,
  readWitness,
  secretsFolderOf,
} from '../stores/data-folder/index.ts';
import { type AuditReport, openPostgresStore, openSqliteStore } from '../stores/sql/index.ts';
import type { Config } from './config.ts';
import { systemClock, systemRandom } from './system-clock.ts';
import { type Evidence, readCheckpointFile, readKeyFile, verifyStoreTrail } from './verify-audit.ts';
import { VERSION } from './version.ts';

type Place = Pick<Config, 'dataDir' | 'secretsDir' | 'databaseUrl'>;

/** Files that count instead of, or beside, what lies with the store. */
export interface EvidenceFiles {
  /** Of public keys; null takes those of the secrets folder. */
  readonly keys: string | null;
  /** Of checkpoints that were kept apart; null has none. */
  readonly checkpoints: string | null;
}

export async function evidenceOf(secretsDir: string, files: EvidenceFiles, hasWitness: boolean): Promise<Evidence> {
  return {
    keys: files.keys === null ? auditKeysIn(secretsDir, systemRandom).published() : await readKeyFile(files.keys),
    checkpoints: files.checkpoints === null ? [] : await readCheckpointFile(files.checkpoints),
    witness: hasWitness ? witnessIn(secretsDir) : null,
  };
}

/**
 * Verifies a store that no server has open, whatever a start would say of it: without secrets, and as an old copy too.
 * @throws {FolderOwned} a process has it. {StartRefused} a file of evidence cannot be read.
 */
export async function verifyStoreAtRest(place: Place, files: EvidenceFiles): Promise<AuditReport> {
  const { dataDir, databaseUrl } = place;
  const secretsDir = secretsFolderOf(dataDir, place.secretsDir);
  const evidence = await evidenceOf(secretsDir, files, databaseUrl === null);
  const owned = databaseUrl === null ? acquireOwnership(dataDir, { clock: systemClock, version: VERSION }) : null;
  try {
    const handle =
      databaseUrl === null
        ? await openSqliteStore({ file: join(dataDir, DATABASE_FILE) })
        : await openPostgresStore({ url: databaseUrl });
    try {
      return await verifyStoreTrail(handle, evidence);
    } finally {
      await handle.usage.close();
      await handle.store.close();
    }
  } finally {
    owned?.release();
  }
}

/** The newest tightening that was answered, where its hash was known. */
function witnessIn(secretsDir: string): AuditHead | null {
  const note = readWitness(secretsDir);
  return typeof note === 'string' || note.auditHash === null ? null : { seq: note.seq, hash: note.auditHash };
}

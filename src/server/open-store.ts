import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '../ports/index.ts';
import {
  acquireOwnership,
  canariesOf,
  canaryKey,
  confirmSecrets,
  createSecrets,
  DATABASE_FILE,
  decideStart,
  FolderRefused,
  type OwnedFolder,
  openSecrets,
  openWitness,
  readWitness,
  STORE_ID_KEY,
  type StoreFound,
  type StoreSecrets,
  secretsFolderOf,
  type Witness,
} from '../stores/data-folder/index.ts';
import { openPostgresStore, openSqliteStore, type SqlStoreHandle } from '../stores/sql/index.ts';
import { generateId } from '../token/index.ts';
import type { EngineLog } from './engine-log.ts';
import { StartRefused } from './start-refused.ts';
import { VERSION } from './version.ts';

export interface StoreOptions {
  /** Folder of the SQLite store, and the one whose `.secrets` sibling holds the pepper. */
  readonly dataDir: string;
  /** `postgres://…`; null keeps everything in the data folder. */
  readonly databaseUrl: string | null;
  /** null is `<dataDir>.secrets`. */
  readonly secretsDir: string | null;
  /** Schema of Keyhouse's tables in a PostgreSQL database that it shares; null is `keyhouse`. */
  readonly databaseSchema?: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<EngineLog, 'warning'>;
}

/** A store that belongs to its secrets and is the newest copy there was. */
export interface OpenedStore {
  readonly handle: SqlStoreHandle;
  readonly storeId: string;
  readonly secretsDir: string;
  /** null on PostgreSQL. */
  readonly owned: OwnedFolder | null;
  readonly witness: Witness | null;
  /** Read again when the pepper is rotated. */
  secrets: StoreSecrets;
  close(): Promise<void>;
}

const PEPPER_VERSIONS_MAX = 99;

/**
 * Opens the store with its secrets, making both at a first start.
 * @throws {StartRefused} they do not belong together, or the database is an old copy; the message says the ways out.
 * @throws {FolderOwned} another process owns the data folder.
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const secretsDir = secretsFolderOf(options.dataDir, options.secretsDir);
  const owned =
    options.databaseUrl === null ? acquireOwnership(options.dataDir, { clock: options.clock, version: VERSION }) : null;
  let handle: SqlStoreHandle | null = null;
  try {
    handle =
      owned === null
        ? await openPostgresStore({
            url: options.databaseUrl as string,
            ...(options.databaseSchema != null && { schema: options.databaseSchema }),
          })
        : await openSqliteStore({
            file: join(owned.dir, DATABASE_FILE),
            onWarning: (sentence) => options.log.warning(sentence),
          });
    return await settle(options, handle, owned, secretsDir);
  } catch (error) {
    await handle?.store.close();
    owned?.release();
    throw error;
  }
}

async function settle(
  options: StoreOptions,
  handle: SqlStoreHandle,
  owned: OwnedFolder | null,
  secretsDir: string,
): Promise<OpenedStore> {
  const note = owned === null ? 'not_kept' : readWitness(secretsDir);
  const found = await findStore(handle, typeof note === 'object' ? note.seq : null);
  const places = {
    database: owned === null ? 'the PostgreSQL database' : join(owned.dir, DATABASE_FILE),
    secrets: secretsDir,
  };
  const decision = decideStart({ store: found, secrets: readSecrets(secretsDir), witness: note }, places);
  if (decision.decision === 'refuse') throw new StartRefused(decision.message);
  const secrets =
    decision.decision === 'create'
      ? await createStore(handle, decision.secrets ?? newSecrets(secretsDir, options.random))
      : (openSecrets(secretsDir) as StoreSecrets);
  if (decision.decision === 'ok') await writeCanaries(handle, decision.canariesToWrite);
  const witness = owned === null ? null : await openWitness(secretsDir, secrets.storeId);
  const opened: OpenedStore = {
    handle,
    storeId: secrets.storeId,
    secretsDir,
    owned,
    witness,
    secrets: decision.decision === 'create' || decision.confirm ? confirmSecrets(secretsDir) : secrets,
    async close() {
      await handle.usage.close();
      await handle.store.close();
      await witness?.close();
      owned?.release();
    },
  };
  return opened;
}

function newSecrets(secretsDir: string, random: Random): StoreSecrets {
  try {
    return createSecrets(secretsDir, generateId('sto', random), random);
  } catch (error) {
    // Another process on the same database made them at the same moment.
    const present = error instanceof FolderRefused && existsSync(secretsDir) ? openSecrets(secretsDir) : null;
    if (present === null) throw error;
    return present;
  }
}

/** Puts id and canaries into an empty store. Of two processes that start together both must have the same secrets. */
async function createStore(handle: SqlStoreHandle, secrets: StoreSecrets): Promise<StoreSecrets> {
  const inForce = await handle.meta.putIfAbsent(STORE_ID_KEY, secrets.storeId);
  if (inForce !== secrets.storeId) {
    throw new StartRefused(
      'Another process made this database a store of its own at the same moment, with other secrets. Give this one the same secrets folder (KEYHOUSE_SECRETS_DIR) and start it again.',
    );
  }
  await writeCanaries(handle, canariesOf(secrets));
  return secrets;
}

/** The canary of a pepper must be stored before anything is digested with it. */
export async function writeCanaries(handle: SqlStoreHandle, canaries: ReadonlyMap<number, string>): Promise<void> {
  for (const [version, canary] of canaries) await handle.meta.put(canaryKey(version), canary);
}

async function findStore(handle: SqlStoreHandle, witnessSeq: number | null): Promise<StoreFound | null> {
  const storeId = await handle.meta.get(STORE_ID_KEY);
  if (storeId === null) return null;
  const canaries = new Map<number, string>();
  for (let version = 1; version <= PEPPER_VERSIONS_MAX; version++) {
    const canary = await handle.meta.get(canaryKey(version));
    if (canary !== null) canaries.set(version, canary);
  }
  const [event] = witnessSeq === null || witnessSeq === 0 ? [] : await handle.store.audit.read(witnessSeq - 1, 1);
  return {
    storeId,
    canaries,
    newestSeq: await handle.store.changeFeed.newest(),
    auditHashAtWitness: event?.seq === witnessSeq ? event.hash : null,
  };
}

function readSecrets(secretsDir: string): StoreSecrets | null {
  return existsSync(secretsDir) ? openSecrets(secretsDir) : null;
}

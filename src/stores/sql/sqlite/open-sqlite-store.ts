import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Dialect, Kysely } from 'kysely';
import { accessLog } from '../accesses.ts';
import { alertReads } from '../alerts.ts';
import { auditHead, auditReads } from '../audit.ts';
import { changeFeed } from '../changes.ts';
import { checkpointReads } from '../checkpoints.ts';
import { deliveryQueue } from '../deliveries.ts';
import { denialLog } from '../denials.ts';
import { metaTable } from '../meta.ts';
import { migrate } from '../migrate.ts';
import { authorityMigrations, sqliteTypes, usageMigrations } from '../migrations/index.ts';
import { mailQueue, mailReads } from '../outbox.ts';
import { oversightReads } from '../oversight.ts';
import { ownerReads } from '../owners.ts';
import { peopleReads } from '../people.ts';
import { portalReads } from '../portal.ts';
import { profileReads } from '../profiles.ts';
import { reminderReads } from '../reminders.ts';
import { reservationLog } from '../reservations.ts';
import type { Schema } from '../schema.ts';
import type { Session } from '../session.ts';
import { sightingLog } from '../sightings.ts';
import { staffReads } from '../staff.ts';
import type { SqlStoreHandle } from '../store-handle.ts';
import { tokenReads } from '../tokens.ts';
import { transactionOf } from '../transaction.ts';
import { trialLog } from '../trial-log.ts';
import { trialReads } from '../trials.ts';
import { usageLog } from '../usage.ts';
import { webhookReads } from '../webhooks.ts';
import { backUp } from './backup.ts';
import { SqliteFactsReader } from './facts-reader.ts';
import { readerDialect } from './reader-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';
import { hasSoundWal } from './sqlite-version.ts';
import { writerDialect } from './writer-dialect.ts';

/** Short, because the thread serves both files: who wants the lock asks again. */
const WRITER_LOCK_WAIT_MS = 50;
/** With a rollback journal a reader waits for the moment of a commit; in WAL mode it never does. */
const READER_LOCK_WAIT_MS = 1_000;
/** At most, and only where so much is read: the indexes that lists and sums of a hundred thousand tokens look things up in. */
const READER_CACHE_KIB = 32_768;

export interface SqliteStoreOptions {
  /** The authority's file; usage and reservations are kept beside it in `<name>-usage.sqlite`. */
  readonly file: string;
  /** Told in one sentence when something is safe but not as good as it could be. */
  readonly onWarning?: (sentence: string) => void;
  /** The library's version, for tests; otherwise asked of it. */
  readonly sqliteVersion?: string;
}

/**
 * Opens or creates the store in one folder. The caller holds the folder's owner lock: two processes may read one store,
 * but only the owner may decide from its cache.
 * @throws {SchemaTooNew} a newer Keyhouse has used the file.
 * @throws {StorageBusy | StorageUnavailable} the file is locked by another process, or cannot be used.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqlStoreHandle> {
  const { file, onWarning, sqliteVersion = libraryVersion() } = options;
  const isWalSound = hasSoundWal(sqliteVersion);
  if (!isWalSound) {
    onWarning?.(
      `SQLite ${sqliteVersion} can corrupt a database in WAL mode (repaired in 3.51.3, 3.50.7 and 3.44.6): ` +
        'using a rollback journal instead, in which commits hold up reads.',
    );
  }
  const usageFile = usageFileOf(file);
  createPrivate(file);
  createPrivate(usageFile);

  const journal = isWalSound ? ['journal_mode = wal', 'journal_size_limit = 67108864'] : ['journal_mode = delete'];
  const common = [...journal, 'trusted_schema = off', 'fullfsync = on', 'checkpoint_fullfsync = on'];
  const writer = { readOnly: false, lockWaitMs: WRITER_LOCK_WAIT_MS };
  const writerThread = new SqliteThread('keyhouse-writer', {
    authority: { ...writer, file, pragmas: [...common, 'synchronous = full', 'secure_delete = on'] },
    usage: { ...writer, file: usageFile, pragmas: [...common, 'synchronous = normal'] },
  });
  const writes = session(writerDialect(writerThread, 'authority'));
  const usageWrites = session(writerDialect(writerThread, 'usage'));
  try {
    await migrate(writes.db, { migrations: authorityMigrations(sqliteTypes) });
    await migrate(usageWrites.db, { migrations: usageMigrations(sqliteTypes) });
  } catch (error) {
    await writerThread.close();
    throw error;
  }

  const reader = { readOnly: true, lockWaitMs: READER_LOCK_WAIT_MS };
  const pragmas = ['trusted_schema = off', `cache_size = -${READER_CACHE_KIB}`];
  const readerThread = new SqliteThread('keyhouse-reader', {
    // Lists of tokens are ordered by use too.
    authority: {
      ...reader,
      file,
      beside: usageFile,
      pragmas: [...pragmas, `beside.cache_size = -${READER_CACHE_KIB}`],
    },
    usage: { ...reader, file: usageFile, pragmas },
  });
  const reads = session(readerDialect(readerThread, 'authority'));
  const usageReads = session(readerDialect(readerThread, 'usage'));
  const facts = new SqliteFactsReader(file, isWalSound ? 0 : READER_LOCK_WAIT_MS, reads.db);

  return {
    store: {
      capabilities: { soleWriter: true },
      facts,
      tokens: tokenReads(reads),
      owners: ownerReads(reads),
      people: peopleReads(reads),
      portal: portalReads(reads),
      staff: staffReads(reads),
      sessions: facts.sessions,
      profiles: profileReads(reads),
      trials: trialReads(reads),
      audit: auditReads(reads),
      checkpoints: checkpointReads(reads),
      mails: mailReads(reads),
      reminders: reminderReads(reads),
      webhooks: webhookReads(reads),
      alerts: alertReads(reads),
      oversight: oversightReads(reads),
      changeFeed: changeFeed(reads),
      transact: (work) => writes.db.transaction().execute((db) => work(transactionOf({ ...writes, db }))),
      // The writer goes last: the last connection to close checkpoints the log, and a reader may not.
      async close() {
        facts.close();
        await readerThread.close();
        await writerThread.close();
      },
    },
    usage: usageLog(usageWrites, usageReads, async () => {}),
    trials: trialLog(usageWrites, usageReads),
    denials: denialLog(usageWrites, usageReads),
    accesses: accessLog(usageWrites, usageReads),
    sightings: sightingLog(usageWrites, usageReads),
    mailQueue: mailQueue(writes, reads),
    deliveryQueue: deliveryQueue(writes, reads),
    reservations: reservationLog(usageWrites),
    counters: null,
    trialCounters: null,
    meta: metaTable(writes, reads),
    auditHead: () => auditHead(reads),
    backup: (target) => backUp(file, target),
  };
}

function session(dialect: Dialect): Session {
  return { db: new Kysely<Schema>({ dialect }), rowLocks: false };
}

function usageFileOf(file: string): string {
  return `${file.replace(/\.(sqlite|db)$/, '')}-usage.sqlite`;
}

/** Creates an empty file for the owner's eyes alone; its journals inherit the mode. One that exists is never opened here. */
function createPrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function libraryVersion(): string {
  const database = new DatabaseSync(':memory:');
  try {
    const row = database.prepare('select sqlite_version() as version').get();
    return String(row?.version);
  } finally {
    database.close();
  }
}

import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import type { Clock, FactsReads } from '../../../ports/index.ts';
import { auditHead, auditReads } from '../audit.ts';
import { changeFeed } from '../changes.ts';
import { compileFacts, toFacts } from '../facts.ts';
import { metaTable } from '../meta.ts';
import { migrate } from '../migrate.ts';
import { authorityMigrations, sqliteTypes, usageMigrations } from '../migrations/index.ts';
import { ownerReads } from '../owners.ts';
import { profileReads } from '../profiles.ts';
import { reservationLog } from '../reservations.ts';
import type { Schema } from '../schema.ts';
import type { Session } from '../session.ts';
import type { SqlStoreHandle } from '../store-handle.ts';
import { tokenReads } from '../tokens.ts';
import { transactionOf } from '../transaction.ts';
import { usageLog } from '../usage.ts';
import { backUp } from './backup.ts';
import { type ArrayRead, readerDialect, SqliteReader } from './reader.ts';
import { hasSoundWal } from './sqlite-version.ts';
import { writerDialect } from './writer-dialect.ts';
import { WriterThread } from './writer-thread.ts';

/** Without WAL a reader waits for the moment of a commit. */
const ROLLBACK_JOURNAL_READ_WAIT_MS = 1_000;

export interface SqliteStoreOptions {
  /** The authority's file; usage and reservations are kept beside it in `<name>-usage.sqlite`. */
  readonly file: string;
  readonly clock: Clock;
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
  const thread = new WriterThread({
    authority: { file, readOnly: false, pragmas: [...common, 'synchronous = full', 'secure_delete = on'] },
    usage: { file: usageFile, readOnly: false, pragmas: [...common, 'synchronous = normal'] },
  });
  const writes = session(new Kysely<Schema>({ dialect: writerDialect(thread, 'authority') }));
  const usageWrites = session(new Kysely<Schema>({ dialect: writerDialect(thread, 'usage') }));
  try {
    await migrate(writes.db, { migrations: authorityMigrations(sqliteTypes) });
    await migrate(usageWrites.db, { migrations: usageMigrations(sqliteTypes) });
  } catch (error) {
    await thread.close();
    throw error;
  }

  const readWaitMs = isWalSound ? 0 : ROLLBACK_JOURNAL_READ_WAIT_MS;
  const reader = new SqliteReader(file, readWaitMs);
  const usageReader = new SqliteReader(usageFile, readWaitMs);
  const reads = session(new Kysely<Schema>({ dialect: readerDialect(reader) }));
  const usageReads = session(new Kysely<Schema>({ dialect: readerDialect(usageReader) }));

  return {
    store: {
      capabilities: { soleWriter: true },
      facts: factsReads(reader, reads),
      tokens: tokenReads(reads),
      owners: ownerReads(reads),
      profiles: profileReads(reads),
      audit: auditReads(reads),
      changeFeed: changeFeed(reads),
      transact: (work) => writes.db.transaction().execute((db) => work(transactionOf(session(db)))),
      // The writer goes last: the last connection to close checkpoints the log, and a reader may not.
      async close() {
        reader.close();
        usageReader.close();
        await thread.close();
      },
    },
    usage: usageLog(usageWrites, usageReads, async () => usageReader.close()),
    reservations: reservationLog(usageWrites),
    counters: null,
    meta: metaTable(writes, reads),
    auditHead: () => auditHead(reads),
    backup: (target) => backUp(file, target),
  };
}

function session(db: Kysely<Schema>): Session {
  return { db, rowLocks: false };
}

function factsReads(reader: SqliteReader, { db }: Session): FactsReads {
  const byDigest: ArrayRead[] = [];
  const byId = reader.arrays(compileFacts(db, 'id', 1));
  return {
    findByDigest(digests) {
      if (digests.length === 0) return null;
      byDigest[digests.length] ??= reader.arrays(compileFacts(db, 'digest', digests.length));
      const read = byDigest[digests.length] as ArrayRead;
      return toFacts(read(digests));
    },
    findByTokenId: (id) => toFacts(byId([id])),
  };
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

import { Kysely } from 'kysely';
import { accessLog } from '../accesses.ts';
import { alertReads } from '../alerts.ts';
import { auditHead, auditReads } from '../audit.ts';
import { changeFeed } from '../changes.ts';
import { checkpointReads } from '../checkpoints.ts';
import { deliveryQueue } from '../deliveries.ts';
import { denialLog } from '../denials.ts';
import { metaTable } from '../meta.ts';
import { migrate } from '../migrate.ts';
import { authorityMigrations, postgresTypes, usageMigrations } from '../migrations/index.ts';
import { mailQueue, mailReads } from '../outbox.ts';
import { oversightReads } from '../oversight.ts';
import { ownerReads } from '../owners.ts';
import { peopleReads } from '../people.ts';
import { portalReads } from '../portal.ts';
import { profileReads } from '../profiles.ts';
import { reminderReads } from '../reminders.ts';
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
import { PostgresCounters } from './counters.ts';
import { factsReads } from './facts-reads.ts';
import { openPool, type PoolOptions } from './pool.ts';
import { poolDialect } from './pool-dialect.ts';

const DECISION_TIMEOUT_MS = 1_000;
const MANAGEMENT_TIMEOUT_MS = 5_000;
const MIGRATION_TIMEOUT_MS = 300_000;

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, of the primary. */
  readonly url: string;
  /** Connections at most, default 16. Half are kept for decisions, so that no management call can hold those up. */
  readonly poolMax?: number;
  /** Where our tables live, default `keyhouse`: an application's own tables may share the database. */
  readonly schema?: string;
}

/**
 * Opens the store in a database that any number of processes share, and brings it to this build's shape first.
 * @throws {SchemaTooNew} a newer Keyhouse has used the database.
 * @throws {StorageUnavailable} the server cannot be reached, or is a replica.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<SqlStoreHandle> {
  const { url, poolMax = 16, schema = 'keyhouse' } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) throw new TypeError('a schema name is lower-case letters, digits and _');
  await bringUpToDate({ url, schema, max: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS });

  const half = Math.max(1, Math.floor(poolMax / 2));
  const decisionPool = openPool({ url, schema, max: half, statementTimeoutMs: DECISION_TIMEOUT_MS });
  const pool = openPool({ url, schema, max: half, statementTimeoutMs: MANAGEMENT_TIMEOUT_MS });
  const db = new Kysely<Schema>({ dialect: poolDialect(pool) });
  const session: Session = { db, rowLocks: true };
  const facts = factsReads(decisionPool, db);

  return {
    store: {
      capabilities: { soleWriter: false },
      facts,
      tokens: tokenReads(session),
      owners: ownerReads(session),
      people: peopleReads(session),
      portal: portalReads(session),
      staff: staffReads(session),
      sessions: facts.sessions,
      profiles: profileReads(session),
      trials: trialReads(session),
      audit: auditReads(session),
      checkpoints: checkpointReads(session),
      mails: mailReads(session),
      reminders: reminderReads(session),
      webhooks: webhookReads(session),
      alerts: alertReads(session),
      oversight: oversightReads(session),
      changeFeed: changeFeed(session),
      transact: (work) =>
        db.transaction().execute((transaction) => work(transactionOf({ ...session, db: transaction }))),
      async close() {
        await Promise.all([pool, decisionPool].map((each) => (each.ended ? undefined : each.end())));
      },
    },
    usage: usageLog(session, session, async () => {}),
    trials: trialLog(session, session),
    denials: denialLog(session, session),
    accesses: accessLog(session, session),
    sightings: sightingLog(session, session),
    mailQueue: mailQueue(session, session),
    deliveryQueue: deliveryQueue(session, session),
    reservations: null,
    counters: new PostgresCounters(decisionPool),
    trialCounters: new PostgresCounters(pool),
    meta: metaTable(session, session),
    auditHead: () => auditHead(session),
  };
}

async function bringUpToDate(options: PoolOptions): Promise<void> {
  const pool = openPool(options);
  try {
    const db = new Kysely<Schema>({ dialect: poolDialect(pool) });
    const migrations = { ...authorityMigrations(postgresTypes), ...usageMigrations(postgresTypes) };
    await migrate(db, { migrations, schema: options.schema });
  } finally {
    await pool.end();
  }
}

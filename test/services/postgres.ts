/**
 * PostgreSQL for a test: a fresh database of the run's shared cluster, or a cluster of one's own that can be crashed.
 * Prevents tests that see one another's rows and fault tests that take a neighbour's database down.
 */
import { randomBytes } from 'node:crypto';
import { createConnection } from 'node:net';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { inject } from 'vitest';
import { within } from './deadline.ts';
import type { ClusterAnswer, Unavailable } from './global-setup.ts';
import { clusterUrl, type PostgresCluster, startCluster, whyNoPostgres } from './postgres-cluster.ts';

export interface FreshDatabase {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** Ends the sessions of the database and removes it. */
  readonly drop: () => Promise<void>;
}

/** An empty database that no other test knows. `unavailable` says what this machine lacks; any other failure rejects. */
export async function freshDatabase(): Promise<FreshDatabase | Unavailable> {
  const missing = whyNoPostgres();
  if (missing !== null) return { unavailable: missing };
  const connection = createConnection(inject('postgresSocket'));
  const answer = JSON.parse(
    await within(text(connection), 90_000, 'the shared PostgreSQL cluster starts'),
  ) as ClusterAnswer;
  if ('unavailable' in answer) return answer;
  if ('error' in answer) throw new Error(answer.error);
  const { host, port } = answer;
  const name = `t_${randomBytes(8).toString('hex')}`;
  const admin = clusterUrl(port, 'postgres');
  await execute(admin, `create database ${name} template template0`);
  return {
    url: clusterUrl(port, name),
    host,
    port,
    name,
    drop: () => execute(admin, `drop database if exists ${name} with (force)`),
  };
}

/** As `freshDatabase`, for suites inside `suiteNeeding('postgresql', …)`, where being unavailable is a failure. */
export async function requireDatabase(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  if ('unavailable' in database) throw new Error(database.unavailable);
  return database;
}

/** A cluster of its own, for tests that restart or stop the server. The caller stops it. */
export async function startPostgres(): Promise<PostgresCluster> {
  return startCluster();
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 20_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

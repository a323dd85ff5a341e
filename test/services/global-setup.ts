/**
 * What one test run shares: a PostgreSQL cluster that is started when the first suite asks for it, the list of suites that
 * were left out, and compiled sources. Prevents a run of pure tests from paying for a database, two clusters in one run, a
 * green run that silently tested less than it seems, and hundreds of programs that each compile the same files anew.
 */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type PostgresCluster, startCluster, whyNoPostgres } from './postgres-cluster.ts';

export type Unavailable = { readonly unavailable: string };
export type ClusterAnswer = { readonly host: string; readonly port: number } | Unavailable | { readonly error: string };

export interface LeftOut {
  readonly suite: string;
  readonly reason: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** A socket that answers every connection with one `ClusterAnswer`, starting the cluster for the first. */
    readonly postgresSocket: string;
    /** One `LeftOut` a line, appended by the workers. */
    readonly leftOutFile: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeAbandonedFolders();
  const home = mkdtempSync(join(tmpdir(), `keyhouse-run-${process.pid}-`));
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\keyhouse-run-${process.pid}` : join(home, 'postgres');
  const leftOutFile = join(home, 'left-out.jsonl');
  appendFileSync(leftOutFile, '');
  // The workers and every program they start take what this Node.js made of our sources and of packages from there.
  process.env.NODE_COMPILE_CACHE ??= join(home, 'compile-cache');
  let cluster: Promise<PostgresCluster> | null = null;
  const connections = new Set<Socket>();

  const answer = async (): Promise<ClusterAnswer> => {
    const missing = whyNoPostgres();
    if (missing !== null) return { unavailable: missing };
    cluster ??= startCluster();
    try {
      const { host, port } = await cluster;
      return { host, port };
    } catch (error) {
      return { error: String(error) };
    }
  };
  const server = createServer((connection) => {
    connections.add(connection);
    connection.on('error', () => {}).once('close', () => connections.delete(connection));
    void answer().then((found) => connection.end(JSON.stringify(found)));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  server.unref();
  project.provide('postgresSocket', socket);
  project.provide('leftOutFile', leftOutFile);

  return async () => {
    for (const connection of connections) connection.destroy();
    await new Promise((resolve) => server.close(resolve));
    const started = await cluster?.catch(() => null);
    await started?.stop();
    printLeftOut(readFileSync(leftOutFile, 'utf8'));
    rmSync(home, { recursive: true, force: true });
  };
}

function printLeftOut(lines: string): void {
  const leftOut = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LeftOut);
  if (leftOut.length === 0) return;
  console.log(`\n${leftOut.length} ${leftOut.length === 1 ? 'suite was' : 'suites were'} left out of this run:`);
  for (const { suite, reason } of leftOut) console.log(`  ${suite}: ${reason}`);
  console.log('KEYHOUSE_TEST_ALL=1 allows none to be left out.\n');
}

/** A run that was killed cannot clean up; its folders carry its process id, so that the next run does it. */
function removeAbandonedFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^keyhouse-(?:run|postgres)-(\d+)-/.exec(name)?.[1];
    if (pid === undefined) continue;
    try {
      process.kill(Number(pid), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') continue;
      rmSync(join(tmpdir(), name), { recursive: true, force: true });
    }
  }
}

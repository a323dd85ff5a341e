/**
 * A throw-away PostgreSQL server: its own folder, a free port on the loopback address, no disk syncing. Prevents tests
 * that need a prepared machine, that see one another's data, or that leave a server running.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from './deadline.ts';
import { findProgram, type RunningProcess, runProcess, startProcess } from './process.ts';

export interface PostgresCluster {
  /** Of the database `postgres`, as the superuser. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** `fast` ends sessions and shuts down; `immediate` is a crash of the server followed by its recovery. Same port and data. */
  readonly restart: (mode: 'fast' | 'immediate') => Promise<void>;
  /** Stops the server for good and removes its folder. Safe to repeat. */
  readonly stop: () => Promise<void>;
}

const START_DEADLINE_MS = 60_000;

/** Null when a cluster can be started here, else a sentence about what is missing. */
export function whyNoPostgres(): string | null {
  if (programFolder() === null) return 'PostgreSQL (initdb, postgres) is not installed';
  if (process.getuid?.() !== 0) return null;
  if (findProgram('setpriv') === null) return 'running PostgreSQL from root needs setpriv';
  return systemUser('postgres') === null ? 'running PostgreSQL from root needs a user named postgres' : null;
}

/** Creates and starts a cluster. Rejects with the server's own log when it does not come up. */
export async function startCluster(): Promise<PostgresCluster> {
  const missing = whyNoPostgres();
  const programs = programFolder();
  if (missing !== null || programs === null) throw new Error(missing ?? 'PostgreSQL is not installed');
  const home = mkdtempSync(join(tmpdir(), `keyhouse-postgres-${process.pid}-`));
  const account = process.getuid?.() === 0 ? systemUser('postgres') : null;
  const asUser = account === null ? {} : { user: 'postgres' };
  const env = { LC_ALL: 'C', PGOPTIONS: undefined, PGHOST: undefined, PGPORT: undefined, PGDATA: undefined };
  if (account !== null) chownSync(home, account.uid, account.gid);
  chmodSync(home, 0o700);
  const data = join(home, 'data');
  let server: RunningProcess | null = null;

  const stop = async (): Promise<void> => {
    await server?.stop('SIGINT');
    server = null;
    rmSync(home, { recursive: true, force: true });
  };
  const start = async (port: number): Promise<void> => {
    const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=32MB'];
    const started = await startProcess(
      join(programs, 'postgres'),
      ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', home, ...settings.flatMap((setting) => ['-c', setting])],
      { cwd: home, env, orphanSignal: 'QUIT', ...asUser },
    );
    server = started;
    const ended = started.waitForEnd(START_DEADLINE_MS).then(
      () => Promise.reject(new Error(`PostgreSQL did not start:\n${started.stderr()}`)),
      () => new Promise<never>(() => {}),
    );
    await Promise.race([eventually(() => answers(port), START_DEADLINE_MS, 'PostgreSQL accepts connections'), ended]);
    ended.catch(() => {});
  };

  try {
    const made = await runProcess(
      join(programs, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
      { cwd: home, env, ...asUser },
    );
    if (made.code !== 0) throw new Error(`initdb failed:\n${made.stdout}${made.stderr}`);
    let port = await freePort();
    // Another process may take the port between finding it free and listening on it.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await start(port);
        break;
      } catch (error) {
        if (attempt === 3 || !/Address already in use/.test(String(error))) throw error;
        port = await freePort();
      }
    }
    return {
      url: clusterUrl(port, 'postgres'),
      host: '127.0.0.1',
      port,
      restart: async (mode) => {
        await server?.stop(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
        await start(port);
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function clusterUrl(port: number, database: string): string {
  return `postgres://postgres@127.0.0.1:${port}/${database}`;
}

/** A TCP port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: clusterUrl(port, 'postgres'), connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Debian and Homebrew keep the server's programs off the PATH, in one folder per version: the newest is taken. */
function programFolder(): string | null {
  const onPath = findProgram('initdb');
  if (onPath !== null && findProgram('postgres') !== null) return join(onPath, '..');
  const found: { version: number; folder: string }[] = [];
  for (const root of ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']) {
    if (!existsSync(root)) continue;
    for (const entry of readdirSync(root)) {
      const version = /^(?:postgresql@)?(\d+)$/.exec(entry)?.[1];
      const folder = join(root, entry, 'bin');
      if (version !== undefined && existsSync(join(folder, 'initdb'))) found.push({ version: Number(version), folder });
    }
  }
  return found.sort((a, b) => b.version - a.version)[0]?.folder ?? null;
}

function systemUser(name: string): { uid: number; gid: number } | null {
  const line = existsSync('/etc/passwd')
    ? readFileSync('/etc/passwd', 'utf8')
        .split('\n')
        .find((entry) => entry.startsWith(`${name}:`))
    : undefined;
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  try {
    const number = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: number('-u'), gid: number('-g') };
  } catch {
    return null;
  }
}

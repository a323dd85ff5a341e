import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and Homebrew keep the programs of PostgreSQL, one folder per version. */
const HOMES = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

/** A PostgreSQL for as long as this process lives; null where none can be started. */
export async function startDemoPostgres(): Promise<{ url: string; stop: () => Promise<void> } | null> {
  const programs = programFolder();
  const account = process.getuid?.() === 0 ? accountOf('postgres') : undefined;
  if (programs === null || account === null) return null;
  const home = mkdtempSync(join(tmpdir(), 'own-users-express-'));
  if (account !== undefined) chownSync(home, account.uid, account.gid);
  const data = join(home, 'data');
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
  execFileSync(join(programs, 'initdb'), initdb, { cwd: home, stdio: 'pipe', ...account });
  const port = await freePort();
  const flags = ['-D', data, '-k', home, '-h', '127.0.0.1', '-p', `${port}`];
  const shell = ['-c', UNTIL_INPUT_ENDS, home, join(programs, 'postgres'), ...flags];
  const server = spawn('sh', shell, { cwd: home, detached: true, stdio: ['pipe', 'ignore', 'pipe'], ...account });
  await ready(server);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.stdin?.end();
      if (server.exitCode === null) await new Promise((ended) => server.once('exit', ended));
    },
  };
}

/** Ends the server and removes its folder when the process that started it ends, however that happens. */
const UNTIL_INPUT_ENDS = '"$@" & read _; kill -INT $!; wait; cd /; rm -rf "$0"';

function programFolder(): string | null {
  const found = HOMES.filter((home) => existsSync(home))
    .flatMap((home) => readdirSync(home).map((version) => join(home, version, 'bin')))
    .filter((folder) => existsSync(join(folder, 'initdb')));
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null;
}

/** PostgreSQL does not run as root; null where there is no user for it. */
function accountOf(name: string): { uid: number; gid: number } | null {
  try {
    const number = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
    return { uid: number('-u'), gid: number('-g') };
  } catch {
    return null;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject()));
    });
  });
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${said}`)));
  });
}

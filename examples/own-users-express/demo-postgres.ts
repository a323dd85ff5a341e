import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian and Homebrew keep the programs of PostgreSQL, one folder per version. */
const HOMES = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'];

/** A PostgreSQL for as long as this process lives; null where it is not installed. */
export async function startDemoPostgres(): Promise<{ url: string; stop: () => Promise<void> } | null> {
  const programs = programFolder();
  if (programs === null) return null;
  const account = process.getuid?.() === 0 ? accountOf('postgres') : null;
  const home = mkdtempSync(join(tmpdir(), 'own-users-express-'));
  if (account !== null) chownSync(home, account.uid, account.gid);
  const data = join(home, 'data');
  const options = { cwd: home, ...account };
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...options,
    stdio: 'pipe',
  });
  const port = await freePort();
  // The shell ends the server when this process ends, however that happens: then its input does.
  const server = spawn(
    'sh',
    [
      '-c',
      '"$@" & read _; kill -INT $!; wait',
      'sh',
      join(programs, 'postgres'),
      '-D',
      data,
      '-k',
      home,
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
    ],
    { ...options, detached: true, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  await ready(server);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.stdin?.end();
      if (server.exitCode === null) await new Promise((ended) => server.once('exit', ended));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function programFolder(): string | null {
  const found = HOMES.filter((home) => existsSync(home))
    .flatMap((home) => readdirSync(home).map((version) => join(home, version, 'bin')))
    .filter((folder) => existsSync(join(folder, 'initdb')));
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null;
}

/** PostgreSQL does not run as root. */
function accountOf(name: string): { uid: number; gid: number } {
  const number = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: number('-u'), gid: number('-g') };
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

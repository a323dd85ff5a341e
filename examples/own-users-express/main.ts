import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createApp } from './app.ts';
import { startDemoPostgres } from './demo-postgres.ts';
import { type DemoUsers, firstToken, prepare } from './first-start.ts';
import { openTokens } from './tokens.ts';

const HELP = `npm run example -- own-users-express [options]

  --database-url URL  the PostgreSQL to use, also as DATABASE_URL; without it one is started for as long as this runs
  --data-dir FOLDER   keys of this application and of Keyhouse, shared by all processes on one database
                      (default: ./own-users-data)
  --api-port PORT     0 takes a free one (default: 3000)
  --portal-url URL    where the element of the settings page comes from; without it from the application itself
  --json              print one line of JSON instead of text`;

const { values: options } = parseArgs({
  options: {
    'database-url': { type: 'string' },
    'data-dir': { type: 'string', default: './own-users-data' },
    'api-port': { type: 'string', default: '3000' },
    'portal-url': { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (options.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const given = options['database-url'] ?? process.env.DATABASE_URL;
  if (given !== undefined) return run(given, resolve(options['data-dir']));
  const demo = await startDemoPostgres();
  if (demo === null) {
    console.error(`PostgreSQL cannot be started here. Install it, or name one that you have:\n
  npm run example -- own-users-express --database-url postgres://user:password@localhost:5432/database`);
    process.exitCode = 1;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'own-users-data-'));
  try {
    await run(demo.url, folder);
  } finally {
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(databaseUrl: string, dataDir: string): Promise<void> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  // Connections that are not in use break when the server restarts; the next query takes a new one.
  pool.on('error', () => {});
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const tokens = await openTokens({ databaseUrl, secretsDir: join(dataDir, 'keyhouse.secrets') });
  try {
    const users = await prepare(pool, tokens);
    const app = createApp(pool, sessionKey(dataDir), tokens, options['portal-url']);
    const server = app.listen(Number(options['api-port']), '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    greet(url, users, users === null ? null : await firstToken(url, users.editor));
    await new Promise((stop) => process.once('SIGINT', stop).once('SIGTERM', stop));
    server.close();
    server.closeIdleConnections();
    await once(server, 'close');
  } finally {
    await tokens.close();
    await pool.end();
  }
}

/** Signs cookies and JWTs; the first process makes it. */
function sessionKey(dataDir: string): Buffer {
  const file = join(dataDir, 'session.key');
  try {
    writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file);
}

function greet(url: string, users: DemoUsers | null, token: string | null): void {
  if (options.json) {
    const { admin = null, editor = null } = users ?? {};
    console.log(JSON.stringify({ api: url, dashboard: `${url}/admin/tokens`, admin, editor, token }));
    return;
  }
  console.log(`The application listens on ${url}`);
  if (users === null) return;
  console.log(`
  Sign in at ${url}/sign-in
    as admin:  ${users.admin.email}   ${users.admin.password}
    as editor: ${users.editor.email}  ${users.editor.password}

  The editor has a token already:
    curl -H 'Authorization: Bearer ${token}' ${url}/api/tasks
`);
}

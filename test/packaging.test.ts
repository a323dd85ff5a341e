/**
 * The package as an application receives it. Prevents what only shows after publishing: a file that was not packed, a
 * declaration that does not resolve, a dependency that was only ours, a Node.js that changes under the application.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packRepository } from '../tools/pack.ts';
import { suiteNeeding } from './services/leftover.ts';
import { runProcess } from './services/process.ts';

const root = join(import.meta.dirname, '..');
const OLDEST_NODE = '22.23.3';
const SYSTEM = `${process.platform}-${process.arch}`;

/** As in a terminal outside the repository: nothing of the npm that runs these tests, and nothing of its Node.js. */
const outside: Record<string, string | undefined> = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) =>
        /^(npm_(?!config_(?:registry|cafile|cache|userconfig|.*proxy)$)|NODE_(?:OPTIONS|ENV|PATH)$|VITEST)/i.test(name),
      )
      .map((name) => [name, undefined]),
  ),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes(`node_modules${sep}.bin`) && !folder.includes('node-gyp-bin'))
    .join(delimiter),
};

function whyNoRegistry(): string | null {
  const asked = spawnSync('npm', ['view', 'zod', 'version', '--fetch-retries=0', '--fetch-timeout=15000'], {
    stdio: 'ignore',
    timeout: 30_000,
  });
  return asked.status === 0 ? null : 'the npm registry cannot be reached';
}

suiteNeeding([{ missing: whyNoRegistry() }], 'the packed package, installed into an empty application', () => {
  let app = '';
  let nodes = '';
  const inApp = (program: string, args: readonly string[], deadlineMs = 120_000): ReturnType<typeof runProcess> =>
    runProcess(program, args, { cwd: app, env: outside, deadlineMs });
  const write = (path: string, text: string): void => writeFileSync(join(app, path), text);

  beforeAll(async () => {
    app = mkdtempSync(join(tmpdir(), 'keyhouse-app-'));
    nodes = join(app, 'oldest-node');
    mkdirSync(nodes);
    const tarball = packRepository(root);
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    write(
      'package.json',
      JSON.stringify({ name: 'app', private: true, type: 'module', scripts: { version: 'node --version' } }),
    );
    write('oldest-node/package.json', JSON.stringify({ name: 'oldest-node', private: true }));
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    const installed = await inApp('npm', [
      ...install,
      tarball,
      `typescript@${devDependencies.typescript}`,
      `@types/node@${devDependencies['@types/node']}`,
    ]);
    if (installed.code !== 0) throw new Error(`npm install failed:\n${installed.stdout}${installed.stderr}`);
  }, 240_000);
  afterAll(() => rmSync(app, { recursive: true, force: true }));

  it('leaves the application its own Node.js', async () => {
    expect(existsSync(join(app, 'node_modules/.bin/node'))).toBe(false);
    const own = await inApp('node', ['--version']);
    const inScript = await inApp('npm', ['run', '--silent', 'version']);
    expect(inScript.stdout.trim()).toBe(own.stdout.trim());
  });

  it('brings no driver that only some settings need', () => {
    for (const name of ['pg', 'express', 'vitest']) expect(existsSync(join(app, 'node_modules', name))).toBe(false);
  });

  it('type-checks strictly in an application', async () => {
    write(
      'check.ts',
      `import { createKeyhouse } from 'keyhouse';\nexport const made: typeof createKeyhouse = createKeyhouse;\n`,
    );
    const settings = ['--module', 'nodenext', '--target', 'es2024', '--strict', '--noEmit', '--types', 'node'];
    const checked = await inApp(process.execPath, ['node_modules/typescript/bin/tsc', ...settings, 'check.ts']);
    expect(checked).toMatchObject({ code: 0, stdout: '' });
  });

  const USE = `
    import { once } from 'node:events';
    import { createServer } from 'node:http';
    import { createKeyhouse } from 'keyhouse';
    const keyhouse = await createKeyhouse({ dataDir: process.argv[2] });
    const answer = await keyhouse.handler(new Request('http://localhost/healthz'));
    const page = await keyhouse.handler(new Request('http://localhost/guide'));
    const files = [...(await page.text()).matchAll(/(?:href|src)="(guide\\/[\\w.]+)"/g)].map(([, file]) => file);
    const styles = await Promise.all(files.map((file) => keyhouse.handler(new Request('http://localhost/' + file))));
    const dashboard = createServer(keyhouse.dashboard({ apiUrl: 'http://localhost' })).listen(0, '127.0.0.1');
    await once(dashboard, 'listening');
    const people = await fetch('http://127.0.0.1:' + dashboard.address().port + '/sign-in');
    console.log(process.version, answer.status, ...styles.map(({ status }) => status), people.status);
    dashboard.close();
    dashboard.closeAllConnections();
    await keyhouse.close();
  `;

  it('answers under the Node.js of the repository', async () => {
    write('use.mjs', USE);
    const used = await inApp(process.execPath, ['use.mjs', join(app, 'data')]);
    expect(used).toMatchObject({ code: 0, stdout: `${process.version} 200 200 200 200 200\n`, stderr: '' });
  });

  it.skipIf(SYSTEM !== 'linux-x64' && SYSTEM !== 'linux-arm64')(
    'answers under the oldest Node.js it allows',
    async () => {
      const name = `node-${SYSTEM}@${OLDEST_NODE}`;
      const brought = await inApp('npm', [
        'install',
        '--prefix',
        nodes,
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        name,
      ]);
      if (brought.code !== 0) throw new Error(`npm install ${name} failed:\n${brought.stdout}${brought.stderr}`);
      const oldest = join(nodes, 'node_modules', `node-${SYSTEM}`, 'bin/node');
      write('use.mjs', USE);
      const used = await inApp(oldest, ['--disable-warning=ExperimentalWarning', 'use.mjs', join(app, 'data-oldest')]);
      expect(used).toMatchObject({ code: 0, stdout: `v${OLDEST_NODE} 200 200 200 200 200\n`, stderr: '' });
    },
    240_000,
  );

  it('has a command that runs, and says what it needs on an older Node.js', async () => {
    const bin = join(app, 'node_modules/keyhouse/bin/keyhouse.mjs');
    expect(await inApp(process.execPath, [bin, '--help'])).toMatchObject({ code: 0 });
    const { stdout: version } = await inApp('node', ['--version']);
    if (Number(/^v(\d+)/.exec(version)?.[1]) < 22) {
      expect(await inApp('node', [bin, '--help'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`needs Node.js ${OLDEST_NODE} or newer`),
      });
    }
  });

  it('names the driver that PostgreSQL needs', async () => {
    write(
      'use-postgres.mjs',
      `import { createKeyhouse } from 'keyhouse';
       await createKeyhouse({ databaseUrl: 'postgres://localhost/x' }).catch((error) => console.log(error.message));`,
    );
    expect((await inApp(process.execPath, ['use-postgres.mjs'])).stdout).toContain('npm install pg');
  });
});

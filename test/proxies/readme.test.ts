import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess, startProcess } from '../services/process.ts';
import { freePort, layOut, RECIPES } from './running-proxy.ts';

const BIN = join(import.meta.dirname, '../../bin/keyhouse.mjs');
const [serve = '', make = '', nginx = '', caddy = '', haproxy = '', call = ''] = [
  ...readFileSync(join(RECIPES, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms),
].map(([, text = '']) => text.trim());

suiteNeeding(['nginx', 'caddy', 'haproxy', 'curl'], 'the README of the proxies', () => {
  it('leads from an empty folder, with each proxy it starts, to an API that is asked with a token alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-proxies-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(RECIPES, folder, { recursive: true });
    let asked = 0;
    const api = createServer((_, response) => {
      asked += 1;
      response.end('done');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void api.close());
    const ports = { 8080: await freePort(), 8000: await freePort(), 9000: (api.address() as AddressInfo).port };
    for (const name of ['nginx', 'caddy', 'haproxy']) layOut(name, join(folder, name), ports);
    writeFileSync(join(folder, 'keyhouse'), `#!/bin/sh\nexec ${process.execPath} ${BIN} "$@"\n`, { mode: 0o755 });
    const env = {
      KEYHOUSE_API_PORT: String(ports[8000]),
      KEYHOUSE_DASHBOARD_PORT: '0',
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    };
    const typed = (text: string) =>
      text
        .replaceAll('npx keyhouse', './keyhouse')
        .replaceAll(':8080', `:${ports[8080]}`)
        .replace(/^cd (\S+) &&/, 'cd $1 && exec');
    const shell = (text: string, more: Record<string, string> = {}) =>
      runProcess('sh', ['-c', typed(text)], { cwd: folder, env: { ...env, ...more } });

    const server = await startProcess('sh', ['-c', `exec ${typed(serve)}`], { cwd: folder, env });
    onTestFinished(async () => void (await server.stop()));
    await server.waitForLine(/Keyhouse is running/);
    const made = await shell(make);
    expect(made.code, made.stderr).toBe(0);
    const [token = ''] = /kh_live_\w{32}/.exec(made.stdout) ?? [];
    const status = async (value: string) =>
      /^HTTP\/1.1 (\d+)/.exec((await shell(`${call} --silent`, { TOKEN: value })).stdout)?.[1];
    for (const command of [nginx, caddy, haproxy]) {
      const proxy = await startProcess('sh', ['-c', typed(command)], { cwd: folder, env });
      onTestFinished(async () => void (await proxy.stop()));
      await eventually(async () => (await status(token)) === '200', 10_000, `the API answers: ${command}`);
      const before = asked;
      expect(before, command).toBeGreaterThan(0);
      expect(await status(`${token}x`), command).toBe('401');
      expect(asked, command).toBe(before);
      await proxy.stop();
    }
  });
});

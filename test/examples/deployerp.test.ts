import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram, runProcess, startProcess } from '../services/process.ts';
import { type RunningExample, startExample } from './running-example.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'examples/deployerp');

describe('the example deployerp', () => {
  let dataDir: string;
  let first: RunningExample;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'keyhouse-example-'));
    first = await startExample('deployerp', { dataDir });
  });
  afterAll(async () => {
    await first?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('prints one line with both addresses, the admin and the first key, and nothing else', () => {
    expect(first.process.stdout().split('\n')).toHaveLength(2);
    expect(JSON.parse(first.process.stdout())).toEqual({
      api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      dashboard: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      admin: { email: 'admin@deployerp.example', password: expect.stringMatching(/^.{20}$/) },
      token: expect.stringMatching(/^dep_live_[0-9A-Za-z]{32}$/),
      managementToken: null,
    });
    expect(first.process.stderr()).toBe('');
  });

  it('serves resources and keys on one origin, with limits in every answer', async () => {
    const servers = await first.ask('GET', '/v1/servers', first.token);
    expect(servers.json.data).toEqual([expect.objectContaining({ name: 'web-1' })]);
    expect(servers.headers.get('x-ratelimit-limit')).toBe('10000');
    const keys = await first.ask('GET', '/v1/api-keys', first.token);
    expect(keys.json.data).toEqual([expect.objectContaining({ name: 'First key', state: 'active' })]);
    for (const resource of ['instances', 'backups', 'teams', 'invoices']) {
      expect((await first.ask('GET', `/v1/${resource}`, first.token)).json.data).toHaveLength(1);
    }
  });

  it('has users with roles, and keys for them that stay within those', async () => {
    const { json: users } = await first.ask('GET', '/v1/users', first.token);
    const byEmail = new Map(users.data.map((user: { email: string }) => [user.email.split('@')[0], user]));
    expect([...byEmail.keys()].sort()).toEqual(['admin', 'deployer', 'viewer']);
    const owner = { id: (byEmail.get('viewer') as { id: string }).id };
    const { value } = await first.makeKey({ owner, permissions: ['servers:read'], tier: 'unlimited' });
    expect((await first.ask('GET', '/v1/servers', value)).status).toBe(200);
    await expect(first.makeKey({ owner, permissions: ['servers:write'] })).rejects.toThrow('exceeds_creator');
  });

  it('serves the pages for people on a port of their own', async () => {
    const page = await fetch(first.dashboard);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src/);
    expect((await fetch(`${first.dashboard}/v1/servers`)).status).toBe(404);
  });

  it('refuses a second process on the same data, and says why', async () => {
    const args = ['deployerp', '--api-port', '0', '--dashboard-port', '0', '--data-dir', dataDir];
    const second = await runProcess(process.execPath, [join(ROOT, 'tools/example.ts'), ...args], { cwd: ROOT });
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(String(first.process.pid));
    expect(second.stdout).toBe('');
  });

  it('keeps everything for the next start, which prints no key unless it is asked for a new one', async () => {
    const { json: made } = await first.ask('POST', '/v1/teams', first.token, { name: 'Night shift' });
    expect(await first.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    const second = await startExample('deployerp', { dataDir });
    expect([second.token, second.admin.password]).toEqual([null, null]);
    expect((await second.ask('GET', `/v1/teams/${made.id}`, first.token)).json).toEqual(made);
    expect((await second.ask('GET', '/v1/servers', first.token)).json.data).toHaveLength(1);
    expect(await second.process.stop('SIGINT')).toEqual({ code: 0, signal: null });
    const third = await startExample('deployerp', { dataDir, options: ['--new-token'] });
    expect(third.token).toMatch(/^dep_live_/);
    expect((await third.ask('GET', '/v1/api-keys', third.token)).status).toBe(200);
    await third.close();
  });

  it.each([
    [['--port', '80'], /--port/],
    [['--api-port', 'eighty'], /eighty is not a port/],
  ])('refuses %j with a sentence', async (options, sentence) => {
    const ended = await runProcess(process.execPath, [join(ROOT, 'tools/example.ts'), 'deployerp', ...options], {
      cwd: ROOT,
    });
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(sentence);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });
});

suiteNeeding('curl', 'README of the example deployerp', () => {
  const text = readFileSync(join(FOLDER, 'README.md'), 'utf8');
  const [start = '', ...curls] = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => String(match[1]).trim());

  it('runs as it stands', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keyhouse-readme-'));
    const [program = '', ...args] = start.split(' ');
    expect(findProgram(program)).not.toBe(null);
    const ports = ['--api-port', '0', '--dashboard-port', '0', '--data-dir', dataDir];
    const example = await startProcess(program, [...args, ...ports], { cwd: ROOT });
    try {
      const [, api = ''] = await example.waitForLine(/^\s+API\s+http:\/\/(\S+)$/);
      const [token = ''] = await example.waitForLine(/dep_live_\w{32}/);
      const run = (command: string) =>
        runProcess('sh', ['-c', command.replace('localhost:8000', api)], { env: { TOKEN: token } });
      expect(curls).toHaveLength(2);
      const listed = await run(curls[0] ?? '');
      expect(listed.stdout).toMatch(/^HTTP\/1\.1 200 OK/);
      expect(listed.stdout).toContain('X-Auth-Rate-Limit: 9999/10000');
      expect(listed.stdout).toContain('"name":"web-1"');
      const made = JSON.parse((await run(curls[1] ?? '')).stdout);
      expect(made).toMatchObject({ name: 'monitoring-key', state: 'active' });
    } finally {
      await example.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/^\| (`.*?`) \|/gm)].flatMap(
      (match) => String(match[1]).match(/[\w./-]+\.ts/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(existsSync(join(FOLDER, name))).toBe(true);
  });
});

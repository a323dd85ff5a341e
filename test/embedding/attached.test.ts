import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse, keyhouse as neutral, Rejection } from '../../src/index.ts';
import { eventually, within } from '../services/deadline.ts';
import { type RunningProcess, runProcess, startProcess } from '../services/process.ts';
import { startLoad, statusesAfter } from './load.ts';
import { ask, readAnswer } from './own-users.ts';

const BIN = join(import.meta.dirname, '../../bin/keyhouse.mjs');
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0MiJ9.c2lnbmF0dXJl';
const READ = 'servers:read';
const OWNER = { external_id: 'user-42' };

interface Served {
  readonly api: string;
  readonly process: RunningProcess;
}

async function serve(dataDir: string): Promise<Served> {
  const args = [BIN, 'serve', '--data-dir', dataDir, '--api-port', '0', '--dashboard-port', '0', '--json'];
  const served = await startProcess(process.execPath, args);
  const [line] = await served.waitForLine(/^\{.*"api".*\}$/, 30_000);
  return { ...(JSON.parse(line) as { api: string }), process: served };
}

/** One request as a door of the attached process sees it. */
async function decide(keyhouse: Keyhouse, value: string): Promise<{ readonly status: number }> {
  const request = {
    rawHeaders: ['Authorization', `Bearer ${value}`],
    url: '/servers',
    method: 'GET',
    ip: '203.0.113.9',
  };
  const result = await keyhouse.authenticate(request, { permission: READ });
  return { status: result.allowed ? 200 : result.response.status };
}

async function mint(keyhouse: Keyhouse, input: Record<string, unknown> = {}) {
  const made = await keyhouse.tokens.create({
    name: 'test',
    permissions: [READ],
    owner: OWNER,
    limits: 'unlimited',
    ...input,
  });
  return { id: made.id, value: made.value as string };
}

function putOwner(keyhouse: Keyhouse, permissions: string[]) {
  const workspace = { external_id: 'org-7', name: 'Example Ltd' };
  return keyhouse.owners.put({ ...OWNER, name: 'Ada', workspace, permissions });
}

const withToken = (api: string, value: string) =>
  ask(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${value}` } });

describe('an application attached to a server', () => {
  let folder: string;
  let dataDir: string;
  let owner: Served;
  let keyhouse: Keyhouse;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-attached-'));
    dataDir = join(folder, 'data');
    owner = await serve(dataDir);
    keyhouse = await createKeyhouse({ dataDir, attach: true });
    await putOwner(keyhouse, [READ, 'servers:write']);
  }, 60_000);
  afterAll(async () => {
    await keyhouse?.close();
    await owner?.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('creates, reads, changes, rotates and revokes what the server knows at once', async () => {
    const { id, value } = await mint(keyhouse, { metadata: { pipeline: 7 } });
    expect((await withToken(owner.api, value)).json).toMatchObject({ authenticated: true, key_id: id });
    expect(await keyhouse.tokens.read({ id })).toMatchObject({ name: 'test', metadata: { pipeline: 7 } });
    await keyhouse.tokens.update({ id, name: 'renamed', ip_allowlist: ['203.0.113.0/24'] });
    expect((await withToken(owner.api, value)).status).toBe(403);
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
    const { new_key: next } = await keyhouse.tokens.rotate({ id, grace_period: '0s' });
    expect(await decide(keyhouse, value)).toEqual({ status: 401 });
    expect(await decide(keyhouse, next.value as string)).toEqual({ status: 200 });
    expect(await keyhouse.tokens.revoke({ id: next.id })).toMatchObject({ guarantee: { class: 'process' } });
    expect((await withToken(owner.api, next.value as string)).status).toBe(401);
    const { data } = await keyhouse.audit.list({ limit: 1 });
    expect(data).toMatchObject([{ action: 'token.revoked', actor: { kind: 'host' } }]);
  });

  it('row 58: refuses at once what is revoked at the server, and the server what is revoked here', async () => {
    for (let round = 0; round < 10; round++) {
      const here = await mint(keyhouse);
      const revoke = () => keyhouse.tokens.revoke({ id: here.id });
      expect(await statusesAfter(() => withToken(owner.api, here.value), revoke)).toEqual([401]);
      const there = await mint(keyhouse);
      const revokeItself = () =>
        ask(`${owner.api}/v1/tokens/current`, {
          method: 'DELETE',
          headers: { Authorization: `Bearer ${there.value}` },
        });
      expect(await statusesAfter(() => decide(keyhouse, there.value), revokeItself)).toEqual([401]);
    }
  }, 60_000);

  it('row 29: obeys changes of the owner of a token from the next request on', async () => {
    const { value } = await mint(keyhouse);
    const once = () => decide(keyhouse, value);
    expect(await statusesAfter(once, () => putOwner(keyhouse, ['servers:write']))).toEqual([403]);
    await putOwner(keyhouse, [READ, 'servers:write']);
    expect(await statusesAfter(once, () => keyhouse.owners.put({ ...OWNER, disabled: true }))).toEqual([401]);
    await keyhouse.owners.put({ ...OWNER, disabled: false });
    expect(await once()).toEqual({ status: 200 });
  });

  it('row 64: admits exactly the limit together with the server and other attached processes', async () => {
    const another = await createKeyhouse({ dataDir, attach: true });
    const { value } = await mint(keyhouse, { limits: [{ name: 'day', limit: 50, seconds: 86_400 }] });
    const doors = [
      () => decide(keyhouse, value),
      () => decide(another, value),
      () => withToken(owner.api, value),
    ] as const;
    const asked = Array.from({ length: 120 }, (_, index) => (doors[index % 3] as (typeof doors)[number])());
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    expect(statuses.filter((status) => status === 429)).toHaveLength(70);
    await another.close();
  });

  it('row 72: answers thousands that ask at once, each for itself', async () => {
    const [one, other] = [await mint(keyhouse), await mint(keyhouse, { permissions: ['servers:write'] })];
    const asked = Array.from({ length: 2_000 }, (_, index) =>
      decide(keyhouse, index % 2 === 0 ? one.value : other.value),
    );
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses.every((status, index) => status === (index % 2 === 0 ? 200 : 403))).toBe(true);
  });

  it('answers refusals as the server does, header by header', async () => {
    const { id, value } = await mint(keyhouse, { limits: [{ name: 'day', limit: 1, seconds: 86_400 }] });
    await decide(keyhouse, value);
    const lines = ['Authorization', `Bearer ${value}`, 'X-Debug-Auth', 'true'];
    const request = { rawHeaders: lines, url: '/', method: 'GET', ip: '203.0.113.9' };
    const result = await keyhouse.authenticate(request, { allOf: [] });
    if (result.allowed) throw new Error('accepted');
    const headers = { Authorization: `Bearer ${value}`, 'X-Debug-Auth': 'true' };
    const there = await ask(`${owner.api}/v1/auth/test`, { headers });
    expect(result.response.status).toBe(there.status);
    expect({ ...(result.response.body as object), request_id: '' }).toEqual({ ...there.json, request_id: '' });
    for (const name of [
      'Content-Type',
      'RateLimit-Policy',
      'X-RateLimit-Limit',
      'X-Auth-Key-ID',
      'X-Auth-Rate-Limit',
    ]) {
      expect(result.response.headers[name], name).toBe(there.headers.get(name));
    }
    expect(result.response.headers['X-Auth-Key-ID']).toBe(id);
    expect(result.response.headers['X-Auth-Permissions']).toBe(READ);
    expect(result.response.headers['X-Auth-Rate-Limit']).toBe('0/1');
  });

  it('throws the rejections of operations as if it had performed them', async () => {
    const rejected = await keyhouse.tokens.read({ id: 'tok_4n2a8Zq8Ctr7mJx5PvW9kL' }).catch((error) => error);
    expect(rejected).toBeInstanceOf(Rejection);
    expect(rejected).toMatchObject({ code: 'not_found', status: 404 });
    await expect(mint(keyhouse, { permissions: ['x'] })).rejects.toMatchObject({
      code: 'unknown_permission',
      problems: [{ path: 'permissions.0' }],
    });
    await expect(keyhouse.callerFor({ external_id: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('serves the endpoints to bearers and to owners whom the application has signed in', async () => {
    const { id, value } = await mint(keyhouse);
    const call = async (path: string, init: RequestInit = {}, caller?: Awaited<ReturnType<Keyhouse['callerFor']>>) =>
      readAnswer(await keyhouse.handler(new Request(`http://localhost${path}`, init), caller && { caller }));
    const bearer = { headers: { Authorization: `Bearer ${value}` } };
    expect((await call('/v1/auth/test', bearer)).json).toMatchObject({ key_id: id, rate_limit: null });
    expect((await call('/v1/tokens/current', bearer)).json).toMatchObject({ id, owner: OWNER });
    expect((await call('/v1/owners', bearer)).status).toBe(403);
    expect((await call('/v1/local/check', bearer)).status).toBe(404);
    expect((await call('/readyz')).json).toEqual({ status: 'ok', store: 'ok' });
    const caller = await keyhouse.callerFor(OWNER);
    const made = await call(
      '/v1/tokens',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: 'own', permissions: [READ] }),
      },
      caller,
    );
    expect(made.json).toMatchObject({ name: 'own', created_by: { kind: 'external', id: OWNER.external_id } });
    expect((await call('/v1/owners', {}, caller)).status).toBe(403);
    const rotated = await call('/v1/tokens/current/rotate', { method: 'POST', ...bearer });
    expect(rotated.json).toMatchObject({ old_key: { id } });
    const again = await call('/v1/tokens/current/rotate', { method: 'POST', ...bearer });
    expect(again.json.new_key).toEqual(rotated.json.new_key);
  });

  it('passes bulk uploads on line by line', async () => {
    const lines = Array.from({ length: 500 }, (_, index) => ({
      line: index + 1,
      value: { external_id: `bulk-${index}`, workspace: { external_id: 'org-7' }, permissions: [READ] },
    }));
    expect(await keyhouse.owners.sync({ lines })).toMatchObject({ created: 500 });
    expect(await keyhouse.owners.sync({ lines: [] })).toMatchObject({ created: 0 });
    expect(await keyhouse.owners.read({ external_id: 'bulk-499' })).toMatchObject({ external_id: 'bulk-499' });
  });

  it('judges by a profile from the moment it is applied, whoever applied it', async () => {
    const another = await createKeyhouse({ dataDir, attach: true });
    const { value } = await mint(keyhouse);
    const catalogue = [{ permission: 'projects:read', description: 'See projects', operations: [] }];
    const { profile: before } = await keyhouse.profile.read({});
    const narrow = () => another.profile.apply({ profile: { ...before, catalogue }, allow_narrowing: true });
    expect(await statusesAfter(() => decide(keyhouse, value), narrow)).toEqual([403]);
    await another.profile.apply({ profile: before });
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
    // Another prefix: what is a token of ours is known without asking, by the one who applied it at once.
    const renamed = { ...before, token: { ...neutral.token, prefix: 'acme' } };
    await another.profile.apply({ profile: renamed, allow_narrowing: true });
    const fresh = await mint(another);
    expect(fresh.value).toMatch(/^acme_live_/);
    expect(await decide(another, fresh.value)).toEqual({ status: 200 });
    await eventually(async () => (await decide(keyhouse, fresh.value)).status === 200, 10_000, 'the prefix is known');
    await another.profile.apply({ profile: before, allow_narrowing: true });
    await another.close();
  });

  it('row 85: is the way in that an owned folder names, with its owner', async () => {
    const owned = new RegExp(`in use by process ${owner.process.pid} .*createKeyhouse\\({ attach: true }\\)`);
    await expect(createKeyhouse({ dataDir })).rejects.toThrow(owned);
    const second = await startProcess(process.execPath, [BIN, 'serve', '--data-dir', dataDir, '--api-port', '0']);
    expect((await second.waitForEnd(60_000)).code).not.toBe(0);
    expect(second.stderr()).toMatch(owned);
    expect(await decide(keyhouse, (await mint(keyhouse)).value)).toEqual({ status: 200 });
  }, 90_000);
});

describe('an attached application whose server goes away', () => {
  let folder: string;
  let dataDir: string;
  let owner: Served;
  let keyhouse: Keyhouse;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-attached-'));
    dataDir = join(folder, 'data');
    owner = await serve(dataDir);
    keyhouse = await createKeyhouse({ dataDir, attach: true, log: { warning: () => {}, fault: () => {} } });
    await putOwner(keyhouse, [READ]);
  }, 60_000);
  afterAll(async () => {
    await keyhouse?.close();
    await owner?.process.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const foreign = () =>
    keyhouse.authenticate(new Request('http://localhost/', { headers: { Authorization: `Bearer ${JWT}` } }), {
      allOf: [],
    });

  it('accepts nothing while it is gone, lets foreign credentials through, and heals when it is back', async () => {
    const { value } = await mint(keyhouse);
    const ended = await mint(keyhouse);
    await keyhouse.tokens.revoke({ id: ended.id });
    const good = startLoad(() => decide(keyhouse, value));
    const bad = startLoad(() => decide(keyhouse, ended.value));
    await Promise.all([good.answered(8), bad.answered(8)]);
    await owner.process.stop('SIGKILL');
    good.mark();
    await good.answered(12);
    expect(await keyhouse.authenticate(new Request('http://localhost/'), { allOf: [] })).toMatchObject({
      denial: { reason: 'authentication_required' },
      foreign: true,
    });
    expect(await foreign()).toMatchObject({ denial: { reason: 'invalid_token' }, foreign: true });
    const refused = await keyhouse.authenticate(
      new Request('http://localhost/', { headers: { Authorization: `Bearer ${value}` } }),
      { allOf: [] },
    );
    expect(refused).toMatchObject({
      denial: { reason: 'authority_unavailable' },
      response: {
        status: 503,
        body: { code: 'authority_unavailable' },
        headers: { 'Retry-After': expect.any(String) },
      },
      foreign: false,
    });
    await expect(keyhouse.tokens.list({})).rejects.toMatchObject({ name: 'StorageUnavailable' });
    const answer = await keyhouse.handler(new Request('http://localhost/readyz'));
    expect(answer.status).toBe(503);
    const { before, after } = await good.stop();
    expect([...before].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect([...after]).toEqual([503]);

    owner = await serve(dataDir);
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
    expect(await decide(keyhouse, ended.value)).toEqual({ status: 401 });
    expect((await keyhouse.tokens.list({ live: 'true' })).data).toHaveLength(1);
    const { before: never } = await bad.stop();
    expect([...never].filter((status) => status !== 401 && status !== 503)).toEqual([]);
  }, 60_000);

  it('refuses within its deadline while the server hangs, and goes on when it does', async () => {
    const { value } = await mint(keyhouse);
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
    owner.process.signal('SIGSTOP');
    try {
      const hanging = Array.from({ length: 20 }, () => decide(keyhouse, value));
      const statuses = await within(Promise.all(hanging), 10_000, 'refusals of an attached process');
      expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set([503]));
      expect(await foreign()).toMatchObject({ foreign: true });
    } finally {
      owner.process.signal('SIGCONT');
    }
    await eventually(async () => (await decide(keyhouse, value)).status === 200, 10_000, 'tokens are accepted again');
  }, 60_000);

  it('drains with the server: a stop refuses, and cuts off nothing that was decided', async () => {
    const { value } = await mint(keyhouse);
    const load = startLoad(() => decide(keyhouse, value));
    await load.answered(8);
    expect((await owner.process.stop('SIGTERM')).code).toBe(0);
    load.mark();
    await load.answered(8);
    const { before, after } = await load.stop();
    expect([...before].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect([...after]).toEqual([503]);
    owner = await serve(dataDir);
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
  }, 60_000);
});

describe('attaching', () => {
  it('needs an owner, and says how to start one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-attached-'));
    await expect(createKeyhouse({ dataDir: join(folder, 'data'), attach: true })).rejects.toThrow(
      /nobody to attach to.*keyhouse serve/,
    );
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves the store to its owner', async () => {
    for (const option of [{ profile: 'deployerp' }, { databaseUrl: 'postgres://localhost/x' }, { secretsDir: '/x' }]) {
      await expect(createKeyhouse({ attach: true, ...option })).rejects.toThrow(TypeError);
    }
  });

  it('leaves a folder that an application owns open to commands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-attached-'));
    const dataDir = join(folder, 'data');
    const keyhouse = await createKeyhouse({ dataDir });
    await putOwner(keyhouse, [READ]);
    const { id, value } = await mint(keyhouse);
    const run = async (...args: string[]) => {
      const ran = await runProcess(process.execPath, [BIN, ...args, '--data-dir', dataDir, '--json']);
      expect(ran.stderr).toBe('');
      return JSON.parse(ran.stdout);
    };
    expect((await run('token', 'list')).data).toMatchObject([{ id, name: 'test' }]);
    expect(await decide(keyhouse, value)).toEqual({ status: 200 });
    expect(await run('token', 'revoke', id)).toMatchObject({ revoked_ids: [id] });
    expect(await decide(keyhouse, value)).toEqual({ status: 401 });
    await keyhouse.close();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('works with an application that owns the folder, and lets both end by themselves', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-attached-'));
    const dataDir = join(folder, 'data');
    const script = (body: string) => `
      import { createKeyhouse } from ${JSON.stringify(new URL('../../src/index.ts', import.meta.url).href)};
      const dataDir = ${JSON.stringify(dataDir)};
      ${body}`;
    const run = (body: string) => startProcess(process.execPath, ['--input-type=module', '-e', script(body)]);
    const owner = await run(`
      const keyhouse = await createKeyhouse({ dataDir });
      console.log('ready');
      const busy = setInterval(() => {}, 1e6);
      process.once('SIGTERM', () => { clearInterval(busy); keyhouse.close(); });`);
    await owner.waitForLine(/^ready$/);
    const attached = await run(`
      const keyhouse = await createKeyhouse({ dataDir, attach: true });
      await keyhouse.owners.put({ external_id: 'u', workspace: { external_id: 'w' }, permissions: ['a:b'] });
      const { value } = await keyhouse.tokens.create({ name: 't', permissions: ['a:b'], owner: { external_id: 'u' } });
      const request = new Request('http://localhost/', { headers: { authorization: 'Bearer ' + value } });
      console.log('allowed ' + (await keyhouse.authenticate(request, { permission: 'a:b' })).allowed);
      await keyhouse.close();`);
    await attached.waitForLine(/^allowed true$/);
    expect(await attached.waitForEnd()).toEqual({ code: 0, signal: null });
    expect(await owner.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);
});

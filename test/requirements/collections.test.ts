import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenRoutes } from '../../src/http/middleware/express.ts';
import { collections, createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { createRole, createUser, updateUser } from '../../src/manage/index.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { openSite, type Site } from '../examples/collections-site.ts';
import { upload } from '../examples/uploads.ts';
import { zipOfFiles } from '../examples/zip-writer.ts';
import type { Key } from './company.ts';

const DAY_MS = 24 * 3_600_000;
const ARCHIVE = zipOfFiles({ 'index.html': '<h1>Hello</h1>' });

let site: Site;
/** Manages Keyhouse and does nothing with collections; its owner is an admin too. */
let manager: string;
/** Another admin of the site, by id. */
let admin: string;
let workspace: string;

beforeAll(async () => {
  site = await openSite();
  const made = await becomeAdmin(site.company.house);
  manager = made.token;
  workspace = made.workspace.id;
  admin = await userWith('admin', ['admin']);
});
afterAll(() => site?.close());

const make = async (owner: string, more: Readonly<Record<string, unknown>> = {}, by: string | null = manager) =>
  site.company.ask('POST', '/v1/tokens', by, { body: { name: 'build', owner: { id: owner }, ...more } });
const keyFor = async (owner: string, more = {}): Promise<Key> => (await make(owner, more)).json;
const look = (token: string | null) => site.company.ask('GET', '/collections', token);
const install = (token: string | null) => upload(site.url, token, ARCHIVE);

/** A user with these roles and no others. */
async function userWith(name: string, roles: readonly string[] = []): Promise<string> {
  const user = { email: `${name}@yoursite.example`, workspace: { id: workspace }, roles };
  return (await site.company.house.asHost(createUser, user)).id;
}

async function editorRole(): Promise<void> {
  await site.company.house.asHost(createRole, { name: 'editor', permissions: ['collections:read'] });
}

describe('who makes tokens', () => {
  beforeAll(editorRole);

  it('C1: whoever manages tokens makes them for any user, and each does what its user may do', async () => {
    const editor = await keyFor(await userWith('ada', ['editor']));
    const administrators = await keyFor(admin);
    expect((await look(editor.value)).status).toBe(200);
    const refused = await install(editor.value);
    expect([refused.status, refused.json.message]).toEqual([403, 'Admin access required']);
    expect((await install(administrators.value)).status).toBe(201);
    const { json } = await site.company.ask('GET', '/v1/tokens/current', administrators.value);
    expect(json).toMatchObject({ grant: { inherit: true }, owner: { id: admin, kind: 'user' } });
  });

  it('C1: what a user gains or loses, the token gains or loses with the next request', async () => {
    const { house } = site.company;
    const user = await userWith('grace', ['editor']);
    const { value } = await keyFor(user);
    expect((await install(value)).status).toBe(403);
    await house.asHost(updateUser, { id: user, workspace: { id: workspace }, roles: ['admin'] });
    expect((await install(value)).status).toBeLessThan(300);
    await house.asHost(updateUser, { id: user, workspace: { id: workspace }, roles: [] });
    expect([(await install(value)).status, (await look(value)).status]).toEqual([403, 403]);
  });

  it('C1: a bearer token makes no token, not even that of an admin, and for nobody', async () => {
    const { value } = await keyFor(admin);
    for (const owner of [admin, await userWith('bob')]) {
      const refused = await make(owner, {}, value);
      expect([refused.status, refused.json.message]).toEqual([403, 'Admin access required']);
    }
    expect((await look(value)).status).toBe(200);
  });

  it('C1: a bearer token rotates itself only where whoever made it allowed that', async () => {
    const rotate = (token: string) => site.company.ask('POST', '/v1/tokens/current/rotate', token, { body: {} });
    const plain = await keyFor(admin);
    expect((await rotate(plain.value)).status).toBe(403);
    expect((await look(plain.value)).status).toBe(200);
    const allowed = await keyFor(admin, { self_rotate: true });
    const { status, json } = await rotate(allowed.value);
    expect([status, (await look(allowed.value)).status, (await look(json.new_key.value)).status]).toEqual([
      201, 401, 200,
    ]);
  });

  it('C1: a token that manages Keyhouse does not give its own owner what it cannot do itself', async () => {
    const { json } = await site.company.ask('GET', '/v1/tokens/current', manager);
    const refused = await make(json.owner.id);
    expect([refused.status, Object.keys(refused.json)]).toEqual([403, ['message', 'errors']]);
    expect((await look(manager)).status).toBe(403);
  });

  it('C1: a token asks for nothing less and nothing else than what its user may do', async () => {
    for (const grant of [{ permissions: ['collections:read'] }, { level: 'read' }, { permissions: [] }]) {
      expect((await make(admin, grant)).status).toBe(400);
    }
  });
});

describe('users who have signed in on the site itself', () => {
  let folder: string;
  let keyhouse: Keyhouse;
  let server: Server;
  let origin: string;
  const permissions = ['collections:read', 'collections:install'];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-site-'));
    keyhouse = await createKeyhouse({ dataDir: folder, profile: 'collections', people: 'off' });
    const user = { external_id: 'user-7', workspace: { external_id: 'site' }, permissions };
    const routes = tokenRoutes(keyhouse, { owner: () => user });
    server = createServer((request, response) => routes(request, response, () => response.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server?.close();
    server?.closeAllConnections();
    await keyhouse?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(`${folder}.secrets`, { recursive: true, force: true });
  });

  it('C1: see their token and end it, and are told that an admin makes it', async () => {
    const ask = (method: string, path: string, body?: unknown) =>
      fetch(origin + path, {
        method,
        headers: { origin, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const refused = await ask('POST', '/', { name: 'mine' });
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { message: 'Admin access required', missing: ['keyhouse-tokens:write'] },
    ]);
    const { id, value } = await keyhouse.tokens.create({ name: 'given', owner: { external_id: 'user-7' } });
    expect(await (await ask('GET', '/')).json()).toMatchObject({ data: [{ id, name: 'given', state: 'active' }] });
    const rotated = await ask('POST', `/${id}/rotate`, {});
    expect([rotated.status, ((await rotated.json()) as { message: string }).message]).toEqual([
      403,
      'Admin access required',
    ]);
    const bearer = { rawHeaders: ['Authorization', `Bearer ${value}`], url: '/collections', method: 'GET', ip: null };
    expect((await keyhouse.authenticate(bearer, { allOf: [] })).allowed).toBe(true);
    expect((await ask('DELETE', `/${id}`)).status).toBe(200);
    expect((await keyhouse.authenticate(bearer, { allOf: [] })).allowed).toBe(false);
  });
});

describe('one token for each user', () => {
  it('C3: a new token ends the one before at once, and keeps its place in the history', async () => {
    const owner = await userWith('eve', ['admin']);
    const first = await keyFor(owner);
    expect((await look(first.value)).status).toBe(200);
    const made = await make(owner, { name: 'another' });
    expect(made.json).toMatchObject({ supersedes: first.id, guarantee: { class: 'process' } });
    expect([(await look(first.value)).status, (await look(made.json.value)).status]).toEqual([401, 200]);
    const { json } = await site.company.ask('GET', `/v1/tokens/${first.id}`, manager);
    expect(json).toMatchObject({ state: 'replaced', superseded_by: made.json.id });
  });

  it('C3: of fifty that are made at once, exactly one works', async () => {
    const owner = await userWith('mallory', ['admin']);
    const { value: before } = await keyFor(owner);
    const made = await Promise.all(Array.from({ length: 50 }, () => make(owner)));
    expect(new Set(made.map(({ status }) => status))).toEqual(new Set([201]));
    const statuses = await Promise.all(made.map(async ({ json }) => (await look(json.value)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
    expect((await look(before)).status).toBe(401);
  });

  it('C3: tokens of other users, and the one that manages Keyhouse, are left alone', async () => {
    const other = await keyFor(await userWith('trent', ['admin']));
    await keyFor(admin);
    await keyFor(admin);
    expect((await look(other.value)).status).toBe(200);
    expect((await site.company.ask('GET', '/v1/users', manager)).status).toBe(200);
  });
});

describe('three messages', () => {
  it('C6: says the same of a token that is missing, malformed, mistyped, unknown, revoked or replaced', async () => {
    const owner = await userWith('peggy', ['admin']);
    const replaced = (await keyFor(owner)).value;
    const revoked = await keyFor(owner);
    const { status: ended } = await site.company.ask('DELETE', `/v1/tokens/${revoked.id}`, manager);
    expect(ended).toBe(200);
    const { value } = await keyFor(owner);
    const headers: readonly (string | null)[] = [
      null,
      'Bearer',
      'Bearer ',
      `Bearer ${value} x`,
      `Bearer "${value}"`,
      `Bearer <${value}>`,
      `Bearer Bearer ${value}`,
      `Token ${value}`,
      'Basic YWRtaW46YWRtaW4=',
      value,
      'Bearer <your token here>',
      `Bearer ${value.slice(0, -1)}`,
      `Bearer ${value.slice(0, -1)}_`,
      `Bearer sk_live_${value.slice(-32)}`,
      `Bearer ${replaced}`,
      `Bearer ${revoked.value}`,
    ];
    for (const authorization of headers) {
      for (const [method, path] of [
        ['POST', '/installCollection'],
        ['GET', '/collections'],
        ['DELETE', '/collections/myCollection'],
      ] as const) {
        const asked = authorization === null ? {} : { headers: { authorization } };
        const { status, json, headers: fields } = await site.company.ask(method, path, null, asked);
        expect([authorization?.replaceAll(value, '…'), status, json]).toEqual([
          authorization?.replaceAll(value, '…'),
          401,
          { message: 'Authentication required' },
        ]);
        expect(fields.get('www-authenticate')).toMatch(/^Bearer realm="site"/);
      }
    }
    expect((await look(value)).status).toBe(200);
  });

  it('C6: names what helps in a header, where the body has one sentence only', async () => {
    const owner = await userWith('victor', ['admin']);
    const { value: before } = await keyFor(owner);
    const { value } = await keyFor(owner);
    const described = async (authorization: string): Promise<string> => {
      const { headers } = await site.company.ask('GET', '/collections', null, { headers: { authorization } });
      return headers.get('www-authenticate') ?? '';
    };
    expect(await described(`Bearer ${before}`)).toMatch(/error="invalid_token".*replaced/i);
    expect(await described(`Bearer ${value.slice(0, -3)}`)).toMatch(/end of the bearer token is missing/);
    expect(await described('Bearer <your token here>')).toMatch(/placeholder|documentation|sample|example/i);
  });

  it('C6: says "Token has expired" of one that has, and "Admin access required" to who is no admin', async () => {
    const owner = await userWith('walter', ['editor']);
    const { value } = await keyFor(owner, { expires_in: '1h' });
    for (const refused of [
      await install(value),
      await site.company.ask('DELETE', '/collections/myCollection', value),
    ]) {
      expect([refused.status, refused.json]).toEqual([403, { message: 'Admin access required' }]);
      expect(refused.headers.get('www-authenticate')).toContain('scope="collections:install"');
    }
    site.company.house.clock.advance(3_600_000);
    const expired = await install(value);
    expect([expired.status, expired.json]).toEqual([401, { message: 'Token has expired' }]);
  });

  it('C6: the profile has exactly these three from the document, for the reasons they stand for', () => {
    const printed = Object.entries(collections.errors.denials)
      .filter(([, { source }]) => source === 'document')
      .map(([reason, { status, message }]) => [reason, status, message]);
    expect(printed).toEqual([
      ['authentication_required', 401, 'Authentication required'],
      ['invalid_request', 401, 'Authentication required'],
      ['invalid_token', 401, 'Authentication required'],
      ['token_expired', 401, 'Token has expired'],
      ['insufficient_permissions', 403, 'Admin access required'],
    ]);
  });
});

describe('a year', () => {
  it('C4: a shorter life can be asked for, a longer one or one without end cannot', async () => {
    expect((await make(admin, { expires_in: '30d' })).status).toBe(201);
    for (const asked of [{ expires_in: '366d' }, { expires_in: '53w' }, { expires_at: '2400-01-01T00:00:00Z' }]) {
      expect((await make(admin, asked)).status).toBe(400);
    }
    expect((await make(admin, { expires_at: null })).json.expires_at).not.toBe(null);
  });

  it('C4: a token is shown with its end, works until less than 365 days after it was made, and not at that moment', async () => {
    const { house } = site.company;
    const made = await make(admin);
    const [createdAt, expiresAt] = [Date.parse(made.json.created_at), Date.parse(made.json.expires_at)];
    expect(expiresAt - createdAt).toBe(365 * DAY_MS);
    // Its last moment, and the one after.
    house.clock.advance(expiresAt - house.clock.now() - 1);
    expect((await look(made.json.value)).status).toBe(200);
    house.clock.advance(1);
    const { status, json } = await look(made.json.value);
    expect([status, json]).toEqual([401, { message: 'Token has expired' }]);
    // The token that manages Keyhouse has lived as long.
    expect((await look(manager)).json).toEqual({ message: 'Token has expired' });
    expect((await look((await site.company.makeKey({ owner: { id: admin } })).value)).status).toBe(200);
  });
});

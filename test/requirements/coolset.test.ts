import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE_NAMES, ROLES } from '../../examples/coolset/roles.ts';
import { revokeToken, rotateToken, updateToken, updateUser, updateWorkspace } from '../../src/manage/index.ts';
import { coolset } from '../../src/profile/index.ts';
import { startExample } from '../examples/running-example.ts';
import { requestText } from '../http/raw-socket.ts';
import { filesBelow, Listener, type Trace, tracesOf } from '../security/traces.ts';
import type { CompanyAnswer } from './company.ts';
import { type CoolsetCompany, EXAMPLE, membershipsOf, openCoolset, SAMPLE } from './mount-coolset.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ONCE_A_MINUTE = [{ name: 'minute', limit: 1, seconds: 60 }];
const ORDER = { number: 'PO-1', supplier: 'Somebody', product: 'Pallets', quantity: 4, status: 'draft' };
const NOT_PROVIDED = { detail: 'Authentication credentials were not provided.' };
const NOT_PERMITTED = { detail: 'You do not have permission to perform this action.' };

let company: CoolsetCompany;
let admin: { readonly id: string; readonly email: string };
/** May do everything at Example Ltd. */
let able: string;

beforeAll(async () => {
  company = await openCoolset();
  admin = await company.person({ [EXAMPLE]: 'admin' });
  able = (await company.tokenOf(admin, { level: 'admin' })).value;
});
afterAll(() => company?.close());

const statusOf = async (method: string, path: string, value: string) => (await company.ask(method, path, value)).status;

async function newOrder(value = able): Promise<string> {
  const { status, json } = await company.ask('POST', '/api/orders/', value, { body: ORDER });
  expect(status).toBe(201);
  return json.id;
}

describe('what a token looks like', () => {
  it('S2: a token is sk_live_ and 32 random characters, and no two are alike', async () => {
    const values = [];
    for (let count = 0; count < 20; count += 1) values.push((await company.tokenOf(admin, { level: 'read' })).value);
    for (const value of values) expect(value).toMatch(/^sk_live_[0-9A-Za-z]{32}$/);
    expect(new Set(values.map((value) => value.slice(-32, -24))).size).toBe(20);
  });

  it('S2: it is taken after Bearer, in any case and nothing else', async () => {
    const sent = async (authorization: string) =>
      (await company.ask('GET', '/api/orders/', null, { headers: { authorization } })).status;
    expect([await sent(`Bearer ${able}`), await sent(`bearer ${able}`)]).toEqual([200, 200]);
    for (const other of [`Token ${able}`, able, `Basic ${able}`, `Bearer "${able}"`, `Bearer: ${able}`]) {
      expect(await sent(other)).toBe(401);
    }
  });
});

describe('how the API is reached', () => {
  it.each(['/api/accounts/user-config/', '/api/orders/', '/api/accounts/users/', '/accounts/workspaces/'])(
    'S3: %s is answered as it is printed, and alike where the last slash was left out',
    async (path) => {
      const printed = await company.ask('GET', path, able);
      const forgiven = await company.ask('GET', path.slice(0, -1), able);
      expect([printed.status, forgiven.status, forgiven.json]).toEqual([200, 200, printed.json]);
      expect(await statusOf('GET', `${path}/`, able)).toBe(404);
    },
  );

  it('S3: a page of any origin may call and read every answer', async () => {
    const Origin = 'https://shop.example.com';
    const asked = {
      Origin,
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization',
    };
    const answers = [
      await company.ask('OPTIONS', '/api/orders/x/', null, { headers: asked }),
      await company.ask('GET', '/api/orders/', able, { headers: { Origin } }),
      await company.ask('GET', '/api/orders/', null, { headers: { Origin } }),
      await company.ask('GET', '/sandbox/api/orders/', able, { headers: { Origin } }),
      await company.ask('PUT', '/api/orders/', able, { headers: { Origin } }),
      await company.ask('GET', '/nothing/', able, { headers: { Origin } }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([204, 200, 401, 401, 405, 404]);
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(answers[0]?.headers.get('access-control-allow-headers')).toContain('Authorization');
  });
});

describe('production and sandbox', () => {
  it('S4: a token made for testing opens the sandbox and nothing live, and the other way round', async () => {
    const { value: testing } = await company.tokenOf(admin, { level: 'admin', environment: 'test' });
    expect(testing).toMatch(/^sk_test_[0-9A-Za-z]{32}$/);
    for (const path of ['/api/orders/', '/api/accounts/user-config/', '/accounts/workspaces/', '/v1/auth/test']) {
      const live = await company.ask('GET', path, testing);
      expect([path, live.status, live.json]).toEqual([path, 401, NOT_PROVIDED]);
      expect(live.headers.get('www-authenticate')).toContain('another environment');
      expect(await statusOf('GET', path, able)).toBe(200);
    }
    for (const path of ['/sandbox/api/orders/', '/sandbox/accounts/workspaces/']) {
      expect([await statusOf('GET', path, testing), await statusOf('GET', path, able)]).toEqual([200, 401]);
    }
    const edited = testing.replace('sk_test_', 'sk_live_');
    expect(await statusOf('GET', '/api/orders/', edited)).toBe(401);
  });

  it('S4: what is done in the sandbox is not there in production', async () => {
    const { value: testing } = await company.tokenOf(admin, { level: 'admin', environment: 'test' });
    const made = await company.ask('POST', '/sandbox/api/orders/', testing, { body: ORDER });
    const config = { body: { language: 'fr' } };
    expect((await company.ask('PATCH', '/sandbox/api/accounts/user-config/', testing, config)).json.language).toBe(
      'fr',
    );
    expect(await statusOf('GET', `/sandbox/api/orders/${made.json.id}/`, testing)).toBe(200);
    expect(await statusOf('GET', `/api/orders/${made.json.id}/`, able)).toBe(404);
    expect((await company.ask('GET', '/api/accounts/user-config/', able)).json.language).toBe('en');
    const live = await newOrder();
    expect(await statusOf('DELETE', `/sandbox/api/orders/${live}/`, testing)).toBe(404);
  });
});

interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly permission: string;
  readonly status: number;
  readonly body?: () => unknown;
}

/** The API as the document's levels divide it, written apart from the example's own routes. */
const OPERATIONS: readonly Operation[] = [
  { method: 'GET', path: '/api/accounts/user-config/', permission: 'user-config:read', status: 200 },
  {
    method: 'PATCH',
    path: '/api/accounts/user-config/',
    permission: 'user-config:write',
    status: 200,
    body: () => ({ units: 'imperial' }),
  },
  { method: 'GET', path: '/api/orders/', permission: 'orders:read', status: 200 },
  { method: 'GET', path: '/api/orders/{order}/', permission: 'orders:read', status: 200 },
  { method: 'POST', path: '/api/orders/', permission: 'orders:write', status: 201, body: () => ORDER },
  {
    method: 'PATCH',
    path: '/api/orders/{order}/',
    permission: 'orders:write',
    status: 200,
    body: () => ({ status: 'placed' }),
  },
  { method: 'DELETE', path: '/api/orders/{order}/', permission: 'orders:delete', status: 204 },
  { method: 'GET', path: '/api/accounts/users/', permission: 'users:read', status: 200 },
  { method: 'GET', path: '/api/accounts/users/{user}/', permission: 'users:read', status: 200 },
  {
    method: 'POST',
    path: '/api/accounts/users/',
    permission: 'users:write',
    status: 201,
    body: () => ({ email: `${crypto.randomUUID()}@example.com`, role: 'viewer' }),
  },
  {
    method: 'PATCH',
    path: '/api/accounts/users/{user}/',
    permission: 'users:write',
    status: 200,
    body: () => ({ role: 'editor' }),
  },
  { method: 'DELETE', path: '/api/accounts/users/{user}/', permission: 'users:write', status: 204 },
  { method: 'GET', path: '/accounts/workspaces/', permission: 'workspaces:read', status: 200 },
  { method: 'GET', path: '/api/accounts/workspaces/', permission: 'workspaces:read', status: 200 },
];

const LEVELS = ['read', 'write', 'admin'] as const;
const LOOKING = OPERATIONS.filter(({ method }) => method === 'GET');

async function perform({ method, path, body }: Operation, value: string): Promise<CompanyAnswer> {
  let target = path;
  if (path.includes('{order}')) target = path.replace('{order}', await newOrder());
  if (path.includes('{user}')) target = path.replace('{user}', (await company.person({ [EXAMPLE]: 'viewer' })).id);
  return company.ask(method, target, value, body === undefined ? {} : { body: body() });
}

describe('levels', () => {
  it('S5: read looks everywhere, write also creates and updates, admin does everything, and the table is the profile’s', () => {
    const mayAt = (level: string) => coolset.levels.find((one) => one.level === level)?.permissions ?? [];
    const allowed = LEVELS.map((level) => OPERATIONS.filter(({ permission }) => mayAt(level).includes(permission)));
    expect(allowed[0]).toEqual(LOOKING);
    expect(allowed[1]?.map(({ method }) => method).filter((method) => method === 'DELETE')).toEqual([]);
    expect(allowed[2]).toEqual(OPERATIONS);
    const described = coolset.catalogue === 'open' ? [] : coolset.catalogue.flatMap(({ operations }) => operations);
    const here = OPERATIONS.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/, '{id}')}`);
    expect([...described].sort()).toEqual([...here].sort());
  });

  it.each(ROLE_NAMES.flatMap((role) => LEVELS.map((level) => ({ role, level }))))(
    'S5: the level $level and the role $role together allow what both allow, and everything else is refused',
    async ({ role, level }) => {
      const person = await company.person({ [EXAMPLE]: 'admin' });
      const { value } = await company.tokenOf(person, { level });
      await company.house.asHost(updateUser, { id: person.id, memberships: membershipsOf({ [EXAMPLE]: role }) });
      const levelAllows = coolset.levels.find((one) => one.level === level)?.permissions ?? [];
      for (const operation of OPERATIONS) {
        const { permission, status } = operation;
        const isAllowed = levelAllows.includes(permission) && ROLES[role].permissions.includes(permission);
        const answer = await perform(operation, value);
        expect([operation, answer.status]).toEqual([operation, isAllowed ? status : 403]);
        if (isAllowed) continue;
        expect(answer.json).toEqual(NOT_PERMITTED);
        expect(answer.headers.get('www-authenticate')).toContain(`scope="${permission}"`);
      }
    },
  );

  it('S5: nobody makes a token of a level that gives its owner nothing', async () => {
    const viewer = await company.person({ [EXAMPLE]: 'viewer' });
    for (const level of ['write', 'admin']) {
      await expect(company.tokenOf(viewer, { level })).rejects.toMatchObject({ code: 'exceeds_creator' });
    }
    const editor = await company.person({ [EXAMPLE]: 'editor' });
    await expect(company.tokenOf(editor, { level: 'admin' })).rejects.toMatchObject({ code: 'exceeds_creator' });
    await expect(company.tokenOf(editor, { permissions: ['orders:read'] })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

describe('companies', () => {
  it('S6: a token of one company never reaches what is the other’s, whatever its owner may do there', async () => {
    const both = await company.person({ [EXAMPLE]: 'admin', [SAMPLE]: 'admin' });
    const { value: here } = await company.tokenOf(both, { level: 'admin' });
    const { value: there } = await company.tokenOf(both, { level: 'admin', workspace: { external_id: SAMPLE } });
    const order = await newOrder(there);
    const other = await company.person({ [SAMPLE]: 'viewer' });
    for (const path of [`/api/orders/${order}/`, `/api/accounts/users/${other.id}/`]) {
      const body = path.includes('orders') ? { status: 'placed' } : { role: 'editor' };
      expect([await statusOf('GET', path, there), await statusOf('GET', path, here)]).toEqual([200, 404]);
      expect((await company.ask('PATCH', path, here, { body })).status).toBe(404);
      expect(await statusOf('DELETE', path, here)).toBe(404);
      expect(await statusOf('GET', path, there)).toBe(200);
    }
    const orders = await company.ask('GET', '/api/orders/?limit=100', here);
    expect(JSON.stringify(orders.json)).not.toContain(order);
    const users = await company.ask('GET', '/api/accounts/users/?limit=100', here);
    expect(JSON.stringify(users.json)).not.toContain(other.id);
    await company.ask('PATCH', '/api/accounts/user-config/', there, { body: { currency: 'GBP' } });
    const configs = [here, there].map((value) => company.ask('GET', '/api/accounts/user-config/', value));
    const [inExample, inSample] = (await Promise.all(configs)).map(({ json }) => [json.workspace.name, json.currency]);
    expect([inExample, inSample]).toEqual([
      [EXAMPLE, 'EUR'],
      [SAMPLE, 'GBP'],
    ]);
  });

  it('S6: the companies of its owner are listed, with the role in each and the token’s own marked', async () => {
    const both = await company.person({ [EXAMPLE]: 'viewer', [SAMPLE]: 'admin' });
    const { value } = await company.tokenOf(both, { level: 'read', workspace: { external_id: SAMPLE } });
    for (const path of ['/accounts/workspaces/', '/api/accounts/workspaces/']) {
      const { json } = await company.ask('GET', path, value);
      expect(json).toEqual({
        data: [
          { id: expect.stringMatching(/^wsp_/), name: EXAMPLE, role: 'viewer', is_current: false },
          { id: expect.stringMatching(/^wsp_/), name: SAMPLE, role: 'admin', is_current: true },
        ],
        next_cursor: null,
      });
    }
  });

  it('S6: a token cannot switch, and is told where that is done', async () => {
    for (const path of ['/accounts/workspaces/', '/api/accounts/workspaces/']) {
      const { status, json } = await company.ask('POST', path, able, { body: { workspace: SAMPLE } });
      expect([status, json]).toEqual([403, { detail: expect.stringMatching(/dashboard/) }]);
      expect((await company.ask('POST', path)).json).toEqual(NOT_PROVIDED);
    }
  });
});

describe('the life of a token', () => {
  it('S7: it works until somebody revokes it, years later too', async () => {
    const { value } = await company.tokenOf(admin, { level: 'read' });
    company.house.clock.advance(3_650 * DAY_MS);
    expect(await statusOf('GET', '/api/orders/', value)).toBe(200);
  });

  it('S8: revoked, it is refused on the very next request', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { id, value } = await company.tokenOf(admin, { level: 'read' });
      expect(await statusOf('GET', '/api/orders/', value)).toBe(200);
      await company.house.asHost(revokeToken, { id });
      expect(await statusOf('GET', '/api/orders/', value)).toBe(401);
    }
  });
});

describe('how the API says no', () => {
  const fresh = () => company.tokenOf(admin, { level: 'read' });
  const member = () => company.person({ [EXAMPLE]: 'viewer' });
  const bearer = (value: string) => ({ authorization: `Bearer ${value}` });

  /** Every way in which a token can be missing or invalid, as the header that is sent. */
  const INVALID: Readonly<Record<string, () => Promise<Record<string, string>>>> = {
    missing: async () => ({}),
    'of another scheme': async () => ({ authorization: 'Basic dXNlcjpwYXNz' }),
    'with white space inside': async () => ({ authorization: `Bearer ${able.slice(0, 12)} ${able.slice(12)}` }),
    'sent twice in a line': async () => ({ authorization: `Bearer ${able}, Bearer ${able}` }),
    'of somebody else': async () => bearer('some.jwt.value'),
    'the printed placeholder': async () => bearer('YOUR_API_TOKEN'),
    'the printed sample': async () => bearer('sk_live_1234567890abcdef'),
    mistyped: async () => bearer(`${able.slice(0, -1)}${able.endsWith('0') ? '1' : '0'}`),
    'cut off': async () => bearer(able.slice(0, -4)),
    'of the sandbox': async () => bearer((await company.tokenOf(admin, { level: 'read', environment: 'test' })).value),
    revoked: async () => {
      const { id, value } = await fresh();
      await company.house.asHost(revokeToken, { id });
      return bearer(value);
    },
    disabled: async () => {
      const { id, value } = await fresh();
      await company.house.asHost(updateToken, { id, disabled: true });
      return bearer(value);
    },
    replaced: async () => {
      const { id, value } = await fresh();
      await company.house.asHost(rotateToken, { id, grace_period: '0s' });
      return bearer(value);
    },
    expired: async () => {
      const { value } = await company.tokenOf(admin, { level: 'read', expires_in: '1m' });
      company.house.clock.advance(MINUTE_MS);
      return bearer(value);
    },
    'of a disabled user': async () => {
      const person = await member();
      const { value } = await company.tokenOf(person, { level: 'read' });
      await company.house.asHost(updateUser, { id: person.id, disabled: true });
      return bearer(value);
    },
    'of a user who left the company': async () => {
      const person = await company.person({ [EXAMPLE]: 'viewer', [SAMPLE]: 'viewer' });
      const { value } = await company.tokenOf(person, { level: 'read' });
      await company.house.asHost(updateUser, { id: person.id, memberships: membershipsOf({ [SAMPLE]: 'viewer' }) });
      return bearer(value);
    },
    'of a company that is disabled': async () => {
      const person = await company.person({ [SAMPLE]: 'viewer' });
      const workspace = { external_id: SAMPLE };
      const { value } = await company.tokenOf(person, { level: 'read', workspace });
      const current = await company.ask('GET', '/accounts/workspaces/', value);
      await company.house.asHost(updateWorkspace, { id: current.json.data[0].id, disabled: true });
      return bearer(value);
    },
  };

  it.each(Object.keys(INVALID))('S9: a token that is %s gets 401 and the printed body, nothing more', async (how) => {
    const headers = (await INVALID[how]?.()) ?? {};
    for (const path of ['/api/orders/', '/api/tokens/current']) {
      const answer = await company.ask('GET', path, null, { headers });
      expect([path, answer.status, answer.json]).toEqual([path, 401, NOT_PROVIDED]);
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="Coolset API"/);
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    }
  });

  it('S9: a token that may not gets 403 and the printed body, at the API and at Keyhouse’s own routes', async () => {
    const { value } = await fresh();
    expect(await company.ask('POST', '/api/orders/', value)).toMatchObject({ status: 403, json: NOT_PERMITTED });
    expect(await company.ask('GET', '/v1/users', value)).toMatchObject({ status: 403, json: NOT_PERMITTED });
  });

  it('S9: what the document has no words for has the same shape: an address, a limit, an input, a path', async () => {
    const bound = await company.tokenOf(admin, { level: 'read', ip_allowlist: ['203.0.113.0/24'] });
    const slow = await company.tokenOf(admin, { level: 'read', tier: undefined, limits: ONCE_A_MINUTE });
    await company.ask('GET', '/api/orders/', slow.value);
    const answers = [
      await company.ask('GET', '/api/orders/', bound.value),
      await company.ask('GET', '/api/orders/', slow.value),
      await company.ask('POST', '/api/orders/', able, { body: { number: 7 } }),
      await company.ask('GET', '/api/orders/nothing/', able),
      await company.ask('GET', '/api/accounts/users/nobody/', able),
      await company.ask('PUT', '/api/orders/', able),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 429, 400, 404, 404, 405]);
    for (const { json } of answers) expect(json.detail).toMatch(/^[A-Z].*[.]$/);
    expect(answers[2]?.json.errors).toContainEqual({ path: 'number', message: expect.any(String) });
  });
});

describe('tokens stay secret', () => {
  it('S10: a token is in the one answer that gave it out, and in no log, no file, no error and no other answer', {
    timeout: 60_000,
  }, async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'keyhouse-coolset-'));
    const example = await startExample('coolset', { dataDir });
    try {
      const { api, token, managementToken } = example;
      const client = new Listener(api);
      const manage = (body?: unknown) => ({ token: String(managementToken), ...(body !== undefined && { body }) });
      const { data } = await client.ask('users', 'GET', '/v1/users?search=editor', manage());
      const owner = { id: data[0].id };
      const ask = { name: 'canary', owner, level: 'write' };
      const created = (await client.ask('created', 'POST', '/api/tokens', manage(ask))).value as string;
      const testing = { ...ask, environment: 'test' };
      const sandbox = (await client.ask('created for testing', 'POST', '/api/tokens', manage(testing))).value as string;
      const self = { token: created, body: { grace_period: '1h' } };
      const { new_key: next } = await client.ask('rotated', 'POST', '/api/tokens/current/rotate', self);
      for (const value of [created, next.value, sandbox, String(token)]) await mishandle(client, value);
      await client.ask('revoked', 'DELETE', `/api/tokens/${next.id}`, manage());
      await client.ask('refused', 'GET', '/api/orders/', { token: next.value });
      for (const path of ['/api/tokens', '/v1/audit-events?limit=100', '/metrics', '/openapi.json', '/reference']) {
        await client.ask(path, 'GET', path, manage());
      }
      const whileRunning = filesBelow(dataDir);
      await example.process.stop('SIGTERM');
      // The first line gives out the first two tokens, once.
      const [, ...afterFirst] = example.process.stdout().split('\n');
      const said: readonly Trace[] = [
        { where: 'standard output', bytes: Buffer.from(afterFirst.join('\n')) },
        { where: 'standard error', bytes: Buffer.from(example.process.stderr()) },
      ];
      const everything = [...client.traces, ...whileRunning, ...filesBelow(dataDir), ...said];
      expect(tracesOf(owner.id, everything).some((where) => where.endsWith('.sqlite'))).toBe(true);
      expect(tracesOf(created, everything)).toEqual(['created']);
      expect(tracesOf(sandbox, everything)).toEqual(['created for testing']);
      expect(tracesOf(next.value, everything)).toEqual(['rotated']);
      for (const value of [String(token), String(managementToken)]) expect(tracesOf(value, everything)).toEqual([]);
    } finally {
      await example.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  /** Every way in which somebody could bring a token where it does not belong. */
  async function mishandle(client: Listener, value: string): Promise<void> {
    const mistyped = `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;
    const inUrl = encodeURIComponent(value);
    for (const base of ['', '/sandbox']) {
      await client.ask('used', 'GET', `${base}/api/accounts/user-config/`, { token: value });
      await client.ask('mistyped', 'GET', `${base}/api/orders/`, { token: mistyped });
      await client.ask('in the URL', 'GET', `${base}/api/orders/?access_token=${inUrl}`);
      await client.ask('in the URL and in the header', 'GET', `${base}/api/orders/?token=${inUrl}`, { token: value });
      await client.ask('in the path', 'GET', `${base}/api/orders/${inUrl}/`, { token: value });
      await client.ask('as a user', 'GET', `${base}/api/accounts/users/${inUrl}/`, { token: value });
      await client.ask('as a cursor', 'GET', `${base}/api/accounts/users/?cursor=${inUrl}`, { token: value });
      await client.ask('at a path that is not there', 'GET', `${base}/${inUrl}`, { token: value });
      await client.ask('as a cookie', 'GET', `${base}/api/orders/`, { headers: { Cookie: `session=${value}` } });
      await client.ask('quoted', 'GET', `${base}/api/orders/`, { headers: { Authorization: `Bearer "${value}"` } });
      await client.ask('as a field', 'POST', `${base}/api/orders/`, { token: value, body: { [value]: 1 } });
      await client.ask('in broken JSON', 'POST', `${base}/api/orders/`, { token: value, body: `{"number": "${value}` });
      await client.ask('as an origin', 'GET', `${base}/api/orders/`, { token: value, headers: { Origin: value } });
    }
    const lines = [`Authorization: Bearer ${value}`, 'Connection: close'];
    await client.send('two lines', requestText('GET /api/orders/ HTTP/1.1', [...lines, lines[0] as string]));
    await client.send('a broken request', `GET /api/orders/ HTTP/1.1\r\n${lines.join('\r\n')}\r\nbad header\r\n\r\n`);
  }
});

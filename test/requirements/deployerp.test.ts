import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING, RESOURCES } from '../../examples/deployerp/resources.ts';
import { createToken, putOwner } from '../../src/manage/index.ts';
import { deployerp } from '../../src/profile/index.ts';
import { type Company, type CompanyAnswer, type Key, mountDeployerp, OWNER, openCompany } from './company.ts';
import { type ApiOperation, OPERATIONS, PERMISSIONS } from './operations.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let company: Company<ReturnType<typeof mountDeployerp>>;
/** May do everything, as often as it likes. */
let able: Key;

beforeAll(async () => {
  company = await openCompany(deployerp, mountDeployerp);
  able = await company.makeKey({ permissions: EVERYTHING, tier: 'unlimited' });
});
afterAll(() => company?.close());

const codeOf = ({ status, json }: CompanyAnswer): [number, string] => [status, json?.error?.code];

describe('what a key looks like', () => {
  it('D2: a key is dep_, its environment and 32 random characters, and no two are alike', async () => {
    const values = [];
    for (const environment of ['live', 'test'] as const) {
      for (let count = 0; count < 20; count += 1) {
        const { value } = await company.makeKey({ permissions: ['servers:read'], environment });
        expect(value).toMatch(new RegExp(`^dep_${environment}_[0-9A-Za-z]{32}$`));
        values.push(value.slice(-32));
      }
    }
    expect(new Set(values).size).toBe(40);
    expect(new Set(values.map((value) => value.slice(0, 8))).size).toBe(40);
  });

  it('D2: a test key opens nothing that is live, and neither does a key whose environment was edited', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'], environment: 'test' });
    expect(codeOf(await company.ask('GET', '/v1/servers', value))).toEqual([401, 'invalid_token']);
    const edited = value.replace('_test_', '_live_');
    expect(codeOf(await company.ask('GET', '/v1/servers', edited))).toEqual([401, 'invalid_token']);
  });
});

describe('what a key may do', () => {
  const BODIES: Readonly<Record<string, () => Promise<Record<string, unknown>>>> = {
    servers: async () => ({ name: 'web', region: 'eu-north', size: 'small' }),
    instances: async () => ({ name: 'shop', server_id: await rowOf('servers'), version: '17.2' }),
    backups: async () => ({ instance_id: await rowOf('instances') }),
    teams: async () => ({ name: 'Operations' }),
  };

  /** A new row of a resource. */
  async function rowOf(resource: string): Promise<string> {
    if (resource === 'invoices') return invoice();
    const { status, json } = await company.ask('POST', `/v1/${resource}`, able.value, {
      body: await BODIES[resource]?.(),
    });
    expect(status).toBe(201);
    return json.id;
  }

  async function invoice(): Promise<string> {
    const invoices = RESOURCES.find(({ name }) => name === 'invoices');
    const { workspace } = (await company.house.asHost(createToken, {
      name: 'probe',
      owner: OWNER,
      permissions: ['billing:read'],
    })) as { workspace: { id: string } };
    const values = { number: '7', issued_on: '2027-01-31', amount_cents: 4_900, currency: 'EUR' };
    return String(company.mounted.tables.insert(invoices as (typeof RESOURCES)[number], workspace.id, values).id);
  }

  async function perform({ method, path }: ApiOperation, key: string): Promise<CompanyAnswer> {
    const resource = path.split('/')[2] ?? '';
    const target = path.includes('{id}') ? path.replace('{id}', await rowOf(resource)) : path;
    const body = method === 'POST' ? await BODIES[resource]?.() : method === 'PATCH' ? { name: 'renamed' } : undefined;
    return company.ask(method, target, key, { body });
  }

  it('D3: there are the eleven permissions, and the API has no operation that needs none', () => {
    const { catalogue } = deployerp;
    expect(catalogue === 'open' ? [] : catalogue.map(({ permission }) => permission)).toEqual(PERMISSIONS);
    expect(PERMISSIONS).toHaveLength(11);
    const needed = RESOURCES.flatMap(({ permissions }) => Object.values(permissions));
    expect([...new Set(needed)].sort()).toEqual([...PERMISSIONS].sort());
  });

  it.each(PERMISSIONS)(
    'D3: %s allows its own operations, and every other is refused naming what is missing',
    async (held) => {
      const { value } = await company.makeKey({ permissions: [held] });
      for (const operation of OPERATIONS) {
        const answer = await perform(operation, value);
        if (operation.permission === held) {
          expect([operation, answer.status]).toEqual([operation, operation.status]);
        } else {
          expect([operation, ...codeOf(answer)]).toEqual([operation, 403, 'insufficient_permissions']);
          expect(answer.json.error.message).toContain(operation.permission);
          expect(answer.headers.get('www-authenticate')).toContain(`scope="${operation.permission}"`);
        }
      }
    },
  );

  it('D4: instances:* allows every operation on instances and none on anything else', async () => {
    const { value } = await company.makeKey({ permissions: ['instances:*'] });
    for (const operation of OPERATIONS) {
      const { status } = await perform(operation, value);
      expect([operation, status]).toEqual([
        operation,
        operation.path.startsWith('/v1/instances') ? operation.status : 403,
      ]);
    }
  });

  it.each(['*', '*:read', 'instances:', 'instance:*', 'inst*:read', 'Instances:*', 'servers:*:*'])(
    'D4: %s is no permission',
    async (entry) => {
      await expect(company.makeKey({ permissions: [entry] })).rejects.toMatchObject({ code: 'unknown_permission' });
    },
  );

  it('D5: the read-only template is exactly the three printed permissions', () => {
    const [readOnly] = deployerp.templates;
    expect(readOnly).toMatchObject({
      name: 'Read-Only Key',
      permissions: ['servers:read', 'instances:read', 'backups:read'],
      source: 'document',
    });
    expect(deployerp.templates.map(({ name }) => name)).toEqual(['Read-Only Key', 'Deployment Key', 'Admin Key']);
  });

  it.each([
    ['Read-Only Key', ['GET']],
    ['Deployment Key', ['GET', 'POST', 'PATCH']],
    ['Admin Key', ['GET', 'POST', 'PATCH', 'DELETE']],
  ])('D5: a key made from the %s template may %s on servers and instances', async (name, methods) => {
    const template = deployerp.templates.find((one) => one.name === name);
    const { value } = await company.makeKey({ name: template?.tokenName, permissions: template?.permissions });
    for (const operation of OPERATIONS.filter(({ path }) => /servers|instances/.test(path))) {
      const { status } = await perform(operation, value);
      expect([operation, status]).toEqual([operation, methods.includes(operation.method) ? operation.status : 403]);
    }
    const invoices = await company.ask('GET', '/v1/invoices', value);
    expect(invoices.status).toBe(name === 'Admin Key' ? 200 : 403);
  });

  it('D18: rows are created, read, changed, listed page by page and deleted', async () => {
    const created = await company.ask('POST', '/v1/servers', able.value, {
      body: { name: 'db-1', region: 'us-east', size: 'large' },
    });
    expect(created.json).toMatchObject({ name: 'db-1', region: 'us-east', size: 'large' });
    const path = `/v1/servers/${created.json.id}`;
    const changed = await company.ask('PATCH', path, able.value, { body: { size: 'small' } });
    expect(changed.json).toMatchObject({ ...created.json, size: 'small', updated_at: changed.json.updated_at });
    expect((await company.ask('GET', path, able.value)).json).toEqual(changed.json);
    const ids: string[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const { json } = await company.ask('GET', `/v1/servers?limit=2&cursor=${cursor}`, able.value);
      expect(json.data.length).toBeLessThanOrEqual(2);
      ids.push(...json.data.map(({ id }: { id: string }) => id));
      cursor = json.next_cursor;
    }
    expect(ids).toContain(created.json.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await company.ask('DELETE', path, able.value)).status).toBe(204);
    expect(codeOf(await company.ask('GET', path, able.value))).toEqual([404, 'not_found']);
    expect(codeOf(await company.ask('DELETE', path, able.value))).toEqual([404, 'not_found']);
  });

  it('D18: what is not valid is refused with every problem in its place', async () => {
    const { status, json } = await company.ask('POST', '/v1/servers', able.value, {
      body: { name: '', region: 'mars', colour: 'red' },
    });
    expect([status, json.error.code]).toEqual([400, 'invalid_input']);
    expect(json.error.errors.map(({ path }: { path: string }) => path)).toEqual(['name', 'region', 'colour', 'size']);
    const stray = { name: 'shop', server_id: 'srv_none', version: '17' };
    expect((await company.ask('POST', '/v1/instances', able.value, { body: stray })).json.error.errors).toEqual([
      { path: 'server_id', message: 'None of the servers has this id.' },
    ]);
    for (const body of [[], 'text', null, 7]) {
      expect((await company.ask('POST', '/v1/teams', able.value, { body })).status).toBe(400);
    }
    expect((await company.ask('GET', '/v1/servers?limit=0', able.value)).status).toBe(400);
    expect((await company.ask('GET', '/v1/servers?cursor=x', able.value)).status).toBe(400);
  });

  it('D18: a row that others refer to stays, and methods beyond the table are refused', async () => {
    const server = await rowOf('servers');
    await company.ask('POST', '/v1/instances', able.value, {
      body: { name: 'shop', server_id: server, version: '17.2' },
    });
    expect(codeOf(await company.ask('DELETE', `/v1/servers/${server}`, able.value))).toEqual([409, 'conflict']);
    const put = await company.ask('PUT', `/v1/servers/${server}`, able.value, { body: {} });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, PATCH, DELETE']);
    expect((await company.ask('POST', '/v1/invoices', able.value, { body: {} })).status).toBe(405);
    expect(codeOf(await company.ask('GET', '/v1/Servers', able.value))).toEqual([404, 'not_found']);
  });

  it('D18: a key of another workspace neither sees nor touches nor refers to what is not its own', async () => {
    const server = await rowOf('servers');
    const stranger = { external_id: 'user-77' };
    await company.house.asHost(putOwner, {
      ...stranger,
      workspace: { external_id: 'org-9' },
      permissions: EVERYTHING,
    });
    const { value } = await company.makeKey({ owner: stranger, permissions: EVERYTHING });
    expect((await company.ask('GET', '/v1/servers', value)).json.data).toEqual([]);
    expect((await company.ask('GET', `/v1/servers/${server}`, value)).status).toBe(404);
    expect((await company.ask('PATCH', `/v1/servers/${server}`, value, { body: { name: 'mine' } })).status).toBe(404);
    expect((await company.ask('DELETE', `/v1/servers/${server}`, value)).status).toBe(404);
    const body = { name: 'shop', server_id: server, version: '17.2' };
    expect((await company.ask('POST', '/v1/instances', value, { body })).status).toBe(400);
  });
});

describe('from where and how often a key may be used', () => {
  const LIST = ['203.0.113.0/24', '198.51.100.45', '2001:db8::/32'];
  const answerFrom = async (key: Key, from: string) =>
    codeOf(await company.ask('GET', '/v1/servers', key.value, { from }));

  it.each(['203.0.113.0', '203.0.113.255', '198.51.100.45', '2001:db8::1', '2001:0DB8:ffff::', '::ffff:203.0.113.9'])(
    'D6: %s is within the printed list',
    async (from) => {
      const key = await company.makeKey({ permissions: ['servers:read'], ip_allowlist: LIST });
      expect((await answerFrom(key, from))[0]).toBe(200);
    },
  );

  it.each(['203.0.114.0', '203.0.112.255', '198.51.100.44', '2001:db9::', '::203.0.113.9', '127.0.0.1', 'unknown'])(
    'D6: %s is not within the printed list',
    async (from) => {
      const key = await company.makeKey({ permissions: ['servers:read'], ip_allowlist: LIST });
      expect(await answerFrom(key, from)).toEqual([403, 'ip_restricted']);
    },
  );

  it('D6: a key without a list works from anywhere, and an empty or sloppy list is refused', async () => {
    const key = await company.makeKey({ permissions: ['servers:read'] });
    expect((await answerFrom(key, '192.0.2.1'))[0]).toBe(200);
    for (const list of [[], ['203.0.113.77/24'], ['010.0.0.1'], ['0.0.0.0/0'], ['office']]) {
      const made = company.makeKey({ permissions: ['servers:read'], ip_allowlist: list });
      await expect(made).rejects.toMatchObject({ code: 'invalid_ip' });
    }
  });

  it.each([
    ['standard', 1_000, 100],
    ['high-volume', 10_000, 1_000],
    ['limited', 100, 10],
  ])('D8: the tier %s admits %i in an hour and %i in a minute, and not one more', async (tier, perHour, perMinute) => {
    const { house } = company;
    const { value } = await company.makeKey({ permissions: ['servers:read'], tier });
    const spend = async (count: number): Promise<void> => {
      for (let spent = 0; spent < count; spent += 1) expect(await house.verdict(value)).toBe('ok');
    };
    const first = await company.ask('GET', '/v1/servers', value);
    expect(first.headers.get('ratelimit-policy')).toBe(`"hour";q=${perHour};w=3600,"minute";q=${perMinute};w=60`);
    expect(first.headers.get('x-ratelimit-remaining')).toBe(String(perHour - 1));
    await spend(perMinute - 1);
    const burst = await company.ask('GET', '/v1/servers', value);
    expect(codeOf(burst)).toEqual([429, 'rate_limited']);
    const waitMs = Number(burst.headers.get('retry-after')) * 1_000;
    expect(waitMs).toBeLessThanOrEqual(MINUTE_MS + 1_000);
    house.clock.advance(waitMs);
    for (let minute = 1; minute < perHour / perMinute; minute += 1) {
      await spend(perMinute);
      house.clock.advance(MINUTE_MS + 1_000);
    }
    const spent = await company.ask('GET', '/v1/servers', value);
    expect(codeOf(spent)).toEqual([429, 'rate_limited']);
    expect(spent.headers.get('ratelimit')).toMatch(/^"hour";r=0;/);
    house.clock.advance(Number(spent.headers.get('retry-after')) * 1_000);
    expect((await company.ask('GET', '/v1/servers', value)).status).toBe(200);
  });

  it('D8: the tier unlimited has no limit and says so', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'], tier: 'unlimited' });
    for (let spent = 0; spent < 1_500; spent += 1) expect(await company.house.verdict(value)).toBe('ok');
    const { status, headers } = await company.ask('GET', '/v1/servers', value, { headers: { 'x-debug-auth': 'true' } });
    expect([status, headers.get('ratelimit'), headers.get('x-auth-rate-limit')]).toEqual([200, null, 'unlimited']);
  });

  it('D8: a key that names no tier is a standard one, and a rotation does not refill it', async () => {
    const { id, value } = await company.makeKey({ permissions: ['servers:read'] });
    for (let spent = 0; spent < 99; spent += 1) await company.house.verdict(value);
    const { json } = await company.ask('POST', `/v1/api-keys/${id}/rotate`, value);
    expect(codeOf(await company.ask('GET', '/v1/servers', json.new_key.value))).toEqual([429, 'rate_limited']);
  });
});

describe('how the API says no', () => {
  const SHAPE = ['code', 'message', 'status'];
  const refusals: Readonly<Record<string, () => Promise<CompanyAnswer>>> = {
    'authentication_required 401': () => company.ask('GET', '/v1/servers'),
    'invalid_token 401': () => company.ask('GET', '/v1/servers', `dep_live_${'x'.repeat(32)}`),
    'token_expired 401': async () => {
      const { value } = await company.makeKey({ permissions: ['servers:read'], expires_in: '1h' });
      company.house.clock.advance(HOUR_MS);
      return company.ask('GET', '/v1/servers', value);
    },
    'insufficient_permissions 403': async () => {
      const { value } = await company.makeKey({ permissions: ['teams:read'] });
      return company.ask('GET', '/v1/servers', value);
    },
    'ip_restricted 403': async () => {
      const { value } = await company.makeKey({ permissions: ['servers:read'], ip_allowlist: ['192.0.2.1'] });
      return company.ask('GET', '/v1/servers', value);
    },
    'rate_limited 429': async () => {
      const { value } = await company.makeKey({ permissions: ['servers:read'], tier: 'limited' });
      for (let spent = 0; spent < 10; spent += 1) await company.house.verdict(value);
      return company.ask('GET', '/v1/servers', value);
    },
  };

  it.each(Object.entries(refusals))('D9: %s has the printed shape and nothing beside it', async (expected, refuse) => {
    const { status, json, headers } = await refuse();
    expect(Object.keys(json)).toEqual(['error']);
    expect(Object.keys(json.error).sort()).toEqual(SHAPE);
    expect(`${json.error.code} ${json.error.status}`).toBe(expected);
    expect(status).toBe(json.error.status);
    expect(json.error.message).toMatch(/^[A-Z].+/);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="deployerp"/);
    if (status === 429) expect(headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('D9: the API itself and Keyhouse answer what is not there in the same shape', async () => {
    for (const path of ['/v1/servers/srv_none', '/v1/nothing', '/v1/auth/nothing']) {
      const { status, json } = await company.ask('GET', path, able.value);
      expect([path, status, Object.keys(json.error).sort()]).toEqual([path, 404, SHAPE]);
    }
  });
});

describe('what a key learns about itself', () => {
  it('D11: the old key works until its grace ends and not a moment longer, the new one goes on', async () => {
    const { id, value } = await company.makeKey({ permissions: ['servers:read'] });
    const { status, json } = await company.ask('POST', `/v1/api-keys/${id}/rotate`, value);
    expect(status).toBe(201);
    const { old_key: old, new_key: successor } = json;
    expect(Date.parse(old.expires_at) - Date.parse(successor.created_at)).toBe(7 * DAY_MS);
    company.house.clock.advance(7 * DAY_MS - 1);
    expect((await company.ask('GET', '/v1/servers', value)).status).toBe(200);
    company.house.clock.advance(1);
    expect((await company.ask('GET', '/v1/servers', value)).status).toBe(401);
    expect((await company.ask('GET', '/v1/servers', successor.value)).status).toBe(200);
  });

  it('D11: whoever lost the answer asks again with the old key and is given the same new one', async () => {
    const { id, value } = await company.makeKey({ permissions: ['servers:read'] });
    const rotate = () => company.ask('POST', `/v1/api-keys/${id}/rotate`, value);
    const [first, second] = [await rotate(), await rotate()];
    expect(second.json.new_key).toEqual(first.json.new_key);
    expect((await company.ask('GET', '/v1/servers', first.json.new_key.value)).status).toBe(200);
    expect(codeOf(await rotate())).toEqual([409, 'already_rotated']);
  });

  it('D12: the test tells the key, its permissions as written and its limit, and counts as a request', async () => {
    const permissions = ['servers:read', 'instances:*'];
    const { id, value } = await company.makeKey({ permissions });
    const { json } = await company.ask('GET', '/v1/auth/test', value);
    expect(json).toEqual({
      authenticated: true,
      key_id: id,
      permissions,
      rate_limit: { limit: 1_000, remaining: 999, reset: json.rate_limit.reset },
    });
    const resetMs = Date.parse(json.rate_limit.reset) - company.house.clock.now();
    expect(resetMs).toBeGreaterThan(0);
    expect(resetMs).toBeLessThanOrEqual(HOUR_MS + MINUTE_MS);
    expect((await company.ask('GET', '/v1/auth/test', value)).json.rate_limit.remaining).toBe(998);
    expect((await company.ask('GET', '/v1/auth/test', able.value)).json.rate_limit).toBe(null);
    expect(codeOf(await company.ask('GET', '/v1/auth/test'))).toEqual([401, 'authentication_required']);
  });

  const debug = { 'x-debug-auth': 'true' };
  const debugged = ({ headers }: CompanyAnswer) =>
    ['x-auth-key-id', 'x-auth-permissions', 'x-auth-ip-check', 'x-auth-rate-limit'].map((name) => headers.get(name));

  it('D13: debugging shows key, permissions, address check and limit, on accepted requests and on refused ones', async () => {
    const permissions = ['servers:read', 'instances:*'];
    const { id, value } = await company.makeKey({ permissions, ip_allowlist: ['192.0.2.1'] });
    const inside = { headers: debug, from: '192.0.2.1' };
    const accepted = await company.ask('GET', '/v1/servers', value, inside);
    expect(debugged(accepted)).toEqual([id, 'servers:read,instances:*', 'passed', '999/1000']);
    const lacking = await company.ask('GET', '/v1/teams', value, inside);
    expect([lacking.status, ...debugged(lacking)]).toEqual([403, id, 'servers:read,instances:*', 'passed', null]);
    const outside = await company.ask('GET', '/v1/servers', value, { headers: debug, from: '192.0.2.2' });
    expect([outside.status, ...debugged(outside)]).toEqual([403, id, 'servers:read,instances:*', 'failed', null]);
  });

  it('D13: nothing is shown unasked, nor to who has no valid key', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    const nothing = [null, null, null, null];
    expect(debugged(await company.ask('GET', '/v1/servers', value))).toEqual(nothing);
    expect(debugged(await company.ask('GET', '/v1/servers', null, { headers: debug }))).toEqual(nothing);
    const unknown = 'dep_live_a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6';
    expect(debugged(await company.ask('GET', '/v1/servers', unknown, { headers: debug }))).toEqual(nothing);
  });
});

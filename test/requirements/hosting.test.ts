import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../examples/hosting/company.ts';
import { EVERYTHING } from '../../examples/hosting/first-start.ts';
import { putOwner } from '../../src/manage/index.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { type Company, type CompanyAnswer, type Key, OWNER, openCompany } from './company.ts';
import { mountHosting } from './mount-hosting.ts';

const DAY_MS = 24 * 3_600_000;
const profile = readProfile();

/** The operations that each scope opens, as the company tells its customers. */
const CATALOGUE = profile.catalogue === 'open' ? [] : profile.catalogue;
const OPERATIONS = CATALOGUE.flatMap(({ permission, operations }) =>
  operations.map((operation) => ({ operation, permission })),
);

let company: Company<ReturnType<ReturnType<typeof mountHosting>>>;
/** May do everything in the API, as often as it likes. */
let able: Key;
/** The same of another customer. */
let stranger: Key;
/** Manages tokens. */
let manager: Pick<Key, 'value'>;

beforeAll(async () => {
  company = await openCompany(profile, mountHosting(profile));
  able = await company.makeKey({ permissions: EVERYTHING, tier: 'unlimited' });
  const owner = { external_id: 'user-77' };
  const workspace = { external_id: 'org-9' };
  await company.house.asHost(putOwner, { ...owner, workspace, permissions: EVERYTHING });
  stranger = await company.makeKey({ owner, permissions: EVERYTHING, tier: 'unlimited' });
  manager = { value: (await becomeAdmin(company.house)).token };
});
afterAll(() => company?.close());

const codeOf = ({ status, json }: CompanyAnswer): [number, string] => [status, json?.code];

async function made(path: string, body: unknown, key = able): Promise<CompanyAnswer['json']> {
  const { status, json, text } = await company.ask('POST', path, key.value, { body });
  if (status !== 201) throw new Error(`POST ${path}: ${status} ${text}`);
  return json;
}

let domains = 0;
async function newDomain(key = able): Promise<string> {
  domains += 1;
  return (await made('/v1/domains', { name: `shop-${domains}.example`, years: 1 }, key)).name;
}

async function newRecord(domain: string): Promise<string> {
  return (await made(`/v1/domains/${domain}/records`, { name: 'www', type: 'A', value: '203.0.113.10' })).id;
}

async function authCodeOf(domain: string, key: Key): Promise<string> {
  await company.ask('PATCH', `/v1/domains/${domain}`, key.value, { body: { transfer_lock: false } });
  return (await made(`/v1/domains/${domain}/auth-code`, undefined, key)).auth_code;
}

interface Ready {
  readonly path: string;
  readonly body?: unknown;
  readonly status?: number;
}

const onDomain = (tail: string, body?: unknown, status?: number) => async (): Promise<Ready> => ({
  path: `/v1/domains/${await newDomain()}${tail}`,
  body,
  ...(status !== undefined && { status }),
});
const onRecord = (body?: unknown, status?: number) => async (): Promise<Ready> => {
  const domain = await newDomain();
  return {
    path: `/v1/domains/${domain}/records/${await newRecord(domain)}`,
    body,
    ...(status !== undefined && { status }),
  };
};
const onService = (body?: unknown) => async (): Promise<Ready> => ({
  path: `/v1/hosting/${(await made('/v1/hosting', { plan: 'starter' })).id}`,
  body,
});

/** Each operation as a request that can be done once; 200 unless told. */
const READY: Readonly<Record<string, () => Promise<Ready>>> = {
  'GET /v1/domains': async () => ({ path: '/v1/domains' }),
  'GET /v1/domains/{domain}': onDomain(''),
  'POST /v1/domains': async () => {
    domains += 1;
    return { path: '/v1/domains', body: { name: `shop-${domains}.example`, years: 1 }, status: 201 };
  },
  'PATCH /v1/domains/{domain}': onDomain('', { auto_renew: true }),
  'POST /v1/domains/{domain}/renew': onDomain('/renew', { years: 2 }),
  'POST /v1/domains/{domain}/auth-code': async () => {
    const domain = await newDomain();
    await authCodeOf(domain, able);
    return { path: `/v1/domains/${domain}/auth-code`, status: 201 };
  },
  'POST /v1/domains/{domain}/transfer': async () => {
    const domain = await newDomain(stranger);
    return { path: `/v1/domains/${domain}/transfer`, body: { auth_code: await authCodeOf(domain, stranger) } };
  },
  'GET /v1/domains/{domain}/records': onDomain('/records'),
  'GET /v1/domains/{domain}/records/{id}': onRecord(),
  'POST /v1/domains/{domain}/records': onDomain('/records', { name: '@', type: 'TXT', value: 'v=spf1 -all' }, 201),
  'PATCH /v1/domains/{domain}/records/{id}': onRecord({ ttl: 300 }),
  'DELETE /v1/domains/{domain}/records/{id}': onRecord(undefined, 204),
  'GET /v1/hosting': async () => ({ path: '/v1/hosting' }),
  'GET /v1/hosting/{id}': onService(),
  'POST /v1/hosting': async () => ({ path: '/v1/hosting', body: { plan: 'business' }, status: 201 }),
  'PATCH /v1/hosting/{id}': onService({ plan: 'agency' }),
  'DELETE /v1/hosting/{id}': onService(),
  'GET /v1/account': async () => ({ path: '/v1/account' }),
  'GET /v1/account/invoices': async () => ({ path: '/v1/account/invoices' }),
  'GET /v1/account/invoices/{id}': async () => {
    const { invoice_id } = await made('/v1/hosting', { plan: 'starter' });
    return { path: `/v1/account/invoices/${invoice_id}` };
  },
  'PATCH /v1/account': async () => ({ path: '/v1/account', body: { city: 'Hamburg' } }),
};

async function perform(operation: string, key: string | null) {
  const { path, body, status = 200 } = (await READY[operation]?.()) ?? { path: '' };
  const [method = ''] = operation.split(' ');
  return { answer: await company.ask(method, path, key, { body }), expected: status };
}

describe('what a token may do', () => {
  it('H3: there are eight scopes, each of which opens at least one operation, and every operation has one', () => {
    expect(CATALOGUE.map(({ permission }) => permission).sort()).toEqual([...EVERYTHING].sort());
    expect(CATALOGUE).toHaveLength(8);
    expect(OPERATIONS.map(({ operation }) => operation).sort()).toEqual(Object.keys(READY).sort());
  });

  it.each(CATALOGUE.map(({ permission }) => permission))(
    'H3: %s opens its own operations, and every other is refused naming what is missing',
    async (held) => {
      const { value } = await company.makeKey({ permissions: [held] });
      for (const { operation, permission } of OPERATIONS) {
        const { answer, expected } = await perform(operation, value);
        if (permission === held) {
          expect([operation, answer.status, answer.text]).toEqual([operation, expected, answer.text]);
        } else {
          expect([operation, ...codeOf(answer)]).toEqual([operation, 403, 'insufficient_permissions']);
          expect(answer.json.missing).toEqual([permission]);
          expect(answer.json.detail).toContain(permission);
          expect(answer.headers.get('www-authenticate')).toContain(`scope="${permission}"`);
        }
      }
    },
  );

  it('H3: without a token no operation answers, and nothing comes of it', async () => {
    for (const { operation } of OPERATIONS) {
      const { answer } = await perform(operation, null);
      expect([operation, ...codeOf(answer)]).toEqual([operation, 401, 'authentication_required']);
    }
  });

  it('H6: a token for DNS updates changes records, and registers, renews, moves and bills nothing', async () => {
    const dns = await company.makeKey({ name: 'DNS updates', permissions: ['dns:read', 'dns:write'] });
    const domain = await newDomain();
    const records = `/v1/domains/${domain}/records`;
    const { id } = await made(records, { name: 'www', type: 'A', value: '203.0.113.10' }, dns);
    const moved = await company.ask('PATCH', `${records}/${id}`, dns.value, { body: { value: '203.0.113.11' } });
    expect([moved.status, moved.json.value]).toEqual([200, '203.0.113.11']);
    const state = async () => {
      const paths = ['/v1/domains?limit=100', `/v1/domains/${domain}`, '/v1/account/invoices?limit=100', '/v1/hosting'];
      return Promise.all(paths.map(async (path) => (await company.ask('GET', path, able.value)).json));
    };
    const before = await state();
    const attempts = [
      ['POST', '/v1/domains', { name: 'never.example', years: 1 }],
      ['POST', `/v1/domains/${domain}/renew`, { years: 1 }],
      ['PATCH', `/v1/domains/${domain}`, { transfer_lock: false }],
      ['POST', `/v1/domains/${domain}/auth-code`, undefined],
      ['POST', `/v1/domains/${domain}/transfer`, { auth_code: 'anything' }],
    ] as const;
    for (const [method, path, body] of attempts) {
      const { status, json, headers } = await company.ask(method, path, dns.value, { body });
      expect([path, status, json.missing]).toEqual([path, 403, ['domains:write']]);
      expect(headers.get('www-authenticate')).toContain('scope="domains:write"');
    }
    expect(await state()).toEqual(before);
  });

  it('H6: reading is no part of writing, and another customer’s domain is not there at all', async () => {
    const writing = await company.makeKey({ permissions: ['dns:write'] });
    const domain = await newDomain();
    expect(codeOf(await company.ask('GET', `/v1/domains/${domain}/records`, writing.value))[0]).toBe(403);
    const foreign = await newDomain(stranger);
    const body = { name: 'www', type: 'A', value: '203.0.113.10' };
    for (const name of [foreign, 'nobody-has-this.example']) {
      const { status, json } = await company.ask('POST', `/v1/domains/${name}/records`, writing.value, { body });
      expect([status, json.detail]).toEqual([404, 'You have no domain of this name.']);
    }
  });
});

describe('from where a token may be used', () => {
  const LIST = ['203.0.113.0/24', '198.51.100.45', '2001:db8::/32'];
  const answerFrom = async (list: readonly string[], from: string) => {
    const { value } = await company.makeKey({ permissions: ['domains:read'], ip_allowlist: list });
    return codeOf(await company.ask('GET', '/v1/domains', value, { from }));
  };

  it.each(['203.0.113.0', '203.0.113.255', '198.51.100.45', '2001:db8::1', '2001:0DB8:FFFF::', '::ffff:203.0.113.9'])(
    'H7: %s is within the list',
    async (from) => {
      expect((await answerFrom(LIST, from))[0]).toBe(200);
    },
  );

  it.each(['203.0.112.255', '203.0.114.0', '198.51.100.44', '2001:db9::', '::203.0.113.9', '127.0.0.1', 'unknown'])(
    'H7: %s is not',
    async (from) => {
      expect(await answerFrom(LIST, from)).toEqual([403, 'ip_restricted']);
    },
  );

  it('H7: the address of the connection counts where no proxy tells another, whatever the client writes itself', async () => {
    expect((await answerFrom(['127.0.0.1'], '127.0.0.1'))[0]).toBe(200);
    const { value } = await company.makeKey({ permissions: ['domains:read'], ip_allowlist: ['203.0.113.7'] });
    for (const name of ['x-real-ip', 'forwarded', 'cf-connecting-ip', 'client-ip']) {
      const { status } = await company.ask('GET', '/v1/domains', value, { headers: { [name]: '203.0.113.7' } });
      expect([name, status]).toEqual([name, 403]);
    }
  });

  it('H7: a list is changed while the token goes on, at once, and a sloppy one is refused', async () => {
    const { id, value } = await company.makeKey({ permissions: ['domains:read'] });
    const from = '203.0.113.7';
    expect((await company.ask('GET', '/v1/domains', value, { from })).status).toBe(200);
    const change = (list: readonly string[]) =>
      company.ask('PATCH', `/v1/tokens/${id}`, manager.value, { body: { ip_allowlist: list } });
    expect((await change(['198.51.100.0/24'])).status).toBe(200);
    expect(codeOf(await company.ask('GET', '/v1/domains', value, { from }))).toEqual([403, 'ip_restricted']);
    for (const list of [[], ['203.0.113.77/24'], ['010.0.0.1'], ['0.0.0.0/0'], ['office']]) {
      expect(codeOf(await change(list))).toEqual([400, 'invalid_ip']);
    }
  });
});

describe('the life of a token', () => {
  it('H2, H9: it takes a name, scopes and an expiry, and its value is shown once', async () => {
    const body = { name: 'Billing Integration', permissions: ['account:read'], expires_in: '90d', owner: OWNER };
    const { id, value, expires_at, created_at } = await made('/v1/tokens', body, manager as Key);
    expect(value).toMatch(/^host_[0-9A-Za-z]{32}$/);
    expect(Date.parse(expires_at) - Date.parse(created_at)).toBe(90 * DAY_MS);
    const shown = await company.ask('GET', `/v1/tokens/${id}`, manager.value);
    expect([shown.status, shown.json.name]).toEqual([200, 'Billing Integration']);
    expect(shown.text).not.toContain(value.slice(5));
    expect((await company.ask('GET', '/v1/account', value)).status).toBe(200);
    company.house.clock.advance(90 * DAY_MS);
    expect(codeOf(await company.ask('GET', '/v1/account', value))).toEqual([401, 'token_expired']);
  });

  it('H4: the list shows name, creation and last use of each token', async () => {
    const { id, value } = await company.makeKey({ name: 'WordPress Plugin', permissions: ['domains:read'] });
    const listed = async () => {
      const { json } = await company.ask('GET', '/v1/tokens?limit=100', manager.value);
      return json.data.find((one: { id: string }) => one.id === id);
    };
    expect(await listed()).toMatchObject({ name: 'WordPress Plugin', state: 'active', last_used_at: null });
    company.house.clock.advance(5_000);
    await company.ask('GET', '/v1/domains', value);
    const now = new Date(company.house.clock.now()).toISOString();
    expect(await listed()).toMatchObject({ last_used_at: now });
    expect(Date.parse((await listed()).created_at)).toBe(Date.parse(now) - 5_000);
  });

  it('H5: revoked, it is refused on the very next request, and the tokens of other applications go on', async () => {
    const plugin = await company.makeKey({ name: 'WordPress Plugin', permissions: ['domains:read'] });
    const billing = await company.makeKey({ name: 'Billing Integration', permissions: ['domains:read'] });
    expect((await company.ask('GET', '/v1/domains', plugin.value)).status).toBe(200);
    expect((await company.ask('DELETE', `/v1/tokens/${plugin.id}`, manager.value)).status).toBe(200);
    expect(codeOf(await company.ask('GET', '/v1/domains', plugin.value))).toEqual([401, 'invalid_token']);
    expect((await company.ask('GET', '/v1/domains', billing.value)).status).toBe(200);
  });
});

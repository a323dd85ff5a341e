import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProfile } from '../../examples/hosting/company.ts';
import { EVERYTHING } from '../../examples/hosting/first-start.ts';
import { putOwner } from '../../src/manage/index.ts';
import { type Company, type CompanyAnswer, type Key, openCompany } from '../requirements/company.ts';
import { mountHosting } from '../requirements/mount-hosting.ts';

/** What the hoster of `examples/hosting` does with domains, records, hosting and bills, while time passes. */

const DAY_MS = 24 * 3_600_000;
const profile = readProfile();

let company: Company<ReturnType<ReturnType<typeof mountHosting>>>;
let able: Key;
let stranger: Key;
beforeAll(async () => {
  company = await openCompany(profile, mountHosting(profile));
  const owner = { external_id: 'user-77' };
  await company.house.asHost(putOwner, { ...owner, workspace: { external_id: 'org-9' }, permissions: EVERYTHING });
  able = await company.makeKey({ permissions: EVERYTHING, tier: 'unlimited' });
  stranger = await company.makeKey({ owner, permissions: EVERYTHING, tier: 'unlimited' });
});
afterAll(() => company?.close());

const ask = (method: string, path: string, body?: unknown, key = able) =>
  company.ask(method, path, key.value, { body });
const problem = ({ status, json }: CompanyAnswer) => [status, json.detail];
const places = ({ json }: CompanyAnswer) => json.errors?.map(({ path }: { path: string }) => path);
const today = () => new Date(company.house.clock.now());
const yearsFrom = (instant: Date, years: number) => {
  const later = new Date(instant);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later.toISOString();
};
const invoicesOf = async (key = able) => {
  const { json } = await ask('GET', '/v1/account/invoices?limit=100', undefined, key);
  return json.data as { id: string; total_cents: number; lines: { description: string }[] }[];
};

let count = 0;
async function newDomain(key = able, more: object = {}): Promise<string> {
  count += 1;
  const { status, json } = await ask('POST', '/v1/domains', { name: `name-${count}.example`, years: 1, ...more }, key);
  expect(status).toBe(201);
  return json.name;
}

describe('domains', () => {
  it('are registered in small letters until so many years from now, and billed', async () => {
    const { status, json } = await ask('POST', '/v1/domains', { name: 'Herb-Garden.COM', years: 3 });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      name: 'herb-garden.com',
      status: 'active',
      expires_at: yearsFrom(today(), 3),
      auto_renew: false,
      transfer_lock: true,
      nameservers: ['ns1.example.com', 'ns2.example.com'],
    });
    const { json: invoice } = await ask('GET', `/v1/account/invoices/${json.invoice_id}`);
    expect(invoice).toMatchObject({
      currency: 'EUR',
      total_cents: 3_600,
      lines: [{ description: 'Registration of herb-garden.com, 3 years', amount_cents: 3_600 }],
    });
    expect(Date.parse(invoice.due_at) - Date.parse(invoice.issued_at)).toBe(14 * DAY_MS);
    expect((await ask('GET', '/v1/domains/HERB-GARDEN.com')).json.name).toBe('herb-garden.com');
  });

  it('are registered once, whoever asks, and a refusal bills nobody', async () => {
    const name = await newDomain();
    const before = [await invoicesOf(), await invoicesOf(stranger)];
    for (const key of [able, stranger]) {
      const again = await ask('POST', '/v1/domains', { name: name.toUpperCase(), years: 1 }, key);
      expect(problem(again)).toEqual([409, `The name ${name} is registered already.`]);
    }
    expect([await invoicesOf(), await invoicesOf(stranger)]).toEqual(before);
  });

  it.each([
    [{ name: 'shop', years: 1 }, ['name']],
    [{ name: 'shop.invalid', years: 1 }, ['name']],
    [{ name: 'shop.constructor', years: 1 }, ['name']],
    [{ name: 'www.shop.example', years: 1 }, ['name']],
    [{ name: '-shop.example', years: 1 }, ['name']],
    [{ name: 'sh op.example', years: 1 }, ['name']],
    [{ name: 'shöp.example', years: 1 }, ['name']],
    [{ name: `${'a'.repeat(64)}.example`, years: 1 }, ['name']],
    [{ name: 'shop.example', years: 0 }, ['years']],
    [{ name: 'shop.example', years: 11 }, ['years']],
    [{ name: 'shop.example', years: '1' }, ['years']],
    [{ name: 'shop.example', years: 1, auto_renew: 'yes' }, ['auto_renew']],
    [{ name: 'shop.example', years: 1, nameservers: ['ns1.example.net'] }, ['nameservers']],
    [{ name: 'shop.example', years: 1, nameservers: ['203.0.113.1', '203.0.113.2'] }, ['nameservers']],
    [{ name: 'shop.example', years: 1, expires_at: '2099-01-01T00:00:00Z' }, ['expires_at']],
    [{}, ['name', 'years']],
  ])('are not registered from %j', async (body, expected) => {
    const answer = await ask('POST', '/v1/domains', body);
    expect([answer.status, places(answer)]).toEqual([400, expected]);
  });

  it('are changed in what their owner decides, and in nothing else', async () => {
    const name = await newDomain();
    const nameservers = ['ns1.example.net', 'ns2.example.net', 'ns3.example.net'];
    const { json } = await ask('PATCH', `/v1/domains/${name}`, { auto_renew: true, nameservers });
    expect(json).toMatchObject({ auto_renew: true, transfer_lock: true, nameservers });
    expect((await ask('PATCH', `/v1/domains/${name}`, { auto_renew: false })).json).toMatchObject({ nameservers });
    const refused = await ask('PATCH', `/v1/domains/${name}`, { expires_at: '2099-01-01T00:00:00Z', auto_renew: null });
    expect([refused.status, places(refused)]).toEqual([400, ['expires_at', 'auto_renew']]);
  });

  it('are renewed from where their time ends, at most ten years ahead', async () => {
    const name = await newDomain();
    const registered = today();
    company.house.clock.advance(100 * DAY_MS);
    const { json } = await ask('POST', `/v1/domains/${name}/renew`, { years: 2 });
    expect(json.expires_at).toBe(yearsFrom(registered, 3));
    const before = await invoicesOf();
    expect(before.at(-1)).toMatchObject({
      total_cents: 1_800,
      lines: [{ description: `Renewal of ${name}, 2 years` }],
    });
    const tooFar = await ask('POST', `/v1/domains/${name}/renew`, { years: 8 });
    expect([tooFar.status, tooFar.json.code]).toEqual([409, 'conflict']);
    expect((await ask('GET', `/v1/domains/${name}`)).json.expires_at).toBe(json.expires_at);
    expect(await invoicesOf()).toEqual(before);
  });

  it('expire, wait a month for their owner, and are then anybody’s, records and all gone', async () => {
    const name = await newDomain();
    await ask('POST', `/v1/domains/${name}/records`, { name: '@', type: 'A', value: '203.0.113.1' });
    company.house.clock.advance(366 * DAY_MS);
    expect((await ask('GET', `/v1/domains/${name}`)).json.status).toBe('expired');
    expect((await ask('POST', '/v1/domains', { name, years: 1 }, stranger)).status).toBe(409);
    company.house.clock.advance(30 * DAY_MS);
    expect((await ask('POST', '/v1/domains', { name, years: 1 }, stranger)).status).toBe(201);
    expect((await ask('GET', `/v1/domains/${name}`)).status).toBe(404);
    expect((await ask('GET', `/v1/domains/${name}/records`, undefined, stranger)).json.data).toEqual([]);
  });

  it('go on by themselves where their owner wants that, with an invoice for each year', async () => {
    const name = await newDomain(able, { auto_renew: true });
    const registered = today();
    const renewals = async () => {
      const all = await invoicesOf(able);
      return all.filter(({ lines }) => lines[0]?.description === `Renewal of ${name}, 1 year`).length;
    };
    company.mounted.hoster.settle();
    expect(await renewals()).toBe(0);
    company.house.clock.advance(366 * DAY_MS);
    company.mounted.hoster.settle();
    company.mounted.hoster.settle();
    expect((await ask('GET', `/v1/domains/${name}`)).json).toMatchObject({
      status: 'active',
      expires_at: yearsFrom(registered, 2),
    });
    expect(await renewals()).toBe(1);
  });

  it('go to another customer with their auth code, records and a further year included, and only once', async () => {
    const name = await newDomain();
    await ask('POST', `/v1/domains/${name}/records`, { name: 'www', type: 'A', value: '203.0.113.1' });
    const locked = await ask('POST', `/v1/domains/${name}/auth-code`);
    expect([locked.status, locked.json.code]).toEqual([409, 'conflict']);
    await ask('PATCH', `/v1/domains/${name}`, { transfer_lock: false });
    const { json: replaced } = await ask('POST', `/v1/domains/${name}/auth-code`);
    const { json: made } = await ask('POST', `/v1/domains/${name}/auth-code`);
    const transfer = (auth_code: string, key = stranger) =>
      ask('POST', `/v1/domains/${name}/transfer`, { auth_code }, key);
    for (const wrong of ['wrong', replaced.auth_code]) expect(places(await transfer(wrong))).toEqual(['auth_code']);
    expect((await transfer(made.auth_code, able)).json.code).toBe('conflict');
    const { status, json } = await transfer(made.auth_code);
    expect(status).toBe(200);
    expect(json).toMatchObject({ name, transfer_lock: true, expires_at: yearsFrom(today(), 2) });
    expect((await invoicesOf(stranger)).at(-1)).toMatchObject({ id: json.invoice_id, total_cents: 900 });
    expect((await ask('GET', `/v1/domains/${name}/records`, undefined, stranger)).json.data).toHaveLength(1);
    for (const path of ['', '/records']) expect((await ask('GET', `/v1/domains/${name}${path}`)).status).toBe(404);
    expect((await transfer(made.auth_code, able)).status).toBe(400);
  });

  it('say the same of a wrong code, a lock and a name that nobody has', async () => {
    const name = await newDomain(stranger);
    const { status, text } = await ask('POST', `/v1/domains/${name}/transfer`, { auth_code: 'a guess' });
    const nobody = await ask('POST', '/v1/domains/nobody-has-this.example/transfer', { auth_code: 'a guess' });
    const plain = (answer: string) => answer.replace(/req_\w+/, '');
    expect([status, plain(text)]).toEqual([nobody.status, plain(nobody.text)]);
  });

  it('withdraw their auth code when they are locked again', async () => {
    const name = await newDomain();
    await ask('PATCH', `/v1/domains/${name}`, { transfer_lock: false });
    const { json } = await ask('POST', `/v1/domains/${name}/auth-code`);
    for (const transfer_lock of [true, false]) await ask('PATCH', `/v1/domains/${name}`, { transfer_lock });
    expect((await ask('POST', `/v1/domains/${name}/transfer`, json, stranger)).status).toBe(400);
    const late = await ask('POST', `/v1/domains/${name}/transfer`, { auth_code: json.auth_code }, stranger);
    expect([late.status, places(late)]).toEqual([400, ['auth_code']]);
  });

  it('are listed page by page, each once', async () => {
    const names: string[] = [];
    let cursor: string | null = '0';
    while (cursor !== null) {
      const { json } = await ask('GET', `/v1/domains?limit=3&cursor=${cursor}`);
      expect(json.data.length).toBeLessThanOrEqual(3);
      names.push(...json.data.map(({ name }: { name: string }) => name));
      cursor = json.next_cursor;
    }
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
    for (const query of ['limit=0', 'limit=101', 'limit=1e2', 'cursor=-1', 'cursor=x']) {
      expect((await ask('GET', `/v1/domains?${query}`)).status).toBe(400);
    }
  });
});

describe('DNS records', () => {
  let records: string;
  beforeAll(async () => {
    records = `/v1/domains/${await newDomain()}/records`;
  });

  it.each([
    [{ name: '@', type: 'A', value: '203.0.113.10' }],
    [{ name: '@', type: 'AAAA', value: '2001:db8::10', ttl: 60 }],
    [{ name: 'www', type: 'CNAME', value: 'shop.example.net', ttl: 86_400 }],
    [{ name: '@', type: 'MX', value: 'mail.example.net', priority: 0 }],
    [{ name: '@', type: 'TXT', value: 'v=spf1 include:mail.example.net -all' }],
    [{ name: '_dmarc', type: 'TXT', value: 'v=DMARC1; p=none' }],
    [{ name: '@', type: 'CAA', value: '0 issue "ca.example.net"' }],
    [{ name: 'lab', type: 'NS', value: 'ns1.example.net' }],
    [{ name: '*.preview', type: 'A', value: '203.0.113.11' }],
    [{ name: 'key1._domainkey', type: 'TXT', value: 'v=DKIM1; p=MIGf' }],
  ])('are created from %j, read and deleted', async (body) => {
    const { status, json } = await ask('POST', records, body);
    expect([status, json]).toEqual([201, expect.objectContaining({ ttl: 3_600, priority: null, ...body })]);
    expect((await ask('GET', `${records}/${json.id}`)).json).toEqual(json);
    expect((await ask('DELETE', `${records}/${json.id}`)).status).toBe(204);
    expect((await ask('GET', `${records}/${json.id}`)).status).toBe(404);
    expect((await ask('DELETE', `${records}/${json.id}`)).status).toBe(404);
  });

  it.each([
    [{ name: '@', type: 'A', value: '2001:db8::10' }, ['value']],
    [{ name: '@', type: 'A', value: '203.0.113.256' }, ['value']],
    [{ name: '@', type: 'A', value: '010.0.0.1' }, ['value']],
    [{ name: '@', type: 'AAAA', value: '203.0.113.10' }, ['value']],
    [{ name: '@', type: 'AAAA', value: 'fe80::1%eth0' }, ['value']],
    [{ name: 'www', type: 'CNAME', value: '203.0.113.10' }, ['value']],
    [{ name: 'www', type: 'CNAME', value: 'not a host' }, ['value']],
    [{ name: '@', type: 'CNAME', value: 'shop.example.net' }, ['type']],
    [{ name: '@', type: 'NS', value: 'ns1.example.net' }, ['type']],
    [{ name: '@', type: 'MX', value: 'mail.example.net' }, ['priority']],
    [{ name: '@', type: 'MX', value: 'mail.example.net', priority: 65_536 }, ['priority']],
    [{ name: '@', type: 'A', value: '203.0.113.10', priority: 1 }, ['priority']],
    [{ name: '@', type: 'TXT', value: 'two\nlines' }, ['value']],
    [{ name: '@', type: 'CAA', value: 'ca.example.net' }, ['value']],
    [{ name: 'a..b', type: 'A', value: '203.0.113.10' }, ['name']],
    [{ name: 'a.*', type: 'A', value: '203.0.113.10' }, ['name']],
    [{ name: 'a'.repeat(64), type: 'A', value: '203.0.113.10' }, ['name']],
    [{ name: '@', type: 'A', value: '203.0.113.10', ttl: 59 }, ['ttl']],
    [{ name: '@', type: 'A', value: '203.0.113.10', ttl: 86_401 }, ['ttl']],
    [{ name: '@', type: 'HINFO', value: 'x' }, ['type']],
    [{ name: '', type: 'A', value: 7 }, ['name', 'value']],
  ])('are not created from %j', async (body, expected) => {
    const answer = await ask('POST', records, body);
    expect([answer.status, places(answer)]).toEqual([400, expected]);
  });

  it('are changed with the same checks, and keep their type', async () => {
    const { json } = await ask('POST', records, { name: 'api', type: 'A', value: '203.0.113.20' });
    const path = `${records}/${json.id}`;
    const changed = await ask('PATCH', path, { value: '203.0.113.21', ttl: 120 });
    expect(changed.json).toMatchObject({
      ...json,
      value: '203.0.113.21',
      ttl: 120,
      updated_at: changed.json.updated_at,
    });
    expect(places(await ask('PATCH', path, { value: 'not-an-address' }))).toEqual(['value']);
    expect(places(await ask('PATCH', path, { type: 'TXT' }))).toEqual(['type']);
    expect((await ask('GET', path)).json).toEqual(changed.json);
  });

  it('stand beside each other only where the DNS allows it', async () => {
    const blog = { name: 'blog', type: 'A', value: '203.0.113.30' };
    expect((await ask('POST', records, blog)).status).toBe(201);
    expect((await ask('POST', records, { ...blog, name: 'BLOG' })).json.code).toBe('conflict');
    expect((await ask('POST', records, { ...blog, value: '203.0.113.31' })).status).toBe(201);
    const alias = { name: 'blog', type: 'CNAME', value: 'shop.example.net' };
    expect((await ask('POST', records, alias)).json.code).toBe('conflict');
    expect((await ask('POST', records, { ...alias, name: 'news' })).status).toBe(201);
    expect((await ask('POST', records, { ...blog, name: 'news' })).json.code).toBe('conflict');
    expect((await ask('POST', records, { ...alias, name: 'news', value: 'b.example.net' })).json.code).toBe('conflict');
  });
});

describe('hosting services and the account', () => {
  it('a service is ordered, moved to another plan, cancelled, and ends when the paid month ends', async () => {
    const domain = await newDomain();
    const { json } = await ask('POST', '/v1/hosting', { plan: 'starter', domain });
    expect(json).toMatchObject({ plan: 'starter', domain, status: 'active', cancelled_at: null });
    const path = `/v1/hosting/${json.id}`;
    const larger = await ask('PATCH', path, { plan: 'business' });
    expect(larger.json).toMatchObject({ plan: 'business', paid_until: json.paid_until });
    expect((await invoicesOf()).at(-1)).toMatchObject({ id: larger.json.invoice_id, total_cents: 1_000 });
    expect((await ask('PATCH', path, { plan: 'business' })).json.code).toBe('conflict');
    expect((await ask('PATCH', path, { plan: 'starter' })).json).toMatchObject({ plan: 'starter', invoice_id: null });
    expect((await ask('DELETE', path)).json).toMatchObject({ status: 'cancelled', paid_until: json.paid_until });
    expect((await ask('DELETE', path)).json.code).toBe('conflict');
    expect((await ask('PATCH', path, { plan: 'agency' })).json.code).toBe('conflict');
    const before = await invoicesOf();
    company.house.clock.advance(32 * DAY_MS);
    company.mounted.hoster.settle();
    expect((await ask('GET', path)).json.status).toBe('ended');
    expect((await invoicesOf()).slice(before.length).map(({ lines }) => lines[0]?.description)).not.toContain(
      'Hosting starter, 1 month',
    );
  });

  it('a service that goes on is billed month by month', async () => {
    const { json } = await ask('POST', '/v1/hosting', { plan: 'agency' }, stranger);
    company.house.clock.advance(32 * DAY_MS);
    company.mounted.hoster.settle();
    const after = (await ask('GET', `/v1/hosting/${json.id}`, undefined, stranger)).json;
    expect(Date.parse(after.paid_until)).toBeGreaterThan(Date.parse(json.paid_until));
    const months = (await invoicesOf(stranger)).filter(({ total_cents }) => total_cents === 4_900);
    expect(months).toHaveLength(2);
  });

  it('a plan that is not sold and a domain that is somebody else’s are refused', async () => {
    expect(places(await ask('POST', '/v1/hosting', { plan: 'free' }))).toEqual(['plan']);
    const domain = await newDomain(stranger);
    expect(places(await ask('POST', '/v1/hosting', { plan: 'starter', domain }))).toEqual(['domain']);
  });

  it('an account is empty at first, keeps what it is told, and checks it', async () => {
    const { json } = await ask('GET', '/v1/account');
    expect(new Set(Object.values(json))).toEqual(new Set([null]));
    const told = { company: 'Garden Shop', email: 'office@garden-shop.example', country: 'DE', phone: '+49 30 000000' };
    expect((await ask('PATCH', '/v1/account', told)).json).toMatchObject(told);
    expect((await ask('PATCH', '/v1/account', { phone: null })).json).toMatchObject({ ...told, phone: null });
    const refused = await ask('PATCH', '/v1/account', { email: 'nobody', country: 'Germany', phone: '123', vip: true });
    expect([refused.status, places(refused)]).toEqual([400, ['email', 'country', 'phone', 'vip']]);
    expect((await ask('GET', '/v1/account', undefined, stranger)).json.company).toBe(null);
  });

  it('nobody sees or touches another customer’s things: they are not there', async () => {
    const domain = await newDomain();
    const { json: record } = await ask('POST', `/v1/domains/${domain}/records`, {
      name: '@',
      type: 'A',
      value: '203.0.113.1',
    });
    const { json: service } = await ask('POST', '/v1/hosting', { plan: 'starter' });
    const foreign = [
      ['GET', `/v1/domains/${domain}`],
      ['PATCH', `/v1/domains/${domain}`, { auto_renew: true }],
      ['POST', `/v1/domains/${domain}/renew`, { years: 1 }],
      ['POST', `/v1/domains/${domain}/auth-code`],
      ['GET', `/v1/domains/${domain}/records`],
      ['POST', `/v1/domains/${domain}/records`, { name: '@', type: 'A', value: '203.0.113.2' }],
      ['GET', `/v1/domains/${domain}/records/${record.id}`],
      ['PATCH', `/v1/domains/${domain}/records/${record.id}`, { ttl: 60 }],
      ['DELETE', `/v1/domains/${domain}/records/${record.id}`],
      ['GET', `/v1/hosting/${service.id}`],
      ['PATCH', `/v1/hosting/${service.id}`, { plan: 'agency' }],
      ['DELETE', `/v1/hosting/${service.id}`],
      ['GET', `/v1/account/invoices/${service.invoice_id}`],
    ] as const;
    for (const [method, path, body] of foreign) {
      const { status, json } = await ask(method, path, body, stranger);
      expect([method, path, status, json.code]).toEqual([method, path, 404, 'not_found']);
    }
    const own = await newDomain(stranger);
    const crossed = await ask('GET', `/v1/domains/${own}/records/${record.id}`, undefined, stranger);
    expect(crossed.status).toBe(404);
    expect((await ask('GET', `/v1/hosting/${service.id}`)).json.status).toBe('active');
  });
});

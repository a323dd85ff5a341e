import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_DESCRIPTION } from '../../examples/coolset/api-description.ts';
import { People } from '../../examples/coolset/people.ts';
import type { RoleName } from '../../examples/coolset/roles.ts';
import type { Identity } from '../../src/index.ts';
import { createUser, readUser, updateUser } from '../../src/manage/index.ts';
import { coolset } from '../../src/profile/index.ts';
import { type CoolsetCompany, EXAMPLE, openCoolset, SAMPLE } from '../requirements/mount-coolset.ts';
import { type RunningExample, startExample } from './running-example.ts';

const USERS = '/api/accounts/users/';
const BEYOND = { detail: 'A token cannot give or take away more than it may do itself.' };
const LAST = { detail: 'This is the last admin of the company. Make somebody else admin first.' };

describe('the example coolset, as it starts', () => {
  let example: RunningExample;
  beforeAll(async () => {
    example = await startExample('coolset');
  });
  afterAll(() => example?.close());

  it('has a first token of the admin at one of the admin’s companies, and orders to look at', async () => {
    const { json: config } = await example.ask('GET', '/api/accounts/user-config/', example.token);
    expect(config).toMatchObject({
      user: { email: example.admin.email },
      workspace: { name: 'Example Ltd' },
      role: 'admin',
      token: { environment: 'live', permissions: coolset.levels.at(-1)?.permissions.toSorted() },
      language: 'en',
    });
    const { json: companies } = await example.ask('GET', '/accounts/workspaces/', example.token);
    expect(companies.data.map(({ name, role }: Record<string, string>) => [name, role])).toEqual([
      ['Coolset', 'admin'],
      ['Example Ltd', 'admin'],
      ['Sample GmbH', 'viewer'],
    ]);
    const { json: orders } = await example.ask('GET', '/api/orders/', example.token);
    expect(orders.data).toHaveLength(2);
  });

  it('keeps what a user likes for that user and company', async () => {
    const path = '/api/accounts/user-config/';
    const changed = await example.ask('PATCH', path, example.token, { language: 'nl', time_zone: 'Europe/Berlin' });
    expect([changed.status, changed.json.language, changed.json.currency]).toEqual([200, 'nl', 'EUR']);
    const again = await example.ask('PATCH', path, example.token, { units: 'imperial' });
    expect(again.json).toMatchObject({ language: 'nl', time_zone: 'Europe/Berlin', units: 'imperial' });
    expect((await example.ask('GET', path, example.token)).json).toEqual(again.json);
    const refused = await example.ask('PATCH', path, example.token, { time_zone: 'Mars/Base', role: 'admin' });
    expect(refused.json.errors.map(({ path: field }: { path: string }) => field)).toEqual(['time_zone', 'role']);
  });

  it('lists orders page by page', async () => {
    const first = await example.ask('GET', '/api/orders/?limit=1', example.token);
    const second = await example.ask('GET', `/api/orders/?limit=1&cursor=${first.json.next_cursor}`, example.token);
    expect([first, second].map(({ json }) => json.data[0].number)).toEqual(['PO-1001', 'PO-1002']);
    expect(second.json.next_cursor).toBe(null);
    expect((await example.ask('GET', '/api/orders/?limit=0', example.token)).status).toBe(400);
  });

  it('shows the sandbox on the reference as a second address to try calls at', async () => {
    const { json } = await example.ask('GET', '/reference/api.json', null);
    expect(json.servers.map(({ url }: { url: string }) => url)).toEqual(['/', '/sandbox']);
  });

  it('takes the first token for the company it was made for, and another start makes one like it', async () => {
    expect((await example.ask('GET', '/v1/auth/test', example.token)).json.authenticated).toBe(true);
    expect((await example.ask('GET', '/v1/users', example.token)).status).toBe(403);
    expect((await example.ask('GET', '/v1/users', example.managementToken)).status).toBe(200);
    expect((await example.ask('GET', '/api/orders/', example.managementToken)).status).toBe(403);
  });
});

describe('the description of the API', () => {
  let company: CoolsetCompany;
  let value: string;
  beforeAll(async () => {
    company = await openCoolset();
    const person = await company.person({ [EXAMPLE]: 'admin' });
    value = (await company.tokenOf(person, { level: 'admin' })).value;
  });
  afterAll(() => company?.close());

  const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
  const paths = Object.entries(API_DESCRIPTION.paths as Record<string, Record<string, { description?: string }>>);

  it('has the operations that the catalogue names, and says for each what it needs', () => {
    const described = paths.flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { description }]) => {
        return [`${method.toUpperCase()} ${path}`, /`(.*)`/.exec(description ?? '')?.[1]].join(' ');
      }),
    );
    const catalogue = coolset.catalogue === 'open' ? [] : coolset.catalogue;
    const named = catalogue.flatMap(({ permission, operations }) => operations.map((one) => `${one} ${permission}`));
    // The same twice, so it is described once.
    const alias = 'GET /accounts/workspaces/ workspaces:read';
    expect([...described, alias].sort()).toEqual([...named].sort());
  });

  it.each(paths)('is true of %s: these methods are answered and no others', async (path, operations) => {
    const target = path.replace('{id}', 'nothing');
    for (const method of METHODS) {
      const { status } = await company.ask(method, target, value);
      const isDescribed = Object.hasOwn(operations, method.toLowerCase());
      // Switching needs a session, and says so.
      const isSwitch = method === 'POST' && path.endsWith('/workspaces/');
      expect([method, status === 405]).toEqual([method, !isDescribed && !isSwitch]);
      expect((await company.ask(method, target)).status).toBe(isDescribed || isSwitch ? 401 : 405);
    }
  });

  it('is true of what is answered: every described member is there, and no other', async () => {
    const schemas = (API_DESCRIPTION as unknown as { components: { schemas: Record<string, { required: string[] }> } })
      .components.schemas;
    const order = { number: '1', supplier: 'S', product: 'P', quantity: 1, status: 'draft' };
    const { json: made } = await company.ask('POST', '/api/orders/', value, { body: order });
    const [users, workspaces, config] = await Promise.all(
      [USERS, '/api/accounts/workspaces/', '/api/accounts/user-config/'].map((path) => company.ask('GET', path, value)),
    );
    const answers = {
      Order: made,
      User: users?.json.data[0],
      Workspace: workspaces?.json.data[0],
      UserConfig: config?.json,
    };
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, Object.keys(answer).sort()]).toEqual([name, [...(schemas[name]?.required ?? [])].sort()]);
    }
  });
});

describe('users of a company', () => {
  let company: CoolsetCompany;
  let admin: { readonly id: string; readonly email: string };
  let value: string;
  beforeAll(async () => {
    company = await openCoolset();
    admin = await company.person({ [EXAMPLE]: 'admin' });
    value = (await company.tokenOf(admin, { level: 'admin' })).value;
    await company.person({ [SAMPLE]: 'admin' });
  });
  afterAll(() => company?.close());

  const invite = (email: string, role: RoleName, by = value) =>
    company.ask('POST', USERS, by, { body: { email, role } });
  const change = (id: string, role: RoleName, by = value) =>
    company.ask('PATCH', `${USERS}${id}/`, by, { body: { role } });
  const remove = (id: string, by = value) => company.ask('DELETE', `${USERS}${id}/`, by);
  const inKeyhouse = (id: string) => company.house.asHost(readUser, { id });
  const adminsOf = async () => {
    const { json } = await company.ask('GET', `${USERS}?limit=100`, value);
    return json.data.filter(({ role }: { role: string }) => role === 'admin').map(({ id }: { id: string }) => id);
  };

  it('are listed page by page, and a cursor is good for its company alone', async () => {
    for (let count = 0; count < 3; count += 1) await company.person({ [EXAMPLE]: 'viewer' });
    const { json: first } = await company.ask('GET', `${USERS}?limit=2`, value);
    expect(first.data).toHaveLength(2);
    const { json: second } = await company.ask('GET', `${USERS}?limit=2&cursor=${first.next_cursor}`, value);
    expect(second.data[0].id).not.toBe(first.data[0].id);
    const there = await company.person({ [SAMPLE]: 'admin' });
    const token = await company.tokenOf(there, { level: 'admin', workspace: { external_id: SAMPLE } });
    const foreign = await company.ask('GET', `${USERS}?limit=2&cursor=${first.next_cursor}`, token.value);
    expect([foreign.status, foreign.json.errors[0].path]).toEqual([400, 'cursor']);
  });

  it('are real users: one who is invited gets tokens, and another role counts at once', async () => {
    const { status, json: person } = await invite(' Ada@Example.com ', 'viewer');
    expect(status).toBe(201);
    expect(person).toEqual({
      id: expect.stringMatching(/^usr_/),
      email: 'ada@example.com',
      name: null,
      role: 'viewer',
      is_active: true,
    });
    const token = await company.tokenOf(person, { level: 'read' });
    expect((await company.ask('GET', '/api/orders/', token.value)).status).toBe(200);
    expect((await change(person.id, 'admin')).json.role).toBe('admin');
    const { value: high } = await company.tokenOf(person, { level: 'admin' });
    expect((await invite('bob@example.com', 'editor', high)).status).toBe(201);
    expect((await change(person.id, 'viewer')).status).toBe(200);
    expect((await invite('eve@example.com', 'viewer', high)).status).toBe(403);
    expect((await remove(person.id)).status).toBe(204);
    expect((await company.ask('GET', '/api/orders/', token.value)).status).toBe(401);
    await expect(inKeyhouse(person.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('who belong to another company too stay there, and come and go here without being changed', async () => {
    const both = await company.person({ [SAMPLE]: 'editor' });
    const there = await company.tokenOf(both, { level: 'write', workspace: { external_id: SAMPLE } });
    expect((await invite(both.email, 'viewer')).json).toMatchObject({ id: both.id, role: 'viewer' });
    expect((await invite(both.email, 'viewer')).status).toBe(409);
    const here = await company.tokenOf(both, { level: 'read' });
    await change(both.id, 'editor');
    expect((await inKeyhouse(both.id)).memberships).toHaveLength(2);
    expect((await remove(both.id)).status).toBe(204);
    expect((await company.ask('GET', '/api/orders/', here.value)).status).toBe(401);
    expect((await company.ask('GET', '/api/accounts/user-config/', there.value)).json.role).toBe('editor');
    // Whoever comes back does not find the old tokens working again.
    expect((await invite(both.email, 'viewer')).status).toBe(201);
    expect((await company.ask('GET', '/api/orders/', here.value)).status).toBe(401);
  });

  it('are given and lose no more than the token may do itself', async () => {
    const manager = await company.house.asHost(createUser, {
      email: 'manager@example.com',
      memberships: [{ workspace: { external_id: EXAMPLE }, permissions: ['users:read', 'users:write', 'orders:read'] }],
    });
    const { value: narrow } = await company.tokenOf(manager, { level: 'admin' });
    const viewer = await company.person({ [EXAMPLE]: 'viewer' });
    const answers = [
      await invite('high@example.com', 'admin', narrow),
      await invite('low@example.com', 'viewer', narrow),
      await change(viewer.id, 'editor', narrow),
      await change(manager.id, 'admin', narrow),
      await remove(admin.id, narrow),
    ];
    for (const { status, json } of answers) expect([status, json]).toEqual([403, BEYOND]);
    const operator = await company.house.asHost(createUser, {
      email: 'operator@example.com',
      memberships: [{ workspace: { external_id: EXAMPLE }, permissions: ['keyhouse-tokens:read'] }],
    });
    expect(await remove(operator.id)).toMatchObject({ status: 403, json: BEYOND });
  });

  it('include an admin at every moment: the last one stays, and two who remove each other do not both succeed', async () => {
    for (const id of await adminsOf()) if (id !== admin.id) await remove(id);
    expect(await remove(admin.id)).toMatchObject({ status: 409, json: LAST });
    expect(await change(admin.id, 'editor')).toMatchObject({ status: 409, json: LAST });
    expect((await change(admin.id, 'admin')).status).toBe(200);
    const stopped = await company.person({ [EXAMPLE]: 'admin' });
    await company.house.asHost(updateUser, { id: stopped.id, disabled: true });
    expect(await change(admin.id, 'viewer')).toMatchObject({ status: 409, json: LAST });
    const rival = await company.person({ [EXAMPLE]: 'admin' });
    const { value: rivals } = await company.tokenOf(rival, { level: 'admin' });
    const statuses = (await Promise.all([remove(rival.id), remove(admin.id, rivals)])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    expect([401, 403, 409]).toContain(statuses.find((status) => status !== 204));
    const { memberships } = await inKeyhouse(statuses[0] === 204 ? admin.id : rival.id);
    expect(memberships[0]?.roles).toEqual(['company-admin']);
    if (statuses[0] !== 204) value = rivals;
  });

  it('are not changed by a token that came to be allowed less while its request waited', async () => {
    const { keyhouse } = company.mounted;
    const identityOf = async (token: string): Promise<Identity> => {
      const request = new Request('http://localhost/', { headers: { authorization: `Bearer ${token}` } });
      const result = await keyhouse.authenticate(request, { permission: 'users:write' });
      if (!result.allowed) throw new Error('refused');
      return result.identity;
    };
    const other = await company.person({ [EXAMPLE]: 'admin' });
    const [first, second] = [value, (await company.tokenOf(other, { level: 'admin' })).value];
    const [mine, theirs] = [await identityOf(first), await identityOf(second)];
    const people = new People(keyhouse);
    const demoted = people.changeRole(mine, other.id, 'viewer');
    const invited = people.invite(theirs, { email: 'late@example.com', role: 'viewer' });
    await expect(invited).rejects.toMatchObject({ status: 403, message: BEYOND.detail });
    expect((await demoted).role).toBe('viewer');
  });

  it('are shown in the sandbox and not changed there', async () => {
    const { id } = await company.person({ [EXAMPLE]: 'admin' });
    const { value: testing } = await company.tokenOf({ id }, { level: 'admin', environment: 'test' });
    const listed = await company.ask('GET', `/sandbox${USERS}`, testing);
    expect([listed.status, listed.json.data.length > 0]).toEqual([200, true]);
    const body = { email: 'sandbox@example.com', role: 'viewer' };
    const refused = await company.ask('POST', `/sandbox${USERS}`, testing, { body });
    expect([refused.status, refused.json.detail]).toEqual([403, expect.stringContaining('sandbox')]);
    expect((await company.ask('DELETE', `/sandbox${USERS}${id}/`, testing)).status).toBe(403);
    expect((await company.ask('GET', `${USERS}?limit=100`, value)).text).not.toContain(body.email);
  });

  it('can be told together with other companies’ changes, and none is lost', async () => {
    const both = await company.person({ [SAMPLE]: 'viewer', [EXAMPLE]: 'viewer' });
    const boss = await company.person({ [SAMPLE]: 'admin' });
    const there = await company.tokenOf(boss, { level: 'admin', workspace: { external_id: SAMPLE } });
    const [here, away] = await Promise.all([change(both.id, 'editor'), remove(both.id, there.value)]);
    expect([here.status, away.status]).toEqual([200, 204]);
    const { memberships } = await inKeyhouse(both.id);
    expect(memberships.map(({ roles }) => roles)).toEqual([['editor']]);
  });
});

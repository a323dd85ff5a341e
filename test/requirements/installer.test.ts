import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createRole,
  createServiceAccount,
  createToken,
  createUser,
  putOwner,
  updateRole,
  updateServiceAccount,
  updateUser,
} from '../../src/manage/index.ts';
import { installer } from '../../src/profile/index.ts';
import { loadConfig } from '../../src/server/config.ts';
import { serve } from '../../src/server/serve.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { readDocument } from '../documents/printed-document.ts';
import { runnableOf } from '../documents/running-pieces.ts';
import { within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { type Company, type CompanyAnswer, type Key, openCompany } from './company.ts';
import { mountInstaller } from './mount-installer.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const INSTALLERS = '/api/v1/partners/installers';
const JOBS = '/api/v1/partners/jobs';

/** Every operation of the company's API, written apart from its routes: what it needs, and what it answers. */
const OPERATIONS = [
  ['GET', INSTALLERS, 'installers:read', 200],
  ['GET', `${INSTALLERS}/{id}`, 'installers:read', 200],
  ['POST', INSTALLERS, 'installers:write', 201],
  ['PATCH', `${INSTALLERS}/{id}`, 'installers:write', 200],
  ['DELETE', `${INSTALLERS}/{id}`, 'installers:write', 204],
  ['GET', JOBS, 'jobs:read', 200],
  ['GET', `${JOBS}/{id}`, 'jobs:read', 200],
  ['POST', JOBS, 'jobs:write', 201],
  ['PATCH', `${JOBS}/{id}`, 'jobs:write', 200],
] as const;

const printed = readDocument('000');
/** The printed answer, as it goes over the wire. */
const UNAUTHORIZED = JSON.stringify(JSON.parse(runnableOf(printed, 'unauthorized')));
const FORBIDDEN = '{"error":"Forbidden","message":"Insufficient permissions","statusCode":403}';

let company: Company<ReturnType<typeof mountInstaller>>;
let admin: Awaited<ReturnType<typeof becomeAdmin>>;
/** Manages everything in Keyhouse. */
let manager: Pick<Key, 'value'>;
/** May do everything in the API. */
let able: Key;

beforeAll(async () => {
  company = await openCompany(installer, mountInstaller);
  admin = await becomeAdmin(company.house);
  manager = { value: admin.token };
  able = await company.makeKey({ tier: 'unlimited' });
});
afterAll(() => company?.close());

const workspace = { external_id: 'org-7' };
const statusOf = async (method: string, path: string, { value }: Pick<Key, 'value'>) =>
  (await company.ask(method, path, value)).status;

const newInstaller = { name: 'Example Solar', trade: 'solar', city: 'Drammen' };
const newJob = async () => ({ title: 'Panels on the roof', installer_id: await rowAt(INSTALLERS) });

/** A new row. */
async function rowAt(path: string): Promise<string> {
  const body = path === INSTALLERS ? newInstaller : await newJob();
  const { status, json } = await company.ask('POST', path, able.value, { body });
  expect(status).toBe(201);
  return json.id;
}

async function perform([method, path]: (typeof OPERATIONS)[number], key: string | null): Promise<CompanyAnswer> {
  const resource = path.startsWith(JOBS) ? JOBS : INSTALLERS;
  const target = path.includes('{id}') ? path.replace('{id}', await rowAt(resource)) : path;
  const bodies = {
    POST: resource === JOBS ? await newJob() : newInstaller,
    PATCH: resource === JOBS ? { state: 'done' } : { city: 'Moss' },
  };
  const body = method === 'POST' || method === 'PATCH' ? bodies[method] : undefined;
  return company.ask(method, target, key, { body });
}

/** A user with these permissions, and a token that inherits them. */
async function userWith(email: string, may: { permissions: string[] } | { roles: string[] }) {
  const user = await company.house.asHost(createUser, { email, workspace, ...may });
  return { user, token: await company.makeKey({ owner: { id: user.id } }) };
}

describe('every request carries a bearer token', () => {
  it('I1: no operation answers without one, and each answers with one', async () => {
    for (const operation of OPERATIONS) {
      const { status, text } = await perform(operation, null);
      expect([operation, status, text]).toEqual([operation, 401, UNAUTHORIZED]);
      expect([operation, (await perform(operation, able.value)).status]).toEqual([operation, operation[3]]);
    }
  });

  it('I1: the catalogue lists exactly these operations', () => {
    const { catalogue } = installer;
    const listed = (catalogue === 'open' ? [] : catalogue).flatMap(({ permission, operations }) =>
      operations.map((operation) => `${operation} ${permission}`),
    );
    expect(listed).toEqual(OPERATIONS.map(([method, path, permission]) => `${method} ${path} ${permission}`));
  });

  it('I1: the word Bearer counts in any case, and a token anywhere else than in the header does not', async () => {
    const { value } = able;
    const answer = async (headers: Record<string, string>, query = '') =>
      (await company.ask('GET', INSTALLERS + query, null, { headers })).status;
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      expect(await answer({ authorization: `${scheme} ${value}` })).toBe(200);
    }
    expect(await answer({ authorization: value })).toBe(401);
    expect(await answer({ authorization: `Basic ${btoa(`${value}:`)}` })).toBe(401);
    expect(await answer({ authorization: `Bearer Bearer ${value}` })).toBe(401);
    expect(await answer({ cookie: `token=${value}` })).toBe(401);
    expect(await answer({ 'x-api-key': value })).toBe(401);
    expect(await answer({}, `?access_token=${value}`)).toBe(401);
    expect(await answer({ authorization: `Bearer ${value}` }, `?access_token=${value}`)).toBe(401);
  });
});

describe('a token is shown once', () => {
  it('I3: no answer after the one that created it holds the value, whoever asks and whatever for', async () => {
    const idempotent = { 'idempotency-key': randomUUID() };
    const body = { name: 'ERP Integration', owner: { external_id: 'user-42' } };
    const create = () => company.ask('POST', '/api/v1/tokens', manager.value, { body, headers: idempotent });
    const { status, headers, json } = await create();
    const { id, value } = json;
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    const later = [
      await create(),
      await company.ask('GET', '/api/v1/tokens', manager.value),
      await company.ask('GET', `/api/v1/tokens/${id}`, manager.value),
      await company.ask('PATCH', `/api/v1/tokens/${id}`, manager.value, { body: { description: 'still there' } }),
      await company.ask('GET', `/api/v1/tokens/${id}/usage`, manager.value),
      await company.ask('GET', '/v1/audit-events', manager.value),
      await company.ask('GET', '/v1/owners/user-42', manager.value),
      await company.ask('GET', '/api/v1/tokens/current', value),
      await company.ask('GET', '/v1/auth/test', value, { headers: { 'x-debug-auth': 'true' } }),
      await company.ask('GET', INSTALLERS, value),
      await company.ask('DELETE', `/api/v1/tokens/${id}`, manager.value),
      await company.ask('GET', INSTALLERS, value),
    ];
    expect(later.map((answer) => answer.status)).toEqual([201, ...Array(10).fill(200), 401]);
    expect(later[0]?.json).toMatchObject({ id, value: null, already_issued: true });
    const secret = value.slice(-32, -6);
    for (const answer of later) {
      expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(secret);
    }
  });

  it('I3: no file of the store holds the value', async () => {
    const { id, value } = await company.makeKey();
    expect(await statusOf('GET', INSTALLERS, { value })).toBe(200);
    // Another process reads: in this one, closing a database file would end the locks that are held on it.
    const filesWith = async (text: string): Promise<string[]> => {
      const { stdout } = await runProcess('grep', ['-rlaF', '--', text, company.house.folder]);
      return stdout.split('\n').filter((line) => line !== '');
    };
    expect(await filesWith(id)).not.toEqual([]);
    expect(await filesWith(value.slice(-32, -6))).toEqual([]);
  });
});

describe('a token may do what its owner may do', () => {
  it('I4: it follows the roles and permissions of its user at once, down and up', async () => {
    const { house } = company;
    const { id: roleId } = await house.asHost(createRole, {
      name: 'dispatcher',
      permissions: ['installers:read', 'jobs:*'],
    });
    const { user, token } = await userWith('ada@example.com', { roles: ['dispatcher'] });
    const body = await newJob();
    const statuses = async () => [
      await statusOf('GET', INSTALLERS, token),
      (await company.ask('POST', JOBS, token.value, { body })).status,
      (await company.ask('POST', INSTALLERS, token.value, { body: newInstaller })).status,
    ];
    expect(await statuses()).toEqual([200, 201, 403]);
    await house.asHost(updateRole, { id: roleId, permissions: ['installers:read', 'jobs:read'] });
    expect(await statuses()).toEqual([200, 403, 403]);
    await house.asHost(updateUser, { id: user.id, workspace, roles: [], permissions: ['jobs:write'] });
    expect(await statuses()).toEqual([403, 201, 403]);
    await house.asHost(updateUser, { id: user.id, workspace, roles: ['dispatcher'], permissions: ['installers:*'] });
    expect(await statuses()).toEqual([200, 403, 201]);
    await house.asHost(updateUser, { id: user.id, disabled: true });
    expect(await statuses()).toEqual([401, 401, 401]);
    await house.asHost(updateUser, { id: user.id, disabled: false });
    expect(await statuses()).toEqual([200, 403, 201]);
  });

  it('I4, row 29: a demotion over HTTP has answered only when no token of the user can do it any more', async () => {
    for (let round = 0; round < 20; round += 1) {
      const { user, token } = await userWith(`user-${round}@example.com`, { permissions: ['installers:read'] });
      expect(await statusOf('GET', INSTALLERS, token)).toBe(200);
      const body = { workspace, permissions: ['jobs:read'] };
      const { status, json } = await company.ask('PATCH', `/v1/users/${user.id}`, manager.value, { body });
      expect([status, json.guarantee.class]).toEqual([200, 'process']);
      expect(await statusOf('GET', INSTALLERS, token)).toBe(403);
    }
  });

  it('I4: there is no other way to ask: neither permissions nor a level can be given to a token', async () => {
    for (const grant of [{ permissions: ['installers:read'] }, { level: 'read' }]) {
      await expect(company.makeKey(grant)).rejects.toMatchObject({ code: 'invalid_input' });
      const body = { name: 'wish', owner: { external_id: 'user-42' }, ...grant };
      const { status, json } = await company.ask('POST', '/api/v1/tokens', manager.value, { body });
      expect([status, json.error, json.statusCode, json.errors.length]).toEqual([400, 'Bad Request', 400, 1]);
    }
    const { json } = await company.ask('GET', '/api/v1/tokens/current', able.value);
    expect(json).toMatchObject({
      grant: { inherit: true },
      effective_permissions: expect.arrayContaining(['jobs:write']),
    });
  });

  it('I4: a token of the admin may do everything in the API and manage nothing in Keyhouse', async () => {
    const { house } = company;
    const { value } = await house.asHost(createToken, { name: 'mine', owner: { id: admin.user.id }, inherit: true });
    for (const path of [INSTALLERS, JOBS, '/api/v1/tokens/current']) {
      expect(await statusOf('GET', path, { value: String(value) })).toBe(200);
    }
    for (const path of ['/v1/users', '/v1/roles', '/v1/audit-events', '/v1/service-accounts']) {
      const { status, text } = await company.ask('GET', path, value);
      expect([path, status, text]).toEqual([path, 403, FORBIDDEN]);
    }
  });

  it('I4: a service account owns tokens, with permissions of its own that can be cut', async () => {
    const { house } = company;
    const permissions = ['installers:read', 'jobs:*'];
    const account = await house.asHost(createServiceAccount, { name: 'ERP Integration', workspace, permissions });
    const [first, second] = [
      await company.makeKey({ name: 'ERP Integration', owner: { id: account.id } }),
      await company.makeKey({ name: 'Webhook Server', owner: { id: account.id }, expires_in: '30d' }),
    ];
    const statuses = async () => {
      const asked = [first, second].flatMap((token) => [INSTALLERS, JOBS].map((path) => statusOf('GET', path, token)));
      return Promise.all(asked);
    };
    expect(await statuses()).toEqual([200, 200, 200, 200]);
    expect((await company.ask('POST', INSTALLERS, first.value, { body: newInstaller })).status).toBe(403);
    const { json } = await company.ask('GET', '/api/v1/tokens/current', first.value);
    expect(json.owner).toMatchObject({ kind: 'service_account', name: 'ERP Integration' });
    await house.asHost(updateServiceAccount, { id: account.id, workspace, permissions: ['installers:read'] });
    expect(await statuses()).toEqual([200, 403, 200, 403]);
    await house.asHost(updateServiceAccount, { id: account.id, disabled: true });
    expect(await statuses()).toEqual([401, 401, 401, 401]);
  });
});

describe('what belongs to another company', () => {
  it('row 30: is not there: neither seen nor changed nor referred to by who may do everything elsewhere', async () => {
    const stranger = { external_id: 'user-77' };
    const permissions = [...company.mounted.permissions];
    await company.house.asHost(putOwner, { ...stranger, workspace: { external_id: 'org-9' }, permissions });
    const { value } = await company.makeKey({ owner: stranger });
    const [installerId, jobId] = [await rowAt(INSTALLERS), await rowAt(JOBS)];
    const theirs = [`${INSTALLERS}/${installerId}`, `${JOBS}/${jobId}`];
    for (const path of [INSTALLERS, JOBS]) expect((await company.ask('GET', path, value)).json.data).toEqual([]);
    for (const path of theirs) {
      const known = await company.ask('GET', path, value);
      const unknown = await company.ask('GET', path.replace(/_[^/]+$/, '_none'), value);
      expect([known.status, known.text]).toEqual([404, unknown.text]);
      expect((await company.ask('PATCH', path, value, { body: {} })).status).toBe(404);
    }
    expect((await company.ask('DELETE', String(theirs[0]), value)).status).toBe(404);
    const body = { title: 'Mine now', installer_id: installerId };
    expect((await company.ask('POST', JOBS, value, { body })).status).toBe(400);
    for (const path of theirs) expect(await statusOf('GET', path, able)).toBe(200);
  });
});

describe('the printed bodies of refusals', () => {
  const refusal = async (value: string | null, headers?: Record<string, string>) => {
    const answer = await company.ask('GET', INSTALLERS, value, headers === undefined ? {} : { headers });
    expect([answer.status, answer.text]).toEqual([401, UNAUTHORIZED]);
    expect(answer.headers.get('content-type')).toBe('application/json');
    return answer.headers.get('www-authenticate');
  };

  it('I6: a token that was not included, is mistyped or is nobody’s is answered with the printed body', async () => {
    const { value } = await company.makeKey();
    expect(await refusal(null)).toBe('Bearer realm="Installer.com API"');
    expect(await refusal(`${value.slice(0, -1)}_`)).toContain('error="invalid_token"');
    expect(await refusal(value.toLowerCase())).toContain('error="invalid_token"');
    expect(await refusal(value.slice(0, -3))).toContain('error="invalid_token"');
    expect(await refusal('YOUR_API_TOKEN')).toMatch(/error="invalid_token".*sample/);
    expect(await refusal(`Bearer ${value}`)).toContain('error="invalid_request"');
  });

  it('I6: an expired token is answered with the printed body, from the very millisecond on', async () => {
    const { value } = await company.makeKey({ expires_in: '1h' });
    company.house.clock.advance(HOUR_MS - 1);
    expect(await statusOf('GET', INSTALLERS, { value })).toBe(200);
    company.house.clock.advance(1);
    expect(await refusal(value)).toMatch(/error="invalid_token", error_description="This API token has expired/);
  });

  it('I6: a revoked, a replaced and an ownerless token are answered with the printed body', async () => {
    const revoked = await company.makeKey();
    expect(await statusOf('DELETE', '/api/v1/tokens/current', revoked)).toBe(200);
    await refusal(revoked.value);
    const old = await company.makeKey();
    const body = { grace_period: '0s' };
    expect((await company.ask('POST', '/api/v1/tokens/current/rotate', old.value, { body })).status).toBe(201);
    await refusal(old.value);
    const { user, token } = await userWith('eve@example.com', { permissions: ['installers:*'] });
    expect(await statusOf('DELETE', `/v1/users/${user.id}`, manager)).toBe(200);
    await refusal(token.value);
  });

  it.each(['installers:read', 'installers:write', 'jobs:read', 'jobs:write'])(
    'I6: who may %s alone is refused everything else with 403, and the header names what is missing',
    async (held) => {
      const { token } = await userWith(`${held.replace(':', '-')}@example.com`, { permissions: [held] });
      for (const operation of OPERATIONS) {
        const [, , needed, status] = operation;
        const answer = await perform(operation, token.value);
        if (needed === held) {
          expect([operation, answer.status]).toEqual([operation, status]);
        } else {
          expect([operation, answer.status, answer.text]).toEqual([operation, 403, FORBIDDEN]);
          expect(answer.headers.get('www-authenticate')).toContain(`scope="${needed}"`);
        }
      }
    },
  );

  it('I6: every other error of the API has the same shape', async () => {
    const answers = [
      await company.ask('GET', `${INSTALLERS}/none`, able.value),
      await company.ask('GET', '/api/v1/partners/nothing', able.value),
      await company.ask('PUT', INSTALLERS, able.value, { body: {} }),
      await company.ask('DELETE', `${JOBS}/none`, able.value),
      await company.ask('POST', INSTALLERS, able.value, { body: { name: '', colour: 'red' } }),
      await company.ask('POST', '/api/v1/tokens', manager.value, { body: { colour: 'red' } }),
      await company.ask('GET', '/api/v1/tokens/tok_none', manager.value),
    ];
    const shapes = answers.map(({ status, json: { error, message, statusCode, errors, ...rest } }) => {
      expect([statusCode, typeof message, rest]).toEqual([status, 'string', {}]);
      return [error, errors?.map(({ path }: { path: string }) => path)];
    });
    expect(shapes).toEqual([
      ['Not Found', undefined],
      ['Not Found', undefined],
      ['Method Not Allowed', undefined],
      ['Method Not Allowed', undefined],
      ['Bad Request', ['name', 'colour', 'trade', 'city']],
      ['Bad Request', expect.arrayContaining(['name'])],
      ['Not Found', undefined],
    ]);
  });
});

describe('a token ends', () => {
  it('I7: it lives on without an expiry, and as short as a minute with one', async () => {
    const lasting = await company.makeKey();
    const short = await company.makeKey({ expires_in: '1m' });
    company.house.clock.advance(59_999);
    expect(await statusOf('GET', INSTALLERS, short)).toBe(200);
    company.house.clock.advance(1);
    expect(await statusOf('GET', INSTALLERS, short)).toBe(401);
    company.house.clock.advance(3_650 * DAY_MS);
    expect(await statusOf('GET', INSTALLERS, lasting)).toBe(200);
  });

  it('I7: it is rotated by itself without a moment in which neither value works', async () => {
    const { value } = await company.makeKey();
    const body = { grace_period: '1h' };
    const { json } = await company.ask('POST', '/api/v1/tokens/current/rotate', value, { body });
    expect(await statusOf('GET', INSTALLERS, { value })).toBe(200);
    expect(await statusOf('GET', INSTALLERS, json.new_key)).toBe(200);
    company.house.clock.advance(HOUR_MS);
    expect(await statusOf('GET', INSTALLERS, { value })).toBe(401);
    expect(await statusOf('GET', INSTALLERS, json.new_key)).toBe(200);
  });

  it('I7: revoked, it is refused on the very next request', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = await company.makeKey();
      expect(await statusOf('GET', INSTALLERS, token)).toBe(200);
      expect(await statusOf('DELETE', `/api/v1/tokens/${token.id}`, manager)).toBe(200);
      expect(await statusOf('GET', INSTALLERS, token)).toBe(401);
    }
  });
});

describe('tokens cross no network in the clear', () => {
  it('I7: a listener that other machines can reach is refused without TLS', async () => {
    const config = loadConfig({ 'api-host': '0.0.0.0' }, {}, tmpdir());
    await expect(config).rejects.toThrow(/--tls-cert and --tls-key/);
  });

  suiteNeeding(['openssl', 'curl'], 'serving HTTPS with a certificate', () => {
    it('I7: answers over TLS to who trusts the certificate', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'keyhouse-tls-'));
      const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
      const files = ['-keyout', key, '-out', cert];
      const made = await runProcess('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files]);
      expect(made.code).toBe(0);
      const flags = {
        'api-port': '0',
        'dashboard-port': '0',
        'data-dir': join(folder, 'data'),
        'tls-cert': cert,
        'tls-key': key,
      };
      const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
      const { promise: greeting, resolve: greet } = Promise.withResolvers<string>();
      const served = serve(await loadConfig(flags, {}, folder), {
        json: true,
        stdout: greet,
        stderr: () => {},
        stopped,
      });
      try {
        const { api } = JSON.parse((await within(Promise.race([greeting, served]), 20_000, 'it serves')) ?? '');
        expect(api).toMatch(/^https:/);
        const { stdout } = await runProcess('curl', ['-s', '--cacert', cert, `${api}/v1/auth/test`]);
        expect(JSON.parse(stdout)).toMatchObject({ status: 401, code: 'authentication_required' });
        const plain = await runProcess('curl', ['-s', api.replace('https:', 'http:')]);
        expect(plain.stdout).not.toContain('authentication_required');
      } finally {
        stop();
        await served;
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});

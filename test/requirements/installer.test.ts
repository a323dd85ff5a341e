import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRole, createServiceAccount, createUser, updateRole, updateUser } from '../../src/manage/index.ts';
import { keyhouse } from '../../src/profile/index.ts';
import { loadConfig } from '../../src/server/config.ts';
import { serve } from '../../src/server/serve.ts';
import { becomeAdmin } from '../../src/testing/cast.ts';
import { within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { type Company, type Key, mountDeployerp, openCompany } from './company.ts';

/** What document 000 asks for and no company's dialect changes, shown with the neutral profile. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let company: Company<ReturnType<typeof mountDeployerp>>;
/** Manages everything in Keyhouse. */
let manager: Pick<Key, 'value'>;
beforeAll(async () => {
  company = await openCompany(keyhouse, mountDeployerp);
  manager = { value: (await becomeAdmin(company.house)).token };
});
afterAll(() => company?.close());

const statusOf = async (method: string, path: string, { value }: Pick<Key, 'value'>) =>
  (await company.ask(method, path, value)).status;

describe('a token is shown once', () => {
  it('I3: no answer after the one that created it holds the value, whoever asks and whatever for', async () => {
    const idempotent = { 'idempotency-key': randomUUID() };
    const body = { name: 'once', permissions: ['servers:read'], owner: { external_id: 'user-42' } };
    const create = () => company.ask('POST', '/v1/tokens', manager.value, { body, headers: idempotent });
    const { status, headers, json } = await create();
    const { id, value } = json;
    expect([status, headers.get('cache-control')]).toEqual([201, 'no-store']);
    const later = [
      await create(),
      await company.ask('GET', '/v1/tokens', manager.value),
      await company.ask('GET', `/v1/tokens/${id}`, manager.value),
      await company.ask('PATCH', `/v1/tokens/${id}`, manager.value, { body: { description: 'still there' } }),
      await company.ask('GET', `/v1/tokens/${id}/usage`, manager.value),
      await company.ask('GET', '/v1/audit-events', manager.value),
      await company.ask('GET', '/v1/owners/user-42', manager.value),
      await company.ask('GET', '/v1/tokens/current', value),
      await company.ask('GET', '/v1/auth/test', value, { headers: { 'x-debug-auth': 'true' } }),
      await company.ask('GET', '/v1/servers', value),
      await company.ask('DELETE', `/v1/tokens/${id}`, manager.value),
      await company.ask('GET', '/v1/servers', value),
    ];
    expect(later.map((answer) => answer.status)).toEqual([201, ...Array(10).fill(200), 401]);
    expect(later[0]?.json).toMatchObject({ id, value: null, already_issued: true });
    const secret = value.slice(-32, -6);
    for (const answer of later) {
      expect(answer.text + JSON.stringify([...answer.headers])).not.toContain(secret);
    }
  });

  it('I3: no file of the store holds the value', async () => {
    const { id, value } = await company.makeKey({ permissions: ['servers:read'] });
    expect(await statusOf('GET', '/v1/servers', { value })).toBe(200);
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
  const workspace = { external_id: 'org-7' };

  it('I4: it follows the permissions of its user at once, up and down', async () => {
    const { house } = company;
    const { id: roleId } = await house.asHost(createRole, {
      name: 'operator',
      permissions: ['servers:read', 'servers:write'],
    });
    const user = await house.asHost(createUser, { email: 'ada@example.com', workspace, roles: ['operator'] });
    const token = await company.makeKey({ owner: { id: user.id }, permissions: undefined, inherit: true });
    const server = { name: 'web', region: 'eu-north', size: 'small' };
    const create = async () => (await company.ask('POST', '/v1/servers', token.value, { body: server })).status;
    expect([await statusOf('GET', '/v1/servers', token), await create()]).toEqual([200, 201]);
    await house.asHost(updateRole, { id: roleId, permissions: ['servers:read'] });
    expect([await statusOf('GET', '/v1/servers', token), await create()]).toEqual([200, 403]);
    await house.asHost(updateUser, { id: user.id, workspace, permissions: ['servers:write'], roles: [] });
    expect([await statusOf('GET', '/v1/servers', token), await create()]).toEqual([403, 201]);
    await house.asHost(updateUser, { id: user.id, disabled: true });
    expect(await create()).toBe(401);
  });

  it('I4: it never does more than its user, whatever it was given', async () => {
    const { house } = company;
    const user = await house.asHost(createUser, { email: 'bob@example.com', workspace, permissions: ['servers:read'] });
    const owner = { id: user.id };
    const asked = company.makeKey({ owner, permissions: ['servers:write'] });
    await expect(asked).rejects.toMatchObject({ code: 'exceeds_creator' });
    const token = await company.makeKey({ owner, permissions: ['servers:read'] });
    await house.asHost(updateUser, { id: user.id, workspace, permissions: ['teams:read'] });
    expect(await statusOf('GET', '/v1/servers', token)).toBe(403);
    expect(await statusOf('GET', '/v1/teams', token)).toBe(403);
  });

  it('I4: a service account owns tokens, with permissions of its own', async () => {
    const { house } = company;
    const account = await house.asHost(createServiceAccount, { name: 'sync', workspace, permissions: ['teams:read'] });
    const token = await company.makeKey({ owner: { id: account.id }, inherit: true });
    expect(await statusOf('GET', '/v1/teams', token)).toBe(200);
    expect(await statusOf('GET', '/v1/servers', token)).toBe(403);
    const { json } = await company.ask('GET', '/v1/tokens/current', token.value);
    expect(json.owner).toMatchObject({ kind: 'service_account', name: 'sync' });
  });
});

describe('a token ends', () => {
  it('I7: it lives on without an expiry, and as short as a minute with one', async () => {
    const lasting = await company.makeKey({ permissions: ['servers:read'] });
    const short = await company.makeKey({ permissions: ['servers:read'], expires_in: '1m' });
    company.house.clock.advance(59_999);
    expect(await statusOf('GET', '/v1/servers', short)).toBe(200);
    company.house.clock.advance(1);
    const expired = await company.ask('GET', '/v1/servers', short.value);
    expect([expired.status, expired.json.code]).toEqual([401, 'token_expired']);
    company.house.clock.advance(3_650 * DAY_MS);
    expect(await statusOf('GET', '/v1/servers', lasting)).toBe(200);
  });

  it('I7: it is rotated by itself without a moment in which neither value works', async () => {
    const { value } = await company.makeKey({ permissions: ['servers:read'] });
    const { json } = await company.ask('POST', '/v1/tokens/current/rotate', value, { body: { grace_period: '1h' } });
    expect(await statusOf('GET', '/v1/servers', { value })).toBe(200);
    expect(await statusOf('GET', '/v1/servers', json.new_key)).toBe(200);
    company.house.clock.advance(HOUR_MS);
    expect(await statusOf('GET', '/v1/servers', { value })).toBe(401);
    expect(await statusOf('GET', '/v1/servers', json.new_key)).toBe(200);
  });

  it('I7: revoked, it is refused on the very next request', async () => {
    for (let round = 0; round < 20; round += 1) {
      const token = await company.makeKey({ permissions: ['servers:read'] });
      expect(await statusOf('GET', '/v1/servers', token)).toBe(200);
      expect(await statusOf('DELETE', `/v1/tokens/${token.id}`, manager)).toBe(200);
      expect(await statusOf('GET', '/v1/servers', token)).toBe(401);
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

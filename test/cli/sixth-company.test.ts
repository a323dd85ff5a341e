/**
 * A company that Keyhouse has never heard of, by its profile file alone: served, set up, used and asked about. Prevents a
 * dialect that only works for the companies that come along.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SIXTH_COMPANY } from '../../src/profile/sixth-company.fixture.ts';
import { type Installation, newInstallation, PASSWORD } from './command.ts';

const TOKENS = '/api/v2/schluessel';
const CONTACT = { seite: 'https://hilfe.lagerhaus.example', post: 'hilfe@lagerhaus.example' };

interface Asked {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}

const askAt =
  (api: string) =>
  async (path: string, { method = 'GET', token, body }: Asked = {}) => {
    const answer = await fetch(api + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: answer.headers, text, json: isJson ? JSON.parse(text) : null };
  };

/** The running company, its administrator's token, and a customer who may do everything with pallets. */
async function openForBusiness() {
  const installation: Installation = newInstallation();
  const file = join(installation.folder, 'lagerhaus.json');
  writeFileSync(file, SIXTH_COMPANY);
  const served = await installation.serve(['--profile', file]);
  const ask = askAt(served.api);
  const account = {
    code: served.setup_code,
    email: 'chefin@lagerhaus.example',
    password: PASSWORD,
    workspace: 'Lager',
  };
  const { status, json } = await ask('/v1/setup', { method: 'POST', body: account });
  expect(status).toBe(201);
  const admin = json.token.value as string;
  const customer = { workspace: { external_id: 'kunde-7', name: 'Kunde' }, permissions: ['pallets:*'] };
  expect((await ask('/v1/owners/stapler-1', { method: 'PUT', token: admin, body: customer })).status).toBe(201);
  const make = (input: object, token = admin) =>
    ask(TOKENS, {
      method: 'POST',
      token,
      body: { bezeichnung: 'Tor 3', owner: { external_id: 'stapler-1' }, ...input },
    });
  return { installation, served, ask, admin, make, file };
}

describe('a sixth company, by its file alone', { timeout: 120_000 }, () => {
  it('is checked without a word against it', async () => {
    const { folder, json } = newInstallation();
    writeFileSync(join(folder, 'lagerhaus.json'), SIXTH_COMPANY);
    expect(await json(['profile', 'check', 'lagerhaus.json'])).toMatchObject({ name: 'lagerhaus', warnings: [] });
  });

  it('makes tokens of its own form, at its own path, in its own field names, for a year, one for each owner', async () => {
    const { ask, admin, make } = await openForBusiness();
    expect(admin).toMatch(/^lagerhaus_[0-9A-Za-z]{32}$/);
    const made = await make({ level: 'write', ips: ['192.0.2.0/24'] });
    expect(made.status, made.text).toBe(201);
    const { id, value } = made.json;
    expect(id).toMatch(/^schl_\w{20,}$/);
    expect(value).toMatch(/^lagerhaus_[0-9A-Za-z]{32}$/);
    expect(made.json).toMatchObject({
      bezeichnung: 'Tor 3',
      erlaubte_adressen: ['192.0.2.0/24'],
      grant: { level: 'write' },
      effective_permissions: ['pallets:read', 'pallets:write'],
      limits: { tier: 'forklift' },
      rotation: { self_rotate: false },
    });
    expect(Date.parse(made.json.expires_at) - Date.parse(made.json.created_at)).toBe(365 * 86_400_000);

    const verdict = async (token: string, permission: string, ip = '192.0.2.9') =>
      (await ask(`${TOKENS}/verify`, { method: 'POST', token: admin, body: { token, all_of: [permission], ip } })).json;
    expect(await verdict(value, 'pallets:write')).toMatchObject({ allowed: true, token: { bezeichnung: 'Tor 3' } });
    expect(await verdict(value, 'people:write')).toMatchObject({
      allowed: false,
      code: 'insufficient_permissions',
      response: { status: 403, body: { nummer: '201', text: 'Es fehlt people:write.', kontakt: CONTACT } },
    });
    expect((await verdict(value, 'pallets:write', '198.51.100.1')).response.body).toMatchObject({
      fehler: 'Forbidden',
      nummer: '200',
      text: 'Nicht von hier.',
    });

    const next = await make({ inherit: true });
    expect(next.json).toMatchObject({ supersedes: id });
    expect((await verdict(value, 'pallets:read')).response).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': expect.stringContaining('was replaced') },
      body: { nummer: '102', text: 'Schlüssel ungültig.' },
    });
    expect((await verdict(next.json.value, 'pallets:write')).allowed).toBe(true);
  });

  it('says no in its own words, and in the header what they leave out', async () => {
    const { ask, admin, make } = await openForBusiness();
    const none = await ask(TOKENS);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="Lagerhaus API"']);
    expect(none.json).toEqual({ fehler: 'Unauthorized', nummer: '100', text: 'Kein Schlüssel.', kontakt: CONTACT });
    const sample = await ask(TOKENS, { token: 'lagerhaus_IHR_SCHLUESSEL' });
    expect([sample.status, sample.json.nummer]).toEqual([401, '102']);
    expect(sample.headers.get('www-authenticate')).toMatch(/error="invalid_token".*sample/);
    const { value } = (await make({ level: 'read' })).json;
    const own = await make({ level: 'read' }, value);
    expect([own.status, own.json]).toEqual([
      403,
      {
        fehler: 'Forbidden',
        nummer: '201',
        text: 'Es fehlt keyhouse-tokens:write.',
        fehlt: ['keyhouse-tokens:write'],
        kontakt: CONTACT,
      },
    ]);
    expect(own.headers.get('www-authenticate')).toContain('scope="keyhouse-tokens:write"');
    const wrong = await make({ permissions: ['pallets:read'] });
    expect([wrong.status, wrong.json.text]).toEqual([400, expect.stringContaining('level or inherit')]);
    const unnamed = await make({ bezeichnung: '' });
    expect([unnamed.status, unnamed.json.text]).toEqual([400, expect.stringContaining('bezeichnung: ')]);
    expect((await ask(`${TOKENS}/schl_nobody`, { token: admin })).json).toMatchObject({ fehler: 'Not Found' });
    expect((await ask('/v1/tokens', { token: admin })).status).toBe(404);
  });

  it('describes and explains itself under its own name', async () => {
    const { ask, served } = await openForBusiness();
    const { json: openapi } = await ask('/openapi.json');
    expect(Object.keys(openapi.paths)).toEqual(expect.arrayContaining([TOKENS, `${TOKENS}/{id}/rotate`]));
    expect(JSON.stringify(openapi.paths[TOKENS])).toContain('erlaubte_adressen');
    const guide = await ask('/guide.md');
    expect([guide.status, guide.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
    for (const word of [
      'Lagerhaus Beispiel',
      'https://konto.lagerhaus.example',
      'Neuer Schlüssel',
      'pallets:write',
      'Gabelstapler',
      'lieferschein.pdf',
      'Kein Schlüssel.',
      'hilfe@lagerhaus.example',
    ]) {
      expect(guide.text).toContain(word);
    }
    const page = await ask('/guide');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const text of [guide.text, page.text, (await ask('/llms.txt')).text]) {
      expect(text).not.toContain('Keyhouse');
    }
    expect((await fetch(served.dashboard)).status).toBe(200);
  });

  it('stays what it is without its file, and changes its words while it runs', async () => {
    const { installation, served, admin } = await openForBusiness();
    expect(await served.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    const again = await installation.serve();
    const ask = askAt(again.api);
    expect((await ask(TOKENS, { token: admin })).status).toBe(200);
    const changed = join(installation.folder, 'neu.json');
    writeFileSync(changed, SIXTH_COMPANY.replace('Kein Schl\\u00fcssel.', 'Wo ist der Schl\\u00fcssel?'));
    expect(await installation.json(['profile', 'apply', changed])).toMatchObject({ applied: true, name: 'lagerhaus' });
    expect((await ask(TOKENS)).json.text).toBe('Wo ist der Schlüssel?');
    expect((await ask(TOKENS, { token: admin })).status).toBe(200);
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyhouse } from '../../src/index.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { type FreshDatabase, requireDatabase } from '../services/postgres.ts';
import { runProcess } from '../services/process.ts';
import {
  type Account,
  addPerson,
  ask,
  type OwnUsersApp,
  type Person,
  signIn,
  startOwnUsersApp,
  withToken,
} from './own-users.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/own-users-express');
const LINES_MAX = 60;

describe('what the example needs of its own for tokens', () => {
  const read = (name: string) => readFileSync(join(EXAMPLE, name), 'utf8').trimEnd().split('\n');
  const others = readdirSync(EXAMPLE).filter((name) => name.endsWith('.ts') && name !== 'tokens.ts');
  const isCode = (line: string) => !/^\s*(?:$|\/?\*|\/\/)/.test(line);

  it(`is a file of at most ${LINES_MAX} lines, and with every call from elsewhere at most as many of code`, () => {
    const file = read('tokens.ts');
    expect(file.length).toBeLessThanOrEqual(LINES_MAX);
    const calls = others
      .flatMap(read)
      .filter((line) => /\bkeyhouse\b(?!\.secrets)|\btokens\.(?!ts)|openTokens\(/.test(line));
    expect(calls.length).toBeGreaterThan(5);
    expect([...file, ...calls].filter(isCode).length).toBeLessThanOrEqual(LINES_MAX);
  });

  it('is all that imports the package', () => {
    expect(others.filter((name) => read(name).some((line) => /from 'keyhouse/.test(line)))).toEqual([]);
  });
});

suiteNeeding('postgresql', 'the example application with users of its own', () => {
  let database: FreshDatabase;
  let folder: string;
  let app: OwnUsersApp;
  let admin: Person;
  beforeAll(async () => {
    database = await requireDatabase();
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-own-'));
    app = await startOwnUsersApp(database.url, folder);
    admin = await signIn(app.api, app.admin as Account);
  });
  afterAll(async () => {
    await app?.process.stop();
    await database?.drop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const tasks = (headers: Record<string, string>) => ask(`${app.api}/api/tasks`, { headers });

  it('takes a token, a JWT or a session on one route, and the token also as X-API-Key', async () => {
    const account = { email: 'both@example.com', password: 'correct horse' };
    await admin.request(app.api, '/admin/users', 'POST', { ...account, name: 'Both', role: 'editor' });
    const person = await signIn(app.api, account);
    const { value } = await person.mint(app.api);
    const { jwt } = (await ask(`${app.api}/api/sign-in`, { method: 'POST', body: account })).json;
    for (const headers of [
      { Authorization: `Bearer ${value}` },
      { 'X-API-Key': value },
      { Authorization: `Bearer ${jwt}` },
      { Cookie: person.cookie },
      { Authorization: `Bearer ${jwt}`, 'X-API-Key': value },
    ]) {
      expect((await tasks(headers)).status).toBe(200);
    }
    expect((await tasks({})).status).toBe(401);
    expect((await tasks({ Authorization: `Bearer ${jwt.slice(0, -2)}` })).status).toBe(401);
    expect((await tasks({ Authorization: `Bearer ${value.slice(0, -1)}` })).json).toMatchObject({
      code: 'invalid_token',
    });
    expect((await tasks({ Authorization: `Bearer ${value}`, 'X-API-Key': value })).json).toMatchObject({
      code: 'invalid_request',
    });
  });

  it('gives its users their own tokens and nothing of others', async () => {
    const [one, other] = [await addPerson(app.api, admin, 'editor'), await addPerson(app.api, admin, 'editor')];
    const { id } = await one.mint(app.api, { name: 'mine' });
    const listed = await one.request(app.api, '/settings/tokens');
    expect(listed.json.data).toMatchObject([{ id, name: 'mine', owner: { external_id: one.id }, last_used_at: null }]);
    expect((await other.request(app.api, '/settings/tokens')).json.data).toEqual([]);
    for (const [method, path] of [
      ['GET', `/settings/tokens/${id}`],
      ['DELETE', `/settings/tokens/${id}`],
      ['POST', `/settings/tokens/${id}/rotate`],
    ] as const) {
      const refused = await other.request(app.api, path, method);
      expect(refused.status).toBeGreaterThanOrEqual(403);
      expect(refused.status).toBeLessThan(405);
    }
    const rotated = await one.request(app.api, `/settings/tokens/${id}/rotate`, 'POST', { grace_period: '0s' });
    expect(rotated.status).toBe(201);
    expect((await withToken(app.api, rotated.json.new_key.value)).status).toBe(200);
  });

  it('row 25: gives nobody a token that may do more than its user', async () => {
    const viewer = await addPerson(app.api, admin, 'viewer');
    const asked = { name: 'more', permissions: ['tasks:delete'] };
    const refused = await viewer.request(app.api, '/settings/tokens', 'POST', asked);
    expect(refused.status).toBe(403);
    expect(refused.json).toMatchObject({ code: 'exceeds_creator' });
    expect((await viewer.request(app.api, '/admin/tokens')).status).toBe(403);
  });

  it('shows an admin who holds which token, what it may do and when it was used', async () => {
    const person = await addPerson(app.api, admin, 'editor');
    const { id, value } = await person.mint(app.api, { name: 'nightly', permissions: ['tasks:read'] });
    expect((await withToken(app.api, value)).status).toBe(200);
    const row = (await admin.request(app.api, '/admin/tokens')).text.split('<tr>').find((text) => text.includes(id));
    expect(row).toContain('<td>Someone</td><td>nightly</td>');
    expect(row).toContain('<td>active</td><td>tasks:read</td>');
    expect(row).toMatch(/<td>\d{4}-\d\d-\d\dT[\d:.]+Z<\/td>/);
    expect(row).not.toContain(value);
    expect((await admin.request(app.api, `/admin/tokens/${id}`, 'POST')).headers.get('location')).toBe('/admin/tokens');
    expect((await withToken(app.api, value)).status).toBe(401);
    expect((await admin.request(app.api, '/admin/tokens')).text).not.toContain(id);
    expect((await admin.request(app.api, '/admin/tokens/tok_4n2a8Zq8Ctr7mJx5PvW9kL', 'POST')).status).toBe(404);
  });

  it('names in the audit log whose hand it was', async () => {
    const person = await addPerson(app.api, admin, 'editor');
    const { id } = await person.mint(app.api);
    await admin.request(app.api, `/admin/tokens/${id}`, 'POST');
    const keyhouse = await createKeyhouse({ databaseUrl: database.url, secretsDir: join(folder, 'keyhouse.secrets') });
    const { data } = await keyhouse.audit.list({ limit: 100 });
    await keyhouse.close();
    expect(data.filter(({ details }) => JSON.stringify(details).includes(id))).toMatchObject([
      { action: 'token.revoked', actor: { kind: 'host' }, on_behalf_of: { kind: 'external' } },
      { action: 'token.created', actor: { kind: 'external', id: person.id } },
    ]);
  });

  it('row 55: escapes the names that users give their tokens', async () => {
    const person = await addPerson(app.api, admin, 'editor');
    await person.mint(app.api, { name: `<img src=x onerror=alert(1)> "&'` });
    const { text, headers } = await admin.request(app.api, '/admin/tokens');
    expect(text).toContain('&#60;img src=x onerror=alert(1)&#62; &#34;&#38;&#39;');
    expect(text).not.toContain('<img');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('row 100d: changes nothing that another site asks for with a cookie', async () => {
    const person = await addPerson(app.api, admin, 'editor');
    const { id, value } = await person.mint(app.api);
    const asked = async (cookie: string, path: string, headers: Record<string, string>, body?: unknown) =>
      (await ask(app.api + path, { method: 'POST', headers: { Cookie: cookie, ...headers }, body })).status;
    for (const headers of [{ Origin: 'https://evil.example' }, { Origin: 'null' }, {}] as Record<string, string>[]) {
      expect(await asked(admin.cookie, `/admin/tokens/${id}`, headers)).toBe(401);
      expect(await asked(admin.cookie, '/admin/users', headers, { email: 'x@example.com' })).toBe(401);
      expect(await asked(person.cookie, '/settings/tokens', headers, { name: 'x', permissions: [] })).toBe(403);
      expect(await asked(person.cookie, `/settings/tokens/${id}/rotate`, headers)).toBe(403);
      expect(await asked(person.cookie, '/api/tasks', headers, { title: 'x' })).toBe(401);
    }
    expect((await withToken(app.api, value)).status).toBe(200);
  });

  it('answers a signed-out page request with the sign-in page, and anything else with 401', async () => {
    const page = await ask(`${app.api}/settings`, { headers: { Accept: 'text/html' } });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in']);
    expect((await ask(`${app.api}/settings/tokens`)).status).toBe(401);
    expect((await ask(`${app.api}/admin/users`)).status).toBe(401);
    expect((await ask(`${app.api}/settings.js`)).status).toBe(200);
  });
});

suiteNeeding(['postgresql', 'curl'], 'the README of the example', () => {
  it('has commands that give the answers it prints', async () => {
    const database = await requireDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-own-'));
    const app = await startOwnUsersApp(database.url, folder);
    try {
      const steps = readSteps(readFileSync(join(EXAMPLE, 'README.md'), 'utf8'));
      expect(steps.length).toBeGreaterThan(5);
      const outputs = await runSteps(steps, app, folder);
      for (const [index, { command, answer }] of steps.entries()) {
        expect(JSON.parse(outputs[index] ?? ''), command).toMatchObject(withPlaceholders(JSON.parse(answer)) as object);
      }
    } finally {
      await app.process.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('starts with a command that works without anything else', async () => {
    const readme = readFileSync(join(EXAMPLE, 'README.md'), 'utf8');
    expect(/```sh\n(.*)\n```/.exec(readme)?.[1]).toBe('npm run example -- own-users-express');
    const app = await startOwnUsersApp(null, '');
    try {
      expect((await withToken(app.api, app.token as string)).json).toEqual({ tasks: [] });
    } finally {
      expect(await app.process.stop()).toEqual({ code: 0, signal: null });
    }
  }, 90_000);
});

interface Step {
  readonly command: string;
  readonly answer: string;
}

/** Commands with the answer printed below them. */
function readSteps(readme: string): readonly Step[] {
  return [...readme.matchAll(/```sh\n([^`]+)```\n\n```json\n([^`]+)```/g)].map((match) => ({
    command: match[1] ?? '',
    answer: match[2] ?? '',
  }));
}

/** Runs them in one shell, as a reader does; what each wrote. */
async function runSteps(steps: readonly Step[], app: OwnUsersApp, cwd: string): Promise<readonly string[]> {
  const END = 'end-of-step';
  const script = steps.map(({ command }) => `${command}\necho; echo ${END}\n`).join('');
  const env = {
    API: app.api,
    TOKEN: app.token as string,
    ADMIN_EMAIL: app.admin?.email,
    ADMIN_PASSWORD: app.admin?.password,
    EDITOR_EMAIL: app.editor?.email,
    EDITOR_PASSWORD: app.editor?.password,
  };
  const { stdout, stderr } = await runProcess('bash', ['-c', script], { cwd, env });
  expect(stderr).toBe('');
  return stdout.split(`${END}\n`);
}

/** `…` at the end of a printed text stands for any ending. */
function withPlaceholders(printed: unknown): unknown {
  if (typeof printed === 'string' && printed.endsWith('…')) {
    return expect.stringMatching(new RegExp(`^${printed.slice(0, -1).replaceAll(/\W/g, '\\$&')}`));
  }
  if (Array.isArray(printed)) return printed.map(withPlaceholders);
  if (typeof printed !== 'object' || printed === null) return printed;
  return Object.fromEntries(Object.entries(printed).map(([name, value]) => [name, withPlaceholders(value)]));
}

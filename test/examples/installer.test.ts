import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningExample, startExample } from './running-example.ts';

const INSTALLERS = '/api/v1/partners/installers';
const JOBS = '/api/v1/partners/jobs';

describe('the example installer', () => {
  let example: RunningExample;
  beforeAll(async () => {
    example = await startExample('installer');
  });
  afterAll(() => example?.close());

  const manage = (method: string, path: string, body?: unknown) =>
    example.ask(method, path, example.managementToken, body);
  const userNamed = async (name: string) => {
    const { json } = await manage('GET', '/v1/users');
    return json.data.find(({ email }: { email: string }) => email === `${name}@installer.example`);
  };
  const tokenOf = async (name: string) => example.makeKey({ owner: { id: (await userNamed(name)).id } });
  /** What a token may do: list and create installers, list and create jobs. */
  const powers = async (token: string | null) => {
    const asked = [
      await example.ask('GET', INSTALLERS, token),
      await example.ask('POST', INSTALLERS, token, {}),
      await example.ask('GET', JOBS, token),
      await example.ask('POST', JOBS, token, {}),
    ];
    return asked.map(({ status }) => status);
  };

  it('lists two installers and a job at the first start', async () => {
    const installers = await example.ask('GET', INSTALLERS, example.token);
    expect(installers.json.data.map(({ name }: { name: string }) => name)).toEqual([
      'Example Electric',
      'Example Heating',
    ]);
    const jobs = await example.ask('GET', JOBS, example.token);
    expect(jobs.json.data).toEqual([expect.objectContaining({ state: 'booked', note: null })]);
  });

  it('gives its first token to a service account that may book jobs and nothing beyond', async () => {
    const { json } = await example.ask('GET', '/api/v1/tokens/current', example.token);
    expect(json).toMatchObject({
      name: 'ERP Integration',
      grant: { inherit: true },
      effective_permissions: ['installers:read', 'jobs:read', 'jobs:write'],
      owner: { kind: 'service_account', name: 'ERP Integration' },
    });
    expect(await powers(example.token)).toEqual([200, 403, 200, 400]);
    expect((await example.ask('GET', '/v1/users', example.token)).status).toBe(403);
  });

  it('keeps the token that manages Keyhouse away from the API', async () => {
    expect(await powers(example.managementToken)).toEqual([403, 403, 403, 403]);
    expect((await manage('GET', '/v1/users')).json.data).toHaveLength(4);
  });

  it.each([
    ['partner-admin', [200, 400, 200, 400]],
    ['dispatcher', [200, 403, 200, 400]],
    ['viewer', [200, 403, 200, 403]],
  ])('lets a token of %s do what that role may', async (name, may) => {
    const { value } = await tokenOf(name);
    expect(await powers(value)).toEqual(may);
  });

  it('books a job, moves it on, and keeps an installer for as long as a job is with it', async () => {
    const { value } = await tokenOf('partner-admin');
    const newInstaller = { name: 'Example Solar', trade: 'solar', city: 'Drammen', phone: '+47 000 00 000' };
    const { json: installer } = await example.ask('POST', INSTALLERS, value, newInstaller);
    const job = { installer_id: installer.id, title: 'Panels on the roof' };
    const { json: booked } = await example.ask('POST', JOBS, value, job);
    expect(booked).toMatchObject({ ...job, state: 'booked', planned_for: null, note: null });
    const planned = await example.ask('PATCH', `${JOBS}/${booked.id}`, value, { planned_for: '2028-02-29' });
    expect([planned.status, planned.json.planned_for, planned.json.state]).toEqual([200, '2028-02-29', 'booked']);
    for (const wrong of [{ planned_for: '2027-02-29' }, { planned_for: '1 May' }, { state: 'lost' }, { state: null }]) {
      const { status, json } = await example.ask('PATCH', `${JOBS}/${booked.id}`, value, wrong);
      expect([status, json.errors.map(({ path }: { path: string }) => path)]).toEqual([400, Object.keys(wrong)]);
    }
    const kept = await example.ask('DELETE', `${INSTALLERS}/${installer.id}`, value);
    expect([kept.status, kept.json.error]).toEqual([409, 'Conflict']);
    const { json: other } = await example.ask('POST', INSTALLERS, value, newInstaller);
    expect((await example.ask('DELETE', `${INSTALLERS}/${other.id}`, value)).status).toBe(204);
    expect((await example.ask('GET', `${INSTALLERS}/${other.id}`, value)).status).toBe(404);
  });

  it('says what is wrong with a body that cannot be read', async () => {
    const { value } = await tokenOf('partner-admin');
    const { status, json } = await example.ask('POST', JOBS, value, '{"title": "Panels",}');
    expect([status, json]).toEqual([
      400,
      { error: 'Bad Request', message: 'The request body is not valid JSON.', statusCode: 400 },
    ]);
  });

  it('demotes every token of a user with the user, and a role with all who have it', async () => {
    const { value: first } = await tokenOf('partner-admin');
    const { value: second } = await tokenOf('partner-admin');
    const { id, memberships } = await userNamed('partner-admin');
    const { workspace } = memberships[0];
    const demoted = { workspace: { id: workspace.id }, roles: ['dispatcher'] };
    expect((await manage('PATCH', `/v1/users/${id}`, demoted)).status).toBe(200);
    for (const token of [first, second]) expect(await powers(token)).toEqual([200, 403, 200, 400]);
    const { json: roles } = await manage('GET', '/v1/roles');
    const dispatcher = roles.data.find(({ name }: { name: string }) => name === 'dispatcher');
    const less = { permissions: ['jobs:read'] };
    expect((await manage('PATCH', `/v1/roles/${dispatcher.id}`, less)).status).toBe(200);
    for (const token of [first, second]) expect(await powers(token)).toEqual([403, 403, 200, 403]);
  });
});

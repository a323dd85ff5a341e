import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_DESCRIPTION } from '../../examples/installer/api-description.ts';
import { installer } from '../../src/profile/index.ts';
import { openCompany } from '../requirements/company.ts';
import { mountInstaller } from '../requirements/mount-installer.ts';
import { type RunningExample, startExample } from './running-example.ts';

interface Schema {
  readonly required?: readonly string[];
  readonly properties: Readonly<Record<string, { readonly enum?: readonly unknown[]; readonly maxLength?: number }>>;
}

interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly requestBody?: { readonly content: Readonly<Record<'application/json', { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: unknown }>>;
}

const { paths, components, security } = API_DESCRIPTION as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<'Installer' | 'Job' | 'Error', Schema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
  readonly security: readonly unknown[];
};

const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), ...described })),
);
const INSTALLERS = '/api/v1/partners/installers';
const JOBS = '/api/v1/partners/jobs';

let example: RunningExample;
let able: string;
beforeAll(async () => {
  example = await startExample('installer');
  const { json } = await example.ask('GET', '/v1/users', example.managementToken);
  const owner = json.data.find(({ email }: { email: string }) => email.startsWith('partner-admin@'));
  able = (await example.makeKey({ owner: { id: owner.id }, tier: 'unlimited' })).value;
});
afterAll(() => example?.close());

const ask = (method: string, path: string, body?: unknown, token: string | null = able) =>
  example.ask(method, path, token, body);

/** Values that are taken, of every field. */
const FULL = {
  installers: { name: 'Example Solar', trade: 'solar', city: 'Drammen', email: 'post@solar.example', phone: '+47 000' },
  jobs: { installer_id: '', title: 'Panels', state: 'booked', planned_for: '2027-05-01', note: 'Mind the dog.' },
};

async function fullBody(path: string): Promise<Record<string, unknown>> {
  if (!path.startsWith(JOBS)) return FULL.installers;
  return { ...FULL.jobs, installer_id: (await ask('POST', INSTALLERS, FULL.installers)).json.id };
}

async function called(path: string): Promise<string> {
  if (!path.includes('{id}')) return path;
  const all = path.replace('/{id}', '');
  return `${all}/${(await ask('POST', all, await fullBody(all))).json.id}`;
}

describe('the API description of the example installer', () => {
  it('has every route of the API and no other', async () => {
    const company = await openCompany(installer, mountInstaller);
    try {
      const routes = company.mounted.api.router.stack.flatMap(({ route }) =>
        (route?.stack ?? []).map(({ method }) => [method?.toUpperCase(), route?.path.replace(':id', '{id}')].join(' ')),
      );
      const named = new Set(routes.filter((route) => !route.startsWith(' ')));
      expect(OPERATIONS.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...named].sort());
    } finally {
      await company.close();
    }
  });

  it('describes exactly the methods that the running example has at each path', async () => {
    for (const [path, methods] of Object.entries(paths)) {
      const { status, headers } = await ask('PUT', path.replace('{id}', 'none'), {});
      const allowed = (headers.get('allow') ?? '').split(', ').filter((method) => method !== 'HEAD');
      expect([path, status, allowed.sort()]).toEqual([
        path,
        405,
        Object.keys(methods)
          .map((method) => method.toUpperCase())
          .sort(),
      ]);
    }
  });

  it('gives every operation a name, and asks all of them for a bearer token', () => {
    const ids = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(9);
    expect(OPERATIONS[0]).toMatchObject({
      method: 'GET',
      path: INSTALLERS,
      operationId: 'listInstallers',
      summary: 'List Installers',
    });
    expect(security).toEqual([{ [Object.keys(components.securitySchemes)[0] ?? '']: [] }]);
    expect(Object.values(components.securitySchemes)).toEqual([
      expect.objectContaining({ type: 'http', scheme: 'bearer' }),
    ]);
  });

  it.each(OPERATIONS)(
    '$operationId answers as it is described',
    async ({ method, path, description, responses, requestBody }) => {
      const documented = (status: number) => expect(Object.keys(responses)).toContain(String(status));
      const body = requestBody === undefined ? undefined : await fullBody(path);
      const target = await called(path);

      const stranger = await ask(method, target, body, null);
      documented(stranger.status);
      const powerless = await ask(method, target, body, example.managementToken);
      documented(powerless.status);
      expect([stranger.status, powerless.status]).toEqual([401, 403]);
      expect(description).toContain(/scope="(.*?)"/.exec(powerless.headers.get('www-authenticate') ?? '')?.[1]);
      for (const { json } of [stranger, powerless]) {
        expect(Object.keys(json)).toEqual(components.schemas.Error.required);
      }

      const { status, json } = await ask(method, target, body);
      documented(status);
      expect(String(status)).toBe(Object.keys(responses).find((one) => one.startsWith('2')));
      const row = method === 'GET' && json.data !== undefined ? json.data[0] : json;
      const { properties, required } = components.schemas[path.startsWith(JOBS) ? 'Job' : 'Installer'];
      if (status !== 204) {
        expect(Object.keys(row).sort()).toEqual(Object.keys(properties).sort());
        expect(required).toEqual(Object.keys(properties));
      }
      if (path.includes('{id}')) documented((await ask(method, target.replace(/[^/]+$/, 'none'), body)).status);
    },
  );

  const WRITING = OPERATIONS.filter(({ requestBody }) => requestBody !== undefined);
  it.each(WRITING)(
    '$operationId takes what its schema takes, and nothing else',
    async ({ method, path, requestBody }) => {
      const schema = requestBody?.content['application/json'].schema as Schema;
      const full = await fullBody(path);
      expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(full).sort());
      const target = await called(path);
      const statusOf = async (body: unknown) => (await ask(method, target, body)).status;
      const isCreation = method === 'POST';
      const good = isCreation ? 201 : 200;
      for (const name of Object.keys(full)) {
        const { [name]: _, ...rest } = full;
        const isRequired = schema.required?.includes(name) ?? false;
        expect([name, await statusOf(rest)]).toEqual([name, isRequired ? 400 : good]);
      }
      for (const [name, { enum: choices, maxLength }] of Object.entries(schema.properties)) {
        for (const choice of choices ?? []) expect(await statusOf({ ...full, [name]: choice })).toBe(good);
        if (choices !== undefined) expect(await statusOf({ ...full, [name]: 'none of these' })).toBe(400);
        if (maxLength === undefined) continue;
        expect([name, await statusOf({ ...full, [name]: 'x'.repeat(maxLength) })]).toEqual([name, good]);
        expect([name, await statusOf({ ...full, [name]: 'x'.repeat(maxLength + 1) })]).toEqual([name, 400]);
      }
      expect(await statusOf({ ...full, colour: 'red' })).toBe(400);
      const tooLarge = await ask(method, target, { ...full, name: 'x'.repeat(70_000) });
      expect([tooLarge.status, tooLarge.json.error]).toEqual([413, 'Content Too Large']);
    },
  );
});

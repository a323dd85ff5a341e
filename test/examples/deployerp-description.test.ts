import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API_DESCRIPTION } from '../../examples/deployerp/api-description.ts';
import { deployerp } from '../../src/profile/index.ts';
import { mountDeployerp, openCompany } from '../requirements/company.ts';
import { type RunningExample, startExample } from './running-example.ts';

interface Schema {
  readonly $ref?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly enum?: readonly unknown[];
  readonly maxLength?: number;
  readonly items?: Schema;
}
interface Content {
  readonly content: { readonly 'application/json': { readonly schema: Schema; readonly example?: unknown } };
}
interface Described {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Partial<Content>>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Content>>;
  };
}

const { paths, components } = API_DESCRIPTION as unknown as Document;
const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method: method.toUpperCase(), ...described })),
);

describe('the API description of the example deployerp', () => {
  let example: RunningExample;
  let stranger: string;
  beforeAll(async () => {
    example = await startExample('deployerp');
    stranger = (await example.makeKey({ permissions: ['keyhouse-audit:read'] })).value;
  });
  afterAll(() => example?.close());

  /** A body that is taken: the first of what may be chosen, and rows that are there. */
  const bodyFor = async ({ requestBody }: (typeof OPERATIONS)[number]) => {
    const schema = requestBody?.content['application/json'].schema;
    const entries = Object.entries(schema?.properties ?? {}).map(async ([name, field]) => {
      const refersTo = /^(\w+)_id$/.exec(name)?.[1];
      if (refersTo !== undefined) return [name, await firstOf(`${refersTo}s`)];
      return [name, field.enum?.[0] ?? 'text'.slice(0, field.maxLength)];
    });
    return schema === undefined ? undefined : Object.fromEntries(await Promise.all(entries));
  };
  const firstOf = async (name: string): Promise<string> => {
    const { json } = await example.ask('GET', `/v1/${name}?limit=1`, example.token);
    return json.data[0].id;
  };

  it('has every route of the API and no other', async () => {
    const company = await openCompany(deployerp, mountDeployerp);
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

  it('gives every operation a name of its own', () => {
    expect(new Set(OPERATIONS.map(({ operationId }) => operationId)).size).toBe(OPERATIONS.length);
  });

  it('shows the body that is answered where no key came', async () => {
    const { status, json } = await example.ask('GET', '/v1/servers', null);
    expect(status).toBe(401);
    expect(json).toEqual(components.responses.Refused401?.content['application/json'].example);
  });

  // What is deleted must not be referred to, so a server is made for it.
  it.each(OPERATIONS)('$operationId answers as it is described', async (operation) => {
    const { method, path, tags, description, responses } = operation;
    const body = await bodyFor(operation);
    const made =
      method === 'DELETE'
        ? await example.ask('POST', `/v1/${tags[0]}`, example.token, await bodyFor(creating(tags[0])))
        : null;
    const target = path.includes('{id}')
      ? path.replace('{id}', made?.json.id ?? (await firstOf(tags[0] as string)))
      : path;

    const refused = await example.ask(method, target, stranger, body);
    expect(refused.status).toBe(403);
    expect(responses).toHaveProperty('403');
    expect(description).toContain(`\`${/scope="(.*?)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1]}\``);

    const { status, json } = await example.ask(method, target, example.token, body);
    const good = Object.keys(responses).find((one) => one.startsWith('2')) as string;
    expect(String(status)).toBe(good);
    const schema = responses[good]?.content?.['application/json'].schema;
    if (schema === undefined) return expect(json).toBe('');
    const isList = schema.properties?.data !== undefined;
    const row = isList ? schema.properties?.data?.items : schema;
    const { properties } = components.schemas[(row?.$ref ?? '').split('/').at(-1) as string] as Required<Schema>;
    expect(Object.keys(isList ? json.data[0] : json).sort()).toEqual(Object.keys(properties).sort());
  });
});

function creating(tag: string | undefined): (typeof OPERATIONS)[number] {
  const found = OPERATIONS.find(({ method, tags }) => method === 'POST' && tags[0] === tag);
  if (found === undefined) throw new Error(`nothing makes ${tag}`);
  return found;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeHosting } from '../../examples/hosting/api-description.ts';
import { PROFILE_FILE, readProfile } from '../../examples/hosting/company.ts';
import { OPERATIONS } from '../../examples/hosting/operations.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { runReadme } from './readme.ts';
import { type RunningExample, startExample } from './running-example.ts';

const profile = readProfile();

describe('the example hosting', () => {
  let example: RunningExample;
  beforeAll(async () => {
    example = await startExample('hosting');
  });
  afterAll(() => example?.close());

  const ask = (method: string, path: string, token = example.token, body?: unknown) =>
    example.ask(method, path, token, body);
  const userNamed = async (email: string) => {
    const { json } = await ask('GET', '/v1/users', example.managementToken);
    return json.data.find((user: { email: string }) => user.email === email);
  };

  it('has a customer with a domain, its records, hosting and two invoices at the first start', async () => {
    const lists = ['/v1/domains', '/v1/domains/garden-shop.example/records', '/v1/hosting', '/v1/account/invoices'];
    const counts = await Promise.all(lists.map(async (path) => (await ask('GET', path)).json.data.length));
    expect(counts).toEqual([1, 3, 1, 2]);
    expect((await ask('GET', '/v1/account')).json).toMatchObject({ company: 'Garden Shop', country: 'DE' });
  });

  it('gives its first token to that customer, with all eight permissions and none that manages anything', async () => {
    const { json } = await ask('GET', '/v1/tokens/current');
    expect(json.owner.email).toBe('ada@garden-shop.example');
    expect(json.workspace).toMatchObject({ external_id: 'customer-1', name: 'Garden Shop' });
    expect(json.effective_permissions).toHaveLength(8);
    expect((await ask('GET', '/v1/users')).status).toBe(403);
  });

  it('keeps the token that manages tokens away from every customer’s things', async () => {
    for (const { method, path } of OPERATIONS) {
      const target = path.replace(/\{\w+\}/g, 'garden-shop.example');
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      expect((await ask(method, target, example.managementToken, body)).status).toBe(403);
    }
  });

  it.each([
    ['web@garden-shop.example', ['dns:read', 'dns:write'], 'account:read'],
    ['office@garden-shop.example', ['account:read'], 'dns:read'],
  ])('lets a token of %s have %j and never %s', async (email, permissions, beyond) => {
    const owner = { id: (await userNamed(email)).id };
    const { value } = await example.makeKey({ owner, permissions });
    expect((await ask('GET', '/v1/tokens/current', value)).json.effective_permissions).toEqual(permissions);
    await expect(example.makeKey({ owner, permissions: [beyond] })).rejects.toThrow('exceeds_creator');
  });

  it('shows its own API on the reference page', async () => {
    const { json: page } = await ask('GET', '/reference', null);
    const texts = [page];
    for (const [, path = ''] of String(page).matchAll(/(?:href|src|data-[\w-]+)="([^"]+\.json)"/g)) {
      texts.push(JSON.stringify((await ask('GET', new URL(path, `${example.api}/`).pathname, null)).json));
    }
    expect(texts.join('\n')).toContain('/v1/domains/{domain}/records');
  });
});

describe('the description of the hoster’s API', () => {
  const description = describeHosting(profile) as {
    readonly info: { readonly title: string };
    readonly servers: readonly unknown[];
    readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
    readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
  };
  interface Described {
    readonly operationId: string;
    readonly description: string;
    readonly responses: Readonly<Record<string, unknown>>;
  }
  const described = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ called: `${method.toUpperCase()} ${path}`, operation })),
  );

  it('has exactly the operations that the routes are made of, and that the profile lists with their permission', () => {
    const listed = profile.catalogue === 'open' ? [] : profile.catalogue;
    const catalogue = listed.flatMap(({ permission, operations }) => operations.map((one) => `${one} ${permission}`));
    const ofRoutes = OPERATIONS.map(({ method, path, permission }) => `${method} ${path} ${permission}`);
    const ofDescription = described.map(
      ({ called, operation }) => `${called} ${/`(\w+:\w+)`/.exec(operation.description)?.[1]}`,
    );
    expect(ofRoutes.sort()).toEqual(catalogue.sort());
    expect(ofDescription.sort()).toEqual(catalogue);
    expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(described.length);
  });

  it('refers to nothing that it does not have', () => {
    const text = JSON.stringify(description);
    const references = [...text.matchAll(/"#\/components\/(schemas|responses)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(described.length);
    const { components } = description as { components: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    for (const [, kind = '', name = ''] of references) expect(Object.keys(components[kind] ?? {})).toContain(name);
  });

  it('is in the name of the hoster that the profile names', () => {
    const { company } = profile;
    const other = {
      ...profile,
      company: { ...company, name: 'Northern Hosting', apiBaseUrl: 'https://api.northern.example' },
    };
    expect(describeHosting(other)).toMatchObject({
      info: { title: 'Northern Hosting API' },
      servers: [{ url: 'https://api.northern.example' }],
    });
    expect(description).toMatchObject({
      info: { title: 'Example Hosting API' },
      servers: [{ url: company.apiBaseUrl }],
    });
  });

  it('comes from a profile that is a file, and extends the preset', () => {
    const file = JSON.parse(readFileSync(PROFILE_FILE, 'utf8'));
    expect(Object.keys(file)).toEqual(['extends', 'name', 'company']);
    expect(file.extends).toBe('hosting');
  });
});

suiteNeeding('curl', 'the example hosting, from a terminal', () => {
  it('its README registers, makes a token for DNS alone and moves a domain to another customer', async () => {
    const { script } = await runReadme(join(import.meta.dirname, '../../examples/hosting/README.md'));
    expect(script.stdout).toContain('"total_cents":1800');
    expect(script.stdout).toContain('"type":"A","value":"203.0.113.20"');
    expect(script.stdout).toContain('"missing":["domains:write"]');
    expect(script.stdout).toMatch(/"name":"herb-garden.example".*"invoice_id":"inv_\w+"\}$/);
  });

  it('a token with the line break of its file is refused in words that say so', async () => {
    const example = await startExample('hosting');
    try {
      const env = { TOKEN: `${example.token}\n`, API: example.api };
      const curl = (header: string) => runProcess('sh', ['-c', `curl -s -i "$API/v1/domains" -H "${header}"`], { env });
      const { stdout } = await curl('Authorization: Bearer $TOKEN');
      expect(stdout).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
      expect(JSON.parse(stdout.split('\r\n\r\n')[1] ?? '').detail).toMatch(/line break .* at the end of the API token/);
      expect(stdout).not.toContain(String(example.token).slice(5));
      const trimmed = await curl('Authorization: Bearer $(printf %s "$TOKEN")');
      expect(trimmed.stdout).toMatch(/^HTTP\/1\.1 200 OK/);
    } finally {
      await example.close();
    }
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { applyProfile, localCaller, type Operation, perform } from '../../src/manage/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { deployerp, hosting, keyhouse, type Profile, presets } from '../../src/profile/index.ts';
import { type AnswerJson, type House, openHouse } from './house.ts';

const TYPES = {
  '/guide': 'text/html; charset=utf-8',
  '/guide.md': 'text/markdown; charset=utf-8',
  '/llms.txt': 'text/plain; charset=utf-8',
  '/guide/theme.css': 'text/css; charset=utf-8',
  '/guide/guide.css': 'text/css; charset=utf-8',
  '/guide/guide.js': 'text/javascript; charset=utf-8',
} as const;
const PATHS = Object.keys(TYPES) as (keyof typeof TYPES)[];
const HOST = ['Host', 'api.example.com:8000'];

let house: House;
afterEach(() => house?.close());

const open = async (...given: Parameters<typeof openHouse>): Promise<House> => {
  house = await openHouse(...given);
  return house;
};
const read = (target: string, headers: readonly string[] = HOST, method = 'GET'): Promise<AnswerJson> =>
  house.ask({ target, headers, method });
const textOf = async (target: string, headers?: readonly string[]) => String((await read(target, headers)).body);

describe('the guide', () => {
  it.each(PATHS)('H1: %s is there for anybody, as what it is', async (path) => {
    await open(hosting);
    const { status, headers, body } = await read(path);
    expect([status, headers['Content-Type']]).toEqual([200, TYPES[path]]);
    expect(headers['X-Content-Type-Options']).toBe('nosniff');
    expect(headers['Content-Security-Policy']).toMatch(/default-src 'none'; script-src 'self'; style-src 'self'/);
    expect(body?.length).toBeGreaterThan(100);
  });

  it('has no other files', async () => {
    await open(hosting);
    for (const path of ['/guide/', '/guide/x.css', '/guide/..%2Fhome.html', '/guide/__proto__']) {
      expect((await read(path)).status).toBe(404);
    }
    expect((await read('/guide', HOST, 'POST')).status).toBe(405);
  });

  it('is asked for again each time, and sent again only when it differs', async () => {
    await open(hosting);
    for (const path of PATHS) {
      const { headers } = await read(path);
      expect(headers['Cache-Control']).toBe('no-cache');
      const etag = String(headers.ETag);
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
        const again = await read(path, [...HOST, 'If-None-Match', known]);
        expect([again.status, again.body, again.headers.ETag]).toEqual([304, null, etag]);
      }
      expect((await read(path, [...HOST, 'If-None-Match', '"other"'])).status).toBe(200);
      const head = await read(path, HOST, 'HEAD');
      expect([head.status, head.headers.ETag]).toEqual([200, etag]);
    }
  });

  it('H1: shows a profile from the moment it is applied', async () => {
    await open(hosting);
    const etags = new Map<string, unknown>();
    for (const path of PATHS) etags.set(path, (await read(path)).headers.ETag);
    const company: Profile['company'] = {
      ...hosting.company,
      name: 'Nordlicht',
      slug: 'nordlicht',
      supportUrl: 'https://hilfe.nordlicht.example',
      supportEmail: 'hilfe@nordlicht.example',
      signInUrl: 'https://portal.nordlicht.example',
      logoUrl: 'https://cdn.nordlicht.example/logo.svg',
      accentColour: '#aa3300',
      apiBaseUrl: 'https://api.nordlicht.example',
    };
    await apply({ ...hosting, company });
    for (const path of ['/guide', '/guide.md', '/llms.txt', '/guide/theme.css']) {
      expect((await read(path)).headers.ETag).not.toBe(etags.get(path));
    }
    const text = await textOf('/guide.md');
    for (const said of ['Nordlicht API', 'NORDLICHT_API_TOKEN', 'https://api.nordlicht.example/v1/domains']) {
      expect(text).toContain(said);
    }
    for (const said of [
      'hilfe@nordlicht.example',
      'https://hilfe.nordlicht.example',
      'https://portal.nordlicht.example',
    ]) {
      expect(text).toContain(said);
    }
    for (const path of PATHS) expect(await textOf(path)).not.toMatch(/example\.com|Example Hosting/);
    expect(await textOf('/guide/theme.css')).toContain('--accent: #aa3300');
    const page = await read('/guide');
    expect(String(page.body)).toContain('<img src="https://cdn.nordlicht.example/logo.svg"');
    expect(page.headers['Content-Security-Policy']).toContain("img-src 'self' data: https://cdn.nordlicht.example;");
  });

  it.each(Object.values(presets).filter(({ company }) => company.name !== keyhouse.company.name))(
    'H1: of $name names nobody but the company, in any of its files',
    async (profile) => {
      await open(profile);
      for (const path of PATHS) {
        const { headers, body } = await read(path);
        expect(String(body)).not.toMatch(/keyhouse/i);
        expect(JSON.stringify(headers)).not.toMatch(/keyhouse/i);
      }
      expect(await textOf('/guide')).toContain(profile.company.name);
    },
  );

  it('takes no logo whose host could say something else to the browser', async () => {
    for (const logoUrl of ["https://a;script-src'unsafe-inline'.example/x.png", 'https://a,b.example/x.png']) {
      await open({ ...hosting, company: { ...hosting.company, logoUrl } });
      const { headers, body } = await read('/guide');
      expect(headers['Content-Security-Policy']).toContain("img-src 'self' data:;");
      expect(String(body)).not.toContain('<img');
      await house.close();
    }
  });

  it('speaks of the routes that this door has', async () => {
    const served = ['/guide', '/guide.md', '/llms.txt'];
    await open(deployerp, () => ({ serves: ([, path]) => served.includes(path) }));
    const text = await textOf('/guide.md');
    for (const missing of ['/v1/auth/test', '/rotate', '](reference)']) expect(text).not.toContain(missing);
    expect((await read('/guide/guide.css')).status).toBe(404);
  });

  it('leads to the description of the company’s own API where there is one', async () => {
    const document = { openapi: '3.1.0', info: { title: 'Example API', version: '1.0.0' }, paths: {} };
    await open(deployerp, () => ({ apiDescription: { document, isHere: true } }));
    for (const path of ['/guide.md', '/llms.txt']) expect(await textOf(path)).toContain('](reference/api.json)');
    expect((await read('/reference/api.json')).status).toBe(200);
    await house.close();
    await open(deployerp);
    expect(await textOf('/llms.txt')).not.toContain('reference/api.json');
  });

  it('stands below the prefix where a host application mounted it', async () => {
    await open(keyhouse, () => ({ prefix: '/auth' }));
    const text = await textOf('/auth/guide.md');
    expect(text).toContain('curl --fail-with-body http://api.example.com:8000/auth/v1/auth/test');
    expect(text).toContain('http://api.example.com:8000/auth/v1/tokens/current/rotate');
    expect((await read('/guide')).status).toBe(404);
  });
});

describe('the base address', () => {
  const base = async (headers: readonly string[], peer?: string) => {
    const { status, body } = await house.ask({ target: '/guide.md', headers, ...(peer !== undefined && { peer }) });
    return status === 200 ? /The base address is `([^`]+)`/.exec(String(body))?.[1] : status;
  };

  it('is that of the profile, whatever the request says', async () => {
    await open(deployerp);
    expect(await base(['Host', 'other.example'])).toBe('https://api.deployerp.com');
    expect(await base([])).toBe('https://api.deployerp.com');
  });

  it('is where the request came to where the profile has none', async () => {
    await open(keyhouse);
    expect(await base(['Host', 'API.example.com'])).toBe('http://api.example.com');
    expect(await base(['Host', '127.0.0.1:8000'])).toBe('http://127.0.0.1:8000');
    expect(await base(['Host', '[::1]:8000'])).toBe('http://[::1]:8000');
    const answer = await house.handler(new Request('https://api.example.com/guide.md'));
    expect(await answer.text()).toContain('The base address is `https://api.example.com`');
  });

  it.each([
    '',
    'a b',
    '"><script>',
    'a/b',
    'a@b',
    'user:x@a',
    'a:99999',
    '[::1',
    'a$(id)',
    'a`id`',
    "a'b",
    'ä.example',
  ])('row 42: is never taken from a Host that names no host: %j', async (host) => {
    await open(keyhouse);
    const answer = await read('/guide', ['Host', host]);
    expect(answer.status).toBe(400);
    if (host !== '') expect(String(answer.body)).not.toContain(host);
  });

  it('takes HTTPS from the word of a trusted proxy, and of nobody else', async () => {
    const proxies = parseIpAllowlist(['192.0.2.1']);
    await open(keyhouse, ({ trust }) => ({ trust: { ...trust, trustedProxies: proxies.ok ? proxies.list : null } }));
    const said = ['Host', 'api.example.com', 'X-Forwarded-Proto', 'https'];
    expect(await base(said, '192.0.2.1')).toBe('https://api.example.com');
    expect(await base(said, '203.0.113.9')).toBe('http://api.example.com');
    expect(await base([...said, 'X-Forwarded-Proto', 'http'], '192.0.2.1')).toBe('http://api.example.com');
  });
});

async function apply(profile: Profile): Promise<void> {
  const circumstances = { ip: null, requestId: 'req_seed', idempotencyKey: null };
  const input = { profile, allow_narrowing: true };
  await perform(
    applyProfile as Operation<unknown, unknown>,
    house.engine,
    localCaller('operator', circumstances),
    input,
  );
}

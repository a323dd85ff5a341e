import { afterEach, describe, expect, it } from 'vitest';
import { deployerp, keyhouse, type Profile } from '../../src/profile/index.ts';
import { type House, openHouse } from './house.ts';

const DESCRIPTION = {
  openapi: '3.1.0',
  info: { title: 'Servers', version: '1' },
  servers: [{ url: 'https://api.example.com/v1' }],
  paths: { '/servers': { get: { responses: { 200: { description: 'OK' } } } } },
};

let house: House;
afterEach(() => house.close());

const openWith = async (profile: Profile, isHere = true, document = DESCRIPTION) => {
  house = await openHouse(profile, () => ({ apiDescription: { document, isHere } }));
  return house;
};

describe("the company's own description", () => {
  it('is served as it was read, with this address before the servers it names', async () => {
    const { ask } = await openWith(keyhouse);
    const { status, headers, json } = await ask({ target: '/reference/api.json' });
    expect([status, headers['Content-Type'], headers['Cache-Control']]).toEqual([200, 'application/json', 'no-cache']);
    expect(json).toMatchObject({ info: DESCRIPTION.info, paths: DESCRIPTION.paths });
    expect(json.servers.map(({ url }: { url: string }) => url)).toEqual(['/v1', 'https://api.example.com/v1']);
  });

  it('answers HEAD, refuses other methods, and is nowhere where there is none', async () => {
    const { ask } = await openWith(keyhouse);
    expect(await ask({ method: 'HEAD', target: '/reference/api.json' })).toMatchObject({ status: 200 });
    const refused = await ask({ method: 'POST', target: '/reference/api.json' });
    expect([refused.status, refused.headers.Allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
    await house.close();
    house = await openHouse(keyhouse);
    expect((await house.ask({ target: '/reference/api.json' })).status).toBe(404);
  });
});

describe('the page of the reference', () => {
  const page = async (): Promise<string> => String((await house.ask({ target: '/reference' })).body);
  const policy = async () => (await house.ask({ target: '/reference' })).headers['Content-Security-Policy'];

  it('lets itself call the servers of the description and nothing else', async () => {
    await openWith(keyhouse, false);
    expect(await policy()).toContain("; connect-src 'self' https://api.example.com;");
    expect(await policy()).toContain("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:");
    await house.close();
    house = await openHouse(keyhouse);
    expect(await policy()).toContain("; connect-src 'self';");
  });

  it('has the fields of every page, and is read with HEAD too', async () => {
    await openWith(keyhouse);
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await house.ask({ method, target: '/reference' });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'X-Frame-Options': 'DENY',
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      });
    }
  });

  it("bears the company's name, words and colour, and no other name", async () => {
    await openWith(deployerp);
    expect(await page()).toContain('<title>deployERP API reference</title>');
    const theme = await house.ask({ target: '/reference/theme.css' });
    expect(theme.headers['Content-Type']).toBe('text/css; charset=utf-8');
    expect(theme.body).toContain('#0b6e4f');
    expect(await page()).toMatch(/>API keys<\/a>/);
    expect(await page()).not.toMatch(/keyhouse/i);
    await house.close();
    await openWith(keyhouse);
    expect(await page()).toContain('<title>Keyhouse API reference</title>');
  });

  it('row 100e: writes a name as text, whatever stands in it', async () => {
    const company = { ...keyhouse.company, name: '"><script>alert(1)</script>&' };
    await openWith({ ...keyhouse, company });
    expect(await page()).toContain(
      '<title>&#34;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38; API reference</title>',
    );
    expect(await page()).not.toContain('<script>alert');
  });

  it('shows what this door has: one description, the other, or both', async () => {
    await openWith(keyhouse);
    expect(await page()).toContain('data-api="reference/api.json" data-tokens="openapi.json"');
    expect(await page()).toContain('data-guide="guide"');
    await house.close();
    house = await openHouse(keyhouse);
    expect(await page()).toContain('data-api="" data-tokens="openapi.json"');
    await house.close();
    house = await openHouse(keyhouse, () => ({
      apiDescription: { document: DESCRIPTION, isHere: true },
      serves: ([, path]) => path.startsWith('/reference'),
    }));
    expect(await page()).toContain('data-api="reference/api.json" data-tokens=""');
    expect(await page()).toContain('data-guide=""');
  });
});

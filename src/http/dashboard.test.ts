import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorRequest, type House, openHouse } from '../../test/http/house.ts';
import { issueSetupCode } from '../people/index.ts';
import { keyhouse, presets } from '../profile/index.ts';
import { createDashboard } from './dashboard.ts';

describe('the listener for people', () => {
  let house: House;
  let dashboard: ReturnType<typeof createDashboard>;
  beforeAll(async () => {
    house = await openHouse({ ...keyhouse, cors: { origins: '*' } }, undefined, false);
    dashboard = createDashboard({
      ...house.parts,
      apiUrl: () => 'http://127.0.0.1:8000/?a="<b>',
      isSetUp: house.isSetUp,
    });
  });
  afterAll(() => house.close());

  const HERE = ['Host', 'localhost:4300', 'Origin', 'http://localhost:4300', 'Sec-Fetch-Site', 'same-origin'];
  const ask = (asked: Parameters<typeof doorRequest>[0]) => dashboard(doorRequest(asked));

  it('shows the set-up form until somebody is set up, then a calm page', async () => {
    const form = await ask({ target: '/' });
    expect(String(form.body)).toContain('Set-up code');
    const code = await issueSetupCode(house.engine);
    const body = { code, email: 'ada@example.com', password: 'four words of my own', workspace: 'Example Ltd' };
    const made = await ask({ method: 'POST', target: '/v1/setup', body, headers: HERE });
    expect(made.status).toBe(201);
    expect(JSON.parse(String(made.body)).token.value).toMatch(/^kh_live_/);
    const page = await ask({ target: '/' });
    expect(String(page.body)).toContain('Keyhouse is running');
    expect(String(page.body)).not.toContain('Set-up code');
  });

  it.each([
    ['keyhouse', '--permissions servers:read --owner'],
    ['deployerp', '--permissions servers:read,instances:read,backups:read --owner'],
    ['installer', '--inherit --owner'],
    ['coolset', '--level read --owner'],
  ])('proposes a command that %s takes', async (name, command) => {
    const other = await openHouse(presets[name]);
    const page = await createDashboard({ ...other.parts, apiUrl: () => 'http://localhost', isSetUp: async () => true })(
      doorRequest({ target: '/' }),
    );
    await other.close();
    expect(String(page.body)).toContain(command);
  });

  it('row 100d: takes a set-up from its own page only', async () => {
    const setUp = async (headers: string[]) =>
      (await ask({ method: 'POST', target: '/v1/setup', body: {}, headers })).status;
    expect(await setUp(['Host', 'localhost:4300'])).toBe(403);
    expect(await setUp(['Host', 'localhost:4300', 'Origin', 'https://evil.example'])).toBe(403);
    expect(await setUp(['Host', 'localhost:4300', 'Origin', 'null'])).toBe(403);
    expect(await setUp([...HERE.slice(0, 4), 'Sec-Fetch-Site', 'cross-site'])).toBe(403);
    expect(await setUp(HERE)).toBe(400);
    expect(
      (await ask({ method: 'OPTIONS', target: '/v1/setup', headers: ['Origin', 'https://evil.example'] })).status,
    ).toBe(403);
  });

  it('row 100e: sends every page and file under a policy that runs nothing foreign', async () => {
    for (const target of ['/', '/files/pages.css', '/files/set-up.js', '/files/key.svg', '/nothing']) {
      const { headers } = await ask({ target });
      expect(headers['Content-Security-Policy'], target).toMatch(
        /^default-src 'none'; script-src 'self';.*frame-ancestors 'none'/,
      );
      expect(headers).toMatchObject({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    }
    for (const target of ['/']) {
      const html = String((await ask({ target })).body);
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:/i);
    }
  });

  it('writes what it fills in as text, never as markup', async () => {
    const html = String((await ask({ target: '/' })).body);
    expect(html).toContain('http://127.0.0.1:8000/?a=&#34;&#60;b&#62;');
    expect(html).not.toContain('<b>');
  });

  it('has the files it names and no others', async () => {
    for (const target of [
      '/files/../dashboard.ts',
      '/files/home.html',
      '/files/constructor',
      '/files/',
      '/v1/tokens',
      '/x',
    ]) {
      expect((await ask({ target })).status, target).toBe(404);
    }
    expect((await ask({ target: '/files/pages.css' })).headers['Content-Type']).toBe('text/css; charset=utf-8');
    expect((await ask({ target: '/healthz' })).status).toBe(200);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorRequest } from '../../test/http/house.ts';
import { keyhouse, presets } from '../profile/index.ts';
import { dashboardPages, type Pages } from './dashboard-pages.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
const SCRIPT = `console.log(${JSON.stringify('x'.repeat(2_000))})`;

describe('the pages of the dashboard', () => {
  let folder: string;
  let pages: Pages;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-pages-'));
    build();
    pages = dashboardPages(join(folder, 'dist'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function build(): void {
    mkdirSync(join(folder, 'dist/assets'), { recursive: true });
    writeFileSync(join(folder, 'dist/index.html'), '<!doctype html><title>Built</title>');
    writeFileSync(join(folder, 'dist/look.js'), '"look"');
    writeFileSync(join(folder, 'dist/.built-from'), 'a digest');
    writeFileSync(join(folder, 'dist/assets/index-abc.js'), SCRIPT);
  }

  const ask = (target: string, headers: string[] = [], company = keyhouse.company, method = 'GET') =>
    pages(doorRequest({ target, headers, method }), company);

  it('answers every address that could be a page with the one page there is, never kept', async () => {
    for (const target of ['/', '/tokens', '/tokens/tok_1?tab=usage', '/people/usr_1', '/v1x']) {
      const page = await ask(target);
      expect(page?.status, target).toBe(200);
      expect(String(page?.body)).toContain('Built');
      expect(page?.headers).toMatchObject({ 'Cache-Control': 'no-store', 'Content-Type': 'text/html; charset=utf-8' });
    }
  });

  it('takes nothing of the API, no file that was not built and nothing that changes for a page', async () => {
    const others = ['/v1', '/v1/tokens', '/robots.txt', '/.built-from', '/assets', '/assets/', '/assets/x', '/../x.ts'];
    for (const target of [...others, '/index.html', '/assets/..%2f..%2fpackage.json']) {
      expect(await ask(target), target).toBeNull();
    }
    expect(await ask('/tokens', [], keyhouse.company, 'POST')).toBeNull();
  });

  it('row 100e: sends every page and file under a policy that runs nothing foreign', async () => {
    for (const target of ['/', '/assets/index-abc.js', '/look.js', '/theme.css']) {
      expect((await ask(target))?.headers, target).toMatchObject({
        'Content-Security-Policy': POLICY,
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Referrer-Policy': 'no-referrer',
      });
    }
  });

  it('lets files whose name changes with their content be kept for ever', async () => {
    const file = await ask('/assets/index-abc.js');
    expect(file?.headers['Cache-Control']).toBe('public, max-age=31536000, immutable');
    expect(file?.headers['Content-Type']).toBe('text/javascript; charset=utf-8');
    expect((await ask('/look.js'))?.headers['Cache-Control']).toBe('public, max-age=3600');
  });

  it('zips what is large for who can read it', async () => {
    const zipped = await ask('/assets/index-abc.js', ['Accept-Encoding', 'br, gzip']);
    expect(zipped?.headers['Content-Encoding']).toBe('gzip');
    expect(gunzipSync(zipped?.body as Uint8Array).toString()).toBe(SCRIPT);
    for (const accepts of ['br', 'gzip;q=0', 'gzip; q=0.0, br']) {
      const plain = await ask('/assets/index-abc.js', ['Accept-Encoding', accepts]);
      expect(plain?.headers['Content-Encoding'], accepts).toBeUndefined();
    }
    expect(zipped?.headers.Vary).toBe('Accept-Encoding');
  });

  it.each(Object.entries(presets))('has the colour of %s as a file, for both looks', async (_name, { company }) => {
    const css = String((await ask('/theme.css', [], company))?.body);
    expect(css).toMatch(/^:root \{\n(?: {2}--(?:on-)?accent-(?:light|dark): #[0-9a-f]{6};\n){4}\}\n$/);
  });

  it('lets the logo of a company come from its own site, and from nowhere else', async () => {
    const policyOf = async (logoUrl: string) =>
      (await ask('/', [], { ...keyhouse.company, logoUrl }))?.headers['Content-Security-Policy'];
    expect(await policyOf('https://cdn.example.com/logo.svg')).toBe(
      POLICY.replace("'self' data:", "'self' data: https://cdn.example.com"),
    );
    expect(await policyOf("https://cdn.example.com;script-src'unsafe-inline'/x")).toBe(POLICY);
    expect(await policyOf('data:image/png;base64,AAAA')).toBe(POLICY);
  });

  it('says how to build them where they are missing, until they are there', async () => {
    rmSync(join(folder, 'dist'), { recursive: true });
    const fresh = dashboardPages(join(folder, 'dist'));
    const told = await fresh(doorRequest({ target: '/tokens' }), keyhouse.company);
    expect(told?.status).toBe(503);
    expect(String(told?.body)).toContain('npm run build:dashboard');
    expect(told?.headers).toMatchObject({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' });
    build();
    expect((await fresh(doorRequest({ target: '/tokens' }), keyhouse.company))?.status).toBe(200);
  });
});

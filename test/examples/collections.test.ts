import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '../../examples/collections/api.ts';
import { API_DESCRIPTION } from '../../examples/collections/api-description.ts';
import { collections } from '../../src/index.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { findProgram, runProcess } from '../services/process.ts';
import { beginningOfForm, openUpload } from './half-upload.ts';
import { type RunningExample, startExample } from './running-example.ts';
import { type UploadAnswer, upload } from './uploads.ts';
import { zipOf, zipOfFiles } from './zip-writer.ts';

const SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'";
const PAGE = '<!doctype html><script>fetch("/v1/auth/test")</script>';

let dataDir: string;
let site: RunningExample;
/** May install, as often as it likes. */
let token: string;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'keyhouse-collections-'));
  site = await startExample('collections', { dataDir });
  const { json: workspaces } = await site.ask('GET', '/v1/workspaces', site.managementToken);
  const workspace = { id: workspaces.data[0].id };
  const account = { name: 'builds', workspace, permissions: ['collections:read', 'collections:install'] };
  const { json } = await site.ask('POST', '/v1/service-accounts', site.managementToken, account);
  token = (await site.makeKey({ owner: { id: json.id }, tier: 'unlimited' })).value;
});
afterAll(async () => {
  await site?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const install = (files: Readonly<Record<string, string | Uint8Array>>, fileName = 'site.zip'): Promise<UploadAnswer> =>
  upload(site.api, token, zipOfFiles(files), fileName);
const read = (path: string) => site.ask('GET', path, token);
const raw = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(site.api + path, { method, headers: { authorization: `Bearer ${token}`, ...headers } });

describe('installing', () => {
  it('C5: answers with what was installed, where it is, and what it replaced', async () => {
    const first = await install({ 'index.html': PAGE, 'css/a.css': 'b{}' }, 'told.zip');
    expect([first.status, first.headers.get('location')]).toEqual([201, '/collections/told']);
    expect(first.json).toEqual({
      name: 'told',
      version: null,
      description: null,
      file_count: 2,
      bytes: PAGE.length + 3,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      installed_at: expect.stringMatching(/^\d{4}-.*Z$/),
      installed_by: expect.stringMatching(/^svc_/),
      skipped_files: 0,
      replaced: null,
    });
    const second = await install({ 'index.html': 'new' }, 'told.zip');
    const { version, sha256, installed_at } = first.json;
    expect([second.status, second.json.replaced]).toEqual([200, { version, sha256, installed_at }]);
    expect((await read('/collections/told/files/index.html')).json).toBe('new');
    expect((await read('/collections/told/files/css/a.css')).status).toBe(404);
  });

  it('C5: takes name, version and description from collection.json, also where everything lies in one folder', async () => {
    const manifest = JSON.stringify({ name: 'docs.v2', version: '2.0.0', description: 'All of it', further: 1 });
    const flat = await install({ 'collection.json': manifest, 'a/b.txt': 'x' }, 'build-17.zip');
    expect(flat.json).toMatchObject({ name: 'docs.v2', version: '2.0.0', description: 'All of it', file_count: 2 });
    const outer = await install({ 'out/collection.json': manifest, 'out/a/b.txt': 'y' }, 'build-18.zip');
    expect(outer.json).toMatchObject({ name: 'docs.v2', replaced: { version: '2.0.0' } });
    expect((await read('/collections/docs.v2/files/a/b.txt')).json).toBe('y');
    const two = await install({ 'out/collection.json': manifest, 'in/b.txt': 'z' }, 'build-19.zip');
    expect(two.json.name).toBe('build-19');
  });

  it.each<[string, string | Uint8Array, RegExp]>([
    ['no JSON', '{', /is not a JSON object/],
    ['a list', '[]', /is not a JSON object/],
    ['no UTF-8', new Uint8Array([0xff]), /is not a JSON object/],
    ['a name that is none', '{"name": "../x"}', /The name in collection\.json, "\.\.\/x", cannot name/],
    ['a name that is no text', '{"name": 7}', /cannot name a collection/],
    ['a version that is no text', '{"name": "a", "version": 2}', /version in collection\.json is not a text/],
    ['a long description', JSON.stringify({ description: 'x'.repeat(1_001) }), /at most 1000 characters/],
    ['64 KiB and more', JSON.stringify({ x: 'x'.repeat(65_536) }), /more than 64 KiB/],
  ])('C5: refuses a collection.json with %s', async (_what, manifest, message) => {
    const archive = zipOf([{ name: 'collection.json', content: manifest, method: 0 }]);
    const { status, json } = await upload(site.api, token, archive, 'manifest.zip');
    expect([status, json]).toEqual([422, { message: expect.stringMatching(message) }]);
    expect((await read('/collections/manifest')).status).toBe(404);
  });

  it('C5: leaves out what is hidden, says how many, and serves none of it', async () => {
    const files = { '.env': 'secret', '.git/config': 'x', 'a/.DS_Store': 'x', '__MACOSX/._a': 'x', 'a/b.txt': 'shown' };
    const { json } = await install(files, 'hidden.zip');
    expect([json.file_count, json.skipped_files]).toEqual([1, 4]);
    expect((await read('/collections/hidden')).json.files.map(({ path }: { path: string }) => path)).toEqual([
      'a/b.txt',
    ]);
    for (const path of Object.keys(files).slice(0, -1)) {
      expect((await read(`/collections/hidden/files/${path}`)).status).toBe(404);
    }
  });

  it('C5: takes archives of the programs that people have', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-zips-'));
    try {
      mkdirSync(join(folder, 'in/sub'), { recursive: true });
      writeFileSync(join(folder, 'in/naïve file.txt'), 'one');
      writeFileSync(join(folder, 'in/sub/two.txt'), 'two'.repeat(1_000));
      const programs: readonly (readonly [string, readonly string[]])[] = [
        ['zip', ['-qr', '../zip.zip', '.']],
        ['zip', ['-qr0', '../stored.zip', '.']],
        ['sh', ['-c', 'zip -qr - . | cat > ../streamed.zip']],
        ['python3', ['-m', 'zipfile', '-c', '../python.zip', 'naïve file.txt', 'sub']],
        ['bsdtar', ['--format=zip', '-cf', '../bsdtar.zip', '.']],
      ];
      for (const [program, args] of programs) {
        if (findProgram(program) === null || (program === 'sh' && findProgram('zip') === null)) continue;
        const { code } = await runProcess(program, args, { cwd: join(folder, 'in') });
        expect(code).toBe(0);
      }
      for (const made of readdirSync(folder).filter((name) => name.endsWith('.zip'))) {
        const { status, json } = await upload(site.api, token, readFileSync(join(folder, made)), made);
        expect([made, status, json.file_count]).toEqual([made, 201, 2]);
        const name = made.replace('.zip', '');
        expect((await read(`/collections/${name}/files/${encodeURIComponent('naïve file.txt')}`)).json).toBe('one');
        expect((await read(`/collections/${name}/files/sub/two.txt`)).json).toHaveLength(3_000);
        expect((await raw(`/collections/${name}`, {}, 'DELETE')).status).toBe(204);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('C5: a reader sees one version or the other while it is replaced again and again, and never a mixture', async () => {
    const versions = ['x', 'y', 'z'].map((mark) => {
      const content = Buffer.concat([Buffer.from(mark), randomBytes(300_000)]).toString('base64');
      return { content, archive: zipOfFiles({ a: content, b: content }) };
    });
    const [{ archive } = { archive: new Uint8Array() }] = versions;
    expect((await upload(site.api, token, archive, 'busy.zip')).status).toBe(201);
    const known = new Set(versions.map(({ content }) => content));
    let isOver = false;
    const reading = (async () => {
      const seen = new Set<string>();
      while (!isOver) {
        const answer = await raw('/collections/busy/files/a');
        const text = await answer.text();
        expect([answer.status, known.has(text)]).toEqual([200, true]);
        seen.add(text);
      }
      return seen;
    })();
    for (let round = 0; round < 10; round += 1) {
      const all = await Promise.all(versions.map((one) => upload(site.api, token, one.archive, 'busy.zip')));
      expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
      const [a, b] = await Promise.all(['a', 'b'].map((path) => read(`/collections/busy/files/${path}`)));
      expect(a?.json === b?.json && known.has(a?.json)).toBe(true);
    }
    isOver = true;
    expect((await reading).size).toBeGreaterThan(0);
    expect(readdirSync(join(dataDir, 'installed'))).toHaveLength(
      (await read('/collections?limit=100')).json.data.length,
    );
  });
});

describe('looking', () => {
  it('lists by name, page by page, and refuses pages that are none', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await install({ x: name }, `${name}.zip`);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { json } = await read(`/collections?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(json.data.length).toBeLessThanOrEqual(2);
      names.push(...json.data.map(({ name }: { name: string }) => name));
      cursor = json.next_cursor;
    }
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']));
    for (const query of ['limit=0', 'limit=101', 'limit=x', 'cursor=a%20b', 'limit=1&limit=2']) {
      const { status, json } = await read(`/collections?${query}`);
      expect([query, status, Object.keys(json)]).toEqual([query, 400, ['message', 'errors']]);
    }
  });

  it('shows nobody what belongs to another workspace, under the same name or any', async () => {
    await install({ 'index.html': 'ours' }, 'shared.zip');
    const manage = (path: string, body: object) => site.ask('POST', path, site.managementToken, body);
    const { json: workspace } = await manage('/v1/workspaces', { name: 'Others', external_id: 'others' });
    const permissions = ['collections:read', 'collections:install'];
    const account = { name: 'others', workspace: { id: workspace.id }, permissions };
    const { json: owner } = await manage('/v1/service-accounts', account);
    const { value: theirs } = await site.makeKey({ owner: { id: owner.id } });
    expect((await site.ask('GET', '/collections', theirs)).json.data).toEqual([]);
    for (const path of ['/collections/shared', '/collections/shared/files/index.html']) {
      expect((await site.ask('GET', path, theirs)).status).toBe(404);
    }
    expect((await site.ask('DELETE', '/collections/shared', theirs)).status).toBe(404);
    const { status, json } = await upload(site.api, theirs, zipOfFiles({ 'index.html': 'theirs' }), 'shared.zip');
    expect([status, json.replaced]).toEqual([201, null]);
    expect((await read('/collections/shared/files/index.html')).json).toBe('ours');
    expect((await site.ask('DELETE', '/collections/shared', theirs)).status).toBe(204);
    expect((await read('/collections/shared/files/index.html')).json).toBe('ours');
  });

  it('sends files as what they are, and in a sandbox', async () => {
    const files = {
      'index.html': PAGE,
      'a.svg': '<svg/>',
      'a.js': 'x',
      'a.JSON': '{}',
      'a.unknown': 'x',
      'no-extension': 'x',
      'empty.txt': '',
      'a.html.exe': PAGE,
    };
    await install(files, 'types.zip');
    const types = await Promise.all(
      Object.keys(files).map(async (path) => {
        const answer = await raw(`/collections/types/files/${path}`);
        expect([path, answer.status, await answer.text()]).toEqual([path, 200, files[path as keyof typeof files]]);
        expect(answer.headers.get('content-security-policy')).toBe(SANDBOX);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        expect(answer.headers.get('cache-control')).toBe('private, no-cache');
        return answer.headers.get('content-type');
      }),
    );
    expect(types).toEqual([
      'text/html; charset=utf-8',
      'image/svg+xml',
      'text/javascript; charset=utf-8',
      'application/json; charset=utf-8',
      'application/octet-stream',
      'application/octet-stream',
      'text/plain; charset=utf-8',
      'application/octet-stream',
    ]);
    const { json } = await read('/collections/types');
    for (const { path, content_type: type } of json.files) expect(types[Object.keys(files).indexOf(path)]).toBe(type);
  });

  it('answers conditions and ranges within the one file', async () => {
    await install({ 'a.txt': 'aaaa', 'b.txt': 'bbbb', 'c.txt': 'cccc' }, 'parts.zip');
    const path = '/collections/parts/files/b.txt';
    const whole = await raw(path);
    const etag = whole.headers.get('etag') as string;
    const fresh = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await raw(path, fresh)).status).toBe(304);
    const part = await raw(path, { range: 'bytes=2-99' });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'bb', 'bytes 2-3/4']);
    const last = await raw(path, { range: 'bytes=-1' });
    expect([last.status, await last.text()]).toEqual([206, 'b']);
    for (const [headers, status] of [
      [{ range: 'bytes=4-' }, 416],
      [{ 'if-match': '"other"' }, 412],
    ] as const) {
      const refused = await raw(path, headers);
      expect([refused.status, refused.headers.get('content-type')]).toEqual([
        status,
        'application/json; charset=utf-8',
      ]);
      expect(Object.keys((await refused.json()) as object)).toEqual(['message']);
    }
    const head = await raw(path, {}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '4', '']);
    await install({ 'b.txt': 'new' }, 'parts.zip');
    expect((await raw(path, fresh)).status).toBe(200);
  });

  it.each([
    '../../collections.sqlite',
    '..%2f..%2fcollections.sqlite',
    '%2e%2e/%2e%2e/keyhouse/keyhouse.sqlite',
    '%2fetc%2fpasswd',
    'index.html%00.txt',
    'index.html/',
    'INDEX.HTML',
    '.',
    '%5c..%5cx',
  ])('finds nothing at %s', async (path) => {
    await install({ 'index.html': 'x' }, 'paths.zip');
    const answer = await fetch(`${site.api}/collections/paths/files/${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([404, ['message']]);
  });

  it('refuses a path that cannot be read, and other methods', async () => {
    expect((await read('/collections/paths/files/%zz')).status).toBe(400);
    for (const [method, path, allowed] of [
      ['GET', '/installCollection', 'POST'],
      ['POST', '/collections', 'GET, HEAD'],
      ['PUT', '/collections/paths', 'GET, HEAD, DELETE'],
      ['DELETE', '/collections/paths/files/index.html', 'GET, HEAD'],
    ] as const) {
      const answer = await raw(path, {}, method);
      expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, allowed]);
    }
    expect((await raw('/installcollection', {}, 'POST')).status).toBe(404);
  });
});

suiteNeeding('chromium', 'an uploaded page, opened in a browser', () => {
  it('C5: is shown, and none of its script runs, not even on behalf of whoever may read it', async () => {
    const run = '<script>document.title = "ran"</script><img src="x" onerror="document.title = \'ran\'">';
    const page = `<!doctype html><title>shown</title><a href="javascript:document.title='ran'">link</a>${run}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg"><title>shown</title><script>document.title = "ran"</script></svg>`;
    await install({ 'page.html': page, 'picture.svg': svg, 'text.txt': page }, 'script.zip');
    const browser = await chromium.launch({
      executablePath: findProgram('chromium') as string,
      args: ['--no-sandbox'],
    });
    try {
      const context = await browser.newContext({ extraHTTPHeaders: { authorization: `Bearer ${token}` } });
      const opened = await context.newPage();
      const path = `${site.api}/collections/script/files`;
      await opened.goto(`${path}/page.html`);
      await opened.getByText('link').click();
      expect(await opened.title()).toBe('shown');
      await opened.goto(`${path}/picture.svg`);
      expect(await opened.title()).toBe('shown');
      await opened.goto(`${path}/text.txt`);
      expect(await opened.textContent('pre')).toBe(page);
      await opened.goto('about:blank');
      await opened.setContent(page);
      expect(await opened.title(), 'the same page, without the sandbox').toBe('ran');
    } finally {
      await browser.close();
    }
  });
});

describe('removing and starting again', () => {
  it('removes a collection with everything of it, once', async () => {
    await install({ 'index.html': 'x' }, 'gone.zip');
    const count = readdirSync(join(dataDir, 'installed')).length;
    expect((await raw('/collections/gone', {}, 'DELETE')).status).toBe(204);
    expect(readdirSync(join(dataDir, 'installed'))).toHaveLength(count - 1);
    for (const [method, path] of [
      ['DELETE', '/collections/gone'],
      ['GET', '/collections/gone'],
      ['GET', '/collections/gone/files/index.html'],
    ] as const) {
      expect((await raw(path, {}, method)).status).toBe(404);
    }
  });

  it('keeps what is installed, and clears away what a killed process left of an upload and of an installation', async () => {
    await install({ 'index.html': 'kept' }, 'kept.zip');
    const { port } = new URL(site.api);
    const half = openUpload(Number(port), token, {
      length: 900_000,
      body: `${beginningOfForm('kept.zip')}${'x'.repeat(300_000)}`,
    });
    await eventually(() => readdirSync(join(dataDir, 'incoming')).length === 1, 15_000, 'the upload has begun');
    await site.process.stop('SIGKILL');
    half.abort();
    expect(readdirSync(join(dataDir, 'incoming'))).toHaveLength(1);
    // As if it had been killed between the move and the transaction that names what was moved.
    const stray = join(dataDir, 'installed', '00000000-0000-4000-8000-000000000000');
    writeFileSync(stray, 'half a collection');
    const before = readdirSync(join(dataDir, 'installed')).length;
    const { managementToken } = site;
    site = { ...(await startExample('collections', { dataDir })), managementToken };
    expect(readdirSync(join(dataDir, 'incoming'))).toEqual([]);
    expect([existsSync(stray), readdirSync(join(dataDir, 'installed')).length]).toEqual([false, before - 1]);
    expect((await read('/collections/kept/files/index.html')).json).toBe('kept');
    expect((await install({ 'index.html': 'next' }, 'kept.zip')).status).toBe(200);
    expect(site.process.stderr()).toBe('');
  });
});

describe('its description', () => {
  const { paths } = API_DESCRIPTION as {
    paths: Record<string, Record<string, { responses: object; operationId: string }>>;
  };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );

  it('has every route of the API, and every operation of the profile, and no other', () => {
    const doors = { authenticate: () => Promise.reject(new Error('not asked')), nodeHandler: () => {} };
    const api = createApi(doors, null as never);
    const routes = api.router.stack.flatMap(({ route }) => {
      const methods = [...new Set(route?.stack.map(({ method }) => method))];
      // What stands for all methods refuses those that are not there.
      if (route === undefined || methods.length > 1) return [];
      return `${methods[0]?.toUpperCase()} ${route.path.replace(/[:*](\w+)/g, '{$1}')}`;
    });
    expect(described.sort()).toEqual(routes.sort());
    const catalogue = collections.catalogue === 'open' ? [] : collections.catalogue;
    expect(described).toEqual(catalogue.flatMap(({ operations }) => operations).sort());
  });

  it('says which members the answers have', async () => {
    const { schemas } = (API_DESCRIPTION as { components: { schemas: Record<string, { required: string[] }> } })
      .components;
    const { json: installed } = await install({ 'index.html': 'x' }, 'described.zip');
    expect(Object.keys(installed)).toEqual(schemas.Installation?.required);
    const { json: one } = await read('/collections/described');
    expect(Object.keys(one)).toEqual(schemas.CollectionWithFiles?.required);
    const { json: all } = await read('/collections');
    expect(Object.keys(all.data[0])).toEqual(schemas.Collection?.required);
  });

  it('is shown on the reference page', async () => {
    const answer = await fetch(`${site.api}/reference`);
    expect(answer.status).toBe(200);
  });
});

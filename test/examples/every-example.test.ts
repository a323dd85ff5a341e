/**
 * What every example that stands on `examples/kit` keeps to, whichever company it is. Prevents that a reader who has tried
 * one of them is surprised by the next: the same line for scripts, the same greeting, the same ends.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findPreset, type Profile, presets } from '../../src/profile/index.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { runReadme } from './readme.ts';
import { type RunningExample, startExample } from './running-example.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const LAUNCHED = readdirSync(EXAMPLES).filter((name) => {
  const main = join(EXAMPLES, name, 'main.ts');
  return existsSync(main) && readFileSync(main, 'utf8').includes("'../kit/launch.ts'");
});

const runExample = (args: readonly string[]) =>
  runProcess(process.execPath, [join(ROOT, 'tools/example.ts'), ...args], { cwd: ROOT });

async function expectSentence(args: readonly string[], sentence: RegExp): Promise<void> {
  const ended = await runExample(args);
  expect([ended.code, ended.stdout]).toEqual([1, '']);
  expect(ended.stderr).toMatch(sentence);
  expect(ended.stderr.trim().split('\n')).toHaveLength(1);
}

describe.each(LAUNCHED)('the example %s', (name) => {
  const profile = findPreset(name) as Profile;
  const { prefix, environments } = profile.token;
  const token = new RegExp(`^${[prefix, ...environments.slice(0, 1)].join('_')}_[0-9A-Za-z]{32}$`);
  let dataDir: string;
  let first: RunningExample;

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), `keyhouse-example-${name}-`));
    first = await startExample(name, { dataDir });
  });
  afterAll(async () => {
    await first?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('has a profile of its own name', () => {
    expect(Object.keys(presets)).toContain(name);
  });

  it('prints one line with both addresses, the admin and the first token, and nothing else', () => {
    expect(first.process.stdout().split('\n')).toHaveLength(2);
    const line = JSON.parse(first.process.stdout());
    expect(line).toEqual({
      api: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      dashboard: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      admin: {
        email: expect.stringMatching(/^[a-z.]+@[a-z.-]+\.example$/),
        password: expect.stringMatching(/^\S{20,}$/),
      },
      token: expect.stringMatching(token),
      managementToken: line.managementToken === null ? null : expect.stringMatching(token),
    });
    expect(first.process.stderr()).toBe('');
  });

  it('answers its own first token, and refuses whoever has none in the profile’s words', async () => {
    expect((await first.ask('GET', '/v1/auth/test', first.token)).status).toBe(200);
    const refused = await first.ask('GET', '/v1/auth/test', null);
    const { realm, denials } = profile.errors;
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, `Bearer realm="${realm}"`]);
    if (denials.authentication_required.source === 'document') {
      expect(JSON.stringify(refused.json)).toContain(denials.authentication_required.message);
    }
  });

  it('serves the pages for people on a port of their own', async () => {
    const page = await fetch(first.dashboard);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src/);
    const { path } = profile.guide.sampleRequest ?? { path: '/v1/auth/test' };
    // What is no page of the dashboard leads to its own "not found", and never to the API.
    expect((await fetch(first.dashboard + path)).headers.get('content-type')).not.toBe('application/json');
  });

  it('mentions no other company in any of its answers', async () => {
    const others = Object.values(presets).filter((other) => other !== profile && other.name !== 'keyhouse');
    const traces = others.flatMap(({ company, token: { prefix: theirs }, errors }) => [
      company.name,
      company.apiBaseUrl,
      `realm="${errors.realm}"`,
      ...(prefix === theirs ? [] : [`${theirs}_live_`, `${theirs}_…`]),
    ]);
    const own = [profile.company.apiBaseUrl, first.api];
    const open = ['/', '/openapi.json', '/reference', '/guide', '/guide.md', '/llms.txt', '/no/such/page'];
    const answers = await Promise.all([
      ...open.map((path) => first.ask('GET', path, null)),
      ...open.map((path) => first.ask('GET', path, first.token)),
      first.ask('GET', profile.paths.tokens, first.token),
      first.ask('GET', profile.paths.tokens, 'not-a-token'),
      first.ask('GET', '/v1/users', first.managementToken ?? first.token),
    ]);
    const pages = [await fetch(first.dashboard), await fetch(`${first.dashboard}/no/such/page`)];
    const texts = [
      ...answers.map(({ json, headers }) => JSON.stringify([json, [...headers]]).replaceAll('\\"', '"')),
      ...(await Promise.all(pages.map((page) => page.text()))),
    ];
    for (const trace of traces) {
      if (trace === null || own.includes(trace)) continue;
      const found = texts
        .filter((text) => text.includes(trace))
        .map((text) => text.slice(Math.max(0, text.indexOf(trace) - 80)).slice(0, 200));
      expect(found, trace).toEqual([]);
    }
  });

  it('refuses a second process on the same data, and says why', async () => {
    const second = await runExample([name, '--api-port', '0', '--dashboard-port', '0', '--data-dir', dataDir]);
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toContain(String(first.process.pid));
  });

  it('keeps everything for the next start, which prints no token unless it is asked for a new one', async () => {
    expect(await first.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    const second = await startExample(name, { dataDir });
    const { admin, managementToken } = second;
    expect([second.token, managementToken, admin]).toEqual([null, null, { email: first.admin.email, password: null }]);
    expect((await second.ask('GET', '/v1/auth/test', first.token)).status).toBe(200);
    expect(await second.process.stop('SIGINT')).toEqual({ code: 0, signal: null });
    const third = await startExample(name, { dataDir, options: ['--new-token'] });
    expect(third.token).toMatch(token);
    expect(third.token).not.toBe(first.token);
    expect((await third.ask('GET', '/v1/auth/test', third.token)).status).toBe(200);
    expect(third.process.stderr()).toBe('');
    await third.close();
  });

  it('refuses an option that it does not have with a sentence', async () => {
    await expectSentence([name, '--port', '80'], /--port/);
  });

  it('names files in its README that are there', () => {
    const readme = readFileSync(join(EXAMPLES, name, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| (`.*?`) \|/gm)];
    const named = rows.flatMap((match) => String(match[1]).match(/[\w./-]+\.\w+/g) ?? []);
    expect(named).toContain('main.ts');
    for (const file of named) expect(existsSync(join(EXAMPLES, name, file)), file).toBe(true);
  });
});

describe('what all examples start with', () => {
  const [name = ''] = LAUNCHED;

  it.each([
    [['--api-port', 'eighty'], /eighty is not a port/],
    [['--dashboard-port', '65536'], /65536 is not a port/],
    [['--data-dir', 'package.json'], /package\.json/],
  ])('refuses %j with a sentence', async (options, sentence) => {
    await expectSentence([name, '--api-port', '0', '--dashboard-port', '0', ...options], sentence);
  });

  it('says which port is taken and what to do, and leaves nothing running', async () => {
    const first = await startExample(name);
    const { port } = new URL(first.api);
    const folder = mkdtempSync(join(tmpdir(), 'keyhouse-example-taken-'));
    await expectSentence(
      [name, '--api-port', port, '--dashboard-port', '0', '--data-dir', folder],
      new RegExp(`^Port ${port} is taken\\. .*--api-port`),
    );
    await first.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

suiteNeeding('curl', 'READMEs of the examples', () => {
  it.each(LAUNCHED)('%s: greets its reader and runs as it stands', async (name) => {
    const { greeting, firstAnswer, script } = await runReadme(join(EXAMPLES, name, 'README.md'));
    expect(greeting).toMatch(/^ {2}\S.* is running\.$/m);
    expect(greeting).toMatch(/^ {4}Dashboard {2}http:\/\/127\.0\.0\.1:\d+$/m);
    expect(greeting).toMatch(/^ {4}Admin {6}\S+@\S+ {2}\S{20,}$/m);
    expect(greeting.match(/shown this once/g)?.length).toBeGreaterThan(0);
    expect(firstAnswer).toMatchObject({ code: 0, stderr: '' });
    expect(script).toMatchObject({ code: 0, stderr: '' });
  });
});

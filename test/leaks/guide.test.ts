/** Prevents a guide whose commands do not find what they say, and reports that the doors do not let in. */
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keyhouse } from '../../src/profile/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { setUpInstallation } from '../cli/command.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/leaks.md'), 'utf8');
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]).trim());
const LINES = blocks('sh').flatMap((block) => block.split('\n'));
const commands = (part: string) =>
  LINES.filter((line) => line.startsWith('npx keyhouse') && line.includes(part)).map((line) =>
    line.split(' ').slice(2),
  );

let keys: Server | null = null;
afterEach(() => new Promise<void>((resolve) => (keys === null ? resolve() : keys.close(() => resolve()))));

const madeUp = () => generateToken(keyhouse.token, 'token', 'live', systemRandom);

describe('the guide to leaks', () => {
  it('finds, checks, revokes and keeps out of a repository as it prints', { timeout: 90_000 }, async () => {
    const { folder, run, json } = await setUpInstallation();
    const repository = join(folder, 'repository');
    const asked = ['--name', 'in a file', '--owner', 'user-42', '--permissions', 'servers:read'];
    const [inFile, unknown] = [await json(['token', 'create', ...asked]), madeUp()];
    mkdirSync(repository);
    const git = (...args: string[]) => {
      const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
      return spawnSync('git', [...who, ...args], { cwd: repository, encoding: 'utf8' });
    };
    git('init', '-q');
    writeFileSync(join(repository, 'a.txt'), 'nothing\n');
    git('add', '.');
    git('commit', '-qm', 'one');
    writeFileSync(join(repository, 'deploy.env'), `# keys\nKEY=${inFile.value}\nOLD=${unknown}\n`);

    const [everywhere, history, range, stream] = commands('scan ').map((words) =>
      words.map((word) => (word === '.' ? 'repository' : word)).filter((word) => word !== '<' && word !== 'server.log'),
    );
    expect(await run(everywhere ?? [])).toMatchObject({
      code: 1,
      stdout: `repository/deploy.env:2:5  token ${inFile.hint}\nrepository/deploy.env:3:5  token ${unknown.slice(0, 12)}…${unknown.slice(-4)}\n`,
    });

    // The hook, with the command of this repository in the place of the installed one.
    const [write = '', allow = ''] = LINES.filter((line) => line.includes('.git/hooks'));
    const bin = `${process.execPath} ${join(ROOT, 'bin/keyhouse.mjs')}`;
    for (const line of [write.replace('npx keyhouse', bin), allow])
      execFileSync('sh', ['-c', line], { cwd: repository });
    git('add', '.');
    const refused = git('commit', '-qm', 'two');
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toContain(`deploy.env:2:5  token ${inFile.hint}`);
    git('commit', '-qm', 'two', '--no-verify');
    for (const words of [history, range]) {
      const { code, stdout } = await run((words ?? []).toSpliced(1, 0, 'repository'));
      expect(code).toBe(1);
      expect(stdout).toMatch(/^[0-9a-f]{12}:deploy\.env:2:5 {2}token /);
    }
    expect((await run(stream ?? [], { input: `a ${inFile.value}` })).stdout).toContain('(standard input):1:3');

    const [check, revoke] = [commands('--check'), commands('--revoke')].map(([words]) =>
      (words ?? []).map((word) => (word === '.' ? 'repository' : word)),
    );
    const checked = await run(check ?? []);
    expect(checked.stdout).toContain(`${inFile.hint}  active ${inFile.id} in a file\n`);
    expect(checked.stdout).toMatch(/unknown\n$/);
    expect((await run((revoke ?? []).filter((word) => word !== '--yes'))).code).toBe(2);
    expect(await run(revoke ?? [])).toMatchObject({ code: 1, stderr: expect.stringContaining(`Revoked ${inFile.id}`) });
    expect((await run(check ?? [])).stdout).toContain(`revoked ${inFile.id}`);
  });

  it('takes reports from anybody and from GitHub over HTTP', { timeout: 60_000 }, async () => {
    const { adminToken, serve } = await setUpInstallation();
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const key = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    keys = createServer((_request, response) =>
      response.end(JSON.stringify({ public_keys: [{ key_identifier: 'k1', key, is_current: true }] })),
    );
    await new Promise<void>((resolve) => keys?.listen(0, '127.0.0.1', resolve));
    const [serving = []] = commands('keyhouse serve ');
    const { api } = await serve(serving.slice(1), {
      env: { KEYHOUSE_GITHUB_REPORTS_KEYS: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/` },
    });
    const administrator = { Authorization: `Bearer ${adminToken}` };
    const post = async (path: string, text: string, headers: Record<string, string> = {}) => {
      const sent = { 'Content-Type': 'application/json', ...headers };
      const answer = await fetch(`${api}${path}`, { method: 'POST', headers: sent, body: text });
      return { status: answer.status, text: await answer.text() };
    };
    const wanted = JSON.stringify({ name: 'ci', owner: { external_id: 'user-42' }, permissions: ['servers:read'] });
    const make = async () => JSON.parse((await post('/v1/tokens', wanted, administrator)).text);
    const tokens = [await make(), await make()];
    const state = async ({ id }: { readonly id: string }) => {
      const answer = await fetch(`${api}/v1/tokens/${id}`, { headers: administrator });
      return ((await answer.json()) as { state: string }).state;
    };

    const curl = LINES.find((line) => line.startsWith('curl')) ?? '';
    const body = /-d '(.+)'/.exec(curl)?.[1] ?? '';
    const printed = blocks('json')[0];
    for (const value of [tokens[0].value, madeUp(), tokens[0].value]) {
      expect(await post('/v1/leaks', body.replace('TOKEN', value))).toEqual({ status: 202, text: printed });
    }
    expect(await state(tokens[0])).toBe('revoked');
    expect((await post('/v1/leaks', JSON.stringify({ text: 'x'.repeat(70_000) }))).status).toBe(413);

    const report = JSON.stringify([{ token: tokens[1].value, type: 'a', url: '', source: 'commit' }]);
    const signature = sign('sha256', Buffer.from(report), privateKey).toString('base64');
    const signed = { 'Github-Public-Key-Identifier': 'k1', 'Github-Public-Key-Signature': signature };
    expect((await post('/v1/leaks/github', report)).status).toBe(401);
    expect((await post('/v1/leaks/github', `${report} `, signed)).status).toBe(401);
    expect(await state(tokens[1])).toBe('active');
    const answer = await post('/v1/leaks/github', report, signed);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject([{ token_type: 'a', label: 'true_positive' }]);
    expect(await state(tokens[1])).toBe('revoked');
  });
});

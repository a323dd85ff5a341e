import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { suiteNeeding } from './services/leftover.ts';
import { type RunningProcess, runProcess, startProcess } from './services/process.ts';

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) =>
    String(match[1]).trim(),
  );
}

/** Commands of a block: a line that ends in a backslash goes on in the next. */
function commandsOf(block: string): string[] {
  return block.replaceAll(/\\\n\s*/g, '').split('\n');
}

suiteNeeding('curl', 'the README', () => {
  let folder: string;
  let server: RunningProcess;
  let api: string;
  let token = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-readme-'));
    const [start = ''] = blocks('sh');
    const [program = '', ...args] = start.split(' ');
    server = await startProcess(program, args, { cwd: ROOT, env: surroundings() });
    const [, address = ''] = await server.waitForLine(/^\s+API\s+(http:\/\/\S+)/, 120_000);
    api = address;
  }, 150_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function surroundings(): Record<string, string> {
    return { KEYHOUSE_DATA_DIR: join(folder, 'data'), KEYHOUSE_API_PORT: '0', KEYHOUSE_DASHBOARD_PORT: '0' };
  }

  const shell = (command: string) =>
    runProcess('sh', ['-c', command.replaceAll('http://127.0.0.1:8000', api)], {
      cwd: ROOT,
      env: { ...surroundings(), TOKEN: token },
    });

  it('makes the first administrator and the first token with the first curl', async () => {
    const [code = ''] = await server.waitForLine(/khsu_live_\w{32}/);
    const setUp = blocks('sh')[1]?.replace('khsu_live_…', code) ?? '';
    expect(setUp).toContain(code);
    const answer = JSON.parse((await shell(setUp)).stdout);
    token = answer.token.value;
    expect(token).toMatch(/^kh_live_\w{32}$/);
  });

  it('prints the answer of the second curl as it is', async () => {
    const answer = JSON.parse((await shell(blocks('sh')[2] ?? '')).stdout);
    const printed = JSON.parse(blocks('json')[0] ?? '');
    expect(Object.keys(answer)).toEqual(Object.keys(printed));
    expect(answer).toMatchObject({ authenticated: true, rate_limit: printed.rate_limit });
    expect(answer.permissions[0]).toBe(printed.permissions[0]);
  });

  it('has commands that create, rotate and revoke', async () => {
    const ours = blocks('sh').filter((block) => block.startsWith('npx keyhouse'));
    expect(ours).toHaveLength(1);
    const [create = '', rotate = '', revoke = ''] = commandsOf(ours[0] ?? '');
    const known = 'npx --no keyhouse owner put user-42 --workspace org-7 --permissions servers:read,instances:*';
    expect((await shell(known)).code).toBe(0);
    const made = JSON.parse((await shell(`${create} --json`)).stdout);
    expect(made).toMatchObject({ name: 'ci', owner: { external_id: 'user-42' }, ip_allowlist: ['203.0.113.0/24'] });
    const rotated = JSON.parse((await shell(`${rotate.replace('tok_…', made.id)} --json`)).stdout);
    expect(rotated.old_key.id).toBe(made.id);
    const revoked = JSON.parse((await shell(`${revoke.replace('tok_…', rotated.new_key.id)} --json`)).stdout);
    expect(revoked.revoked_ids).toEqual([made.id, rotated.new_key.id]);
  });

  it('shows an application that type-checks', async () => {
    writeFileSync(join(folder, 'app.mts'), `${blocks('ts')[0]}\n`);
    const checked = await runProcess(
      process.execPath,
      [join(ROOT, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', writeProject()],
      { cwd: ROOT },
    );
    expect(checked.stdout).toBe('');
  });

  /** A project of one file that resolves packages as the repository does. */
  function writeProject(): string {
    const file = join(folder, 'tsconfig.json');
    const options = { noEmit: true, typeRoots: [join(ROOT, 'node_modules/@types')] };
    const paths = {
      keyhouse: [join(ROOT, 'src/index.ts')],
      'keyhouse/express': [join(ROOT, 'src/http/middleware/express.ts')],
    };
    const express = { express: [join(ROOT, 'node_modules/@types/express')] };
    const content = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: { ...options, paths: { ...paths, ...express } },
      include: [join(folder, 'app.mts')],
    };
    writeFileSync(file, JSON.stringify(content));
    return file;
  }
});

/**
 * The client as an application receives it, which need not be written the way we write ours. Prevents a package that only
 * `import` finds, or only a newer Node.js, or that brings something along.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packClient } from '../../tools/pack-client.ts';
import { runProcess } from '../services/process.ts';
import { type Authority, openAuthority } from './open-authority.ts';

const root = join(import.meta.dirname, '../..');

/** The PATH of a terminal outside the repository, whose Node.js is the machine's own. */
const PATH = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes(`node_modules${sep}.bin`) && !folder.includes('node-gyp-bin'))
  .join(delimiter);

const ASK = `
  const remote = verifier({ urls: [process.env.URL], token: process.env.VERIFY, timeoutMs: 20000 });
  const request = { rawHeaders: ['Authorization', 'Bearer ' + process.env.TOKEN], url: '/', method: 'GET', ip: null };
  const accepted = await remote.authenticate(request, { permission: 'servers:read' });
  const refused = await remote.authenticate(request, { permission: 'servers:write' });
  const handlers = [express, fastify, hono, fetch].map(({ protect }) => typeof protect);
  console.log(accepted.identity.owner.external_id, refused.denial.reason, ...handlers);
  remote.close();
  const keyhouse = management({ url: process.env.URL, token: process.env.ADMIN });
  const made = await keyhouse.tokens.create({ name: 'ci', owner: { external_id: 'user-42' }, permissions: ['servers:read'] });
  const error = await keyhouse.tokens.read({ id: made.lineage_id }).catch((reason) => reason);
  console.log(made.state, error instanceof KeyhouseError, error.code);
`;
const NAMES = ['express', 'fastify', 'hono', 'fetch'];
const IMPORTS = [
  "import { verifier } from '@keyhouse/client';",
  "import { KeyhouseError, management } from '@keyhouse/client/management';",
  ...NAMES.map((name) => `import * as ${name} from '@keyhouse/client/${name}';`),
].join('\n');
const REQUIRES = [
  "const { verifier } = require('@keyhouse/client');",
  "const { KeyhouseError, management } = require('@keyhouse/client/management');",
  ...NAMES.map((name) => `const ${name} = require('@keyhouse/client/${name}');`),
].join('\n');
const SAYS = 'user-42 insufficient_permissions function function function function\nactive true not_found\n';

describe('the packed client, installed into an empty folder', () => {
  let app: string;
  let authority: Authority;
  let env: Record<string, string | undefined>;
  beforeAll(async () => {
    app = mkdtempSync(join(tmpdir(), 'keyhouse-client-'));
    const tarball = packClient(root);
    writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'app', private: true }));
    const install = ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball];
    const installed = await runProcess('npm', install, { cwd: app, deadlineMs: 120_000 });
    if (installed.code !== 0) throw new Error(`npm install failed:\n${installed.stdout}${installed.stderr}`);
    authority = await openAuthority();
    const { value } = await authority.makeToken({ permissions: ['servers:read'] });
    env = {
      PATH,
      NODE_OPTIONS: undefined,
      URL: authority.url,
      ADMIN: authority.adminToken,
      VERIFY: authority.verifyToken,
      TOKEN: value,
    };
  }, 240_000);
  afterAll(async () => {
    await authority?.close();
    rmSync(app, { recursive: true, force: true });
  });

  it('brings nothing along', () => {
    expect(readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@keyhouse']);
    expect(readdirSync(join(app, 'node_modules/@keyhouse'))).toEqual(['client']);
    const manifest = JSON.parse(readFileSync(join(app, 'node_modules/@keyhouse/client/package.json'), 'utf8'));
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('private');
  });

  it.each([
    ['import, under the Node.js of the repository', 'use.mjs', IMPORTS, process.execPath],
    ['require, under the Node.js of the repository', 'use.cjs', REQUIRES, process.execPath],
    ['import, under the Node.js of the machine', 'use.mjs', IMPORTS, 'node'],
    ['require, under the Node.js of the machine', 'use.cjs', REQUIRES, 'node'],
  ])('asks from %s', async (_, file, head, program) => {
    const isModule = file.endsWith('.mjs');
    writeFileSync(join(app, file), isModule ? head + ASK : `${head}\n(async () => {${ASK}})();`);
    const used = await runProcess(program, [file], { cwd: app, env, deadlineMs: 60_000 });
    expect(used).toMatchObject({ code: 0, stdout: SAYS, stderr: '' });
  });

  it.each(['mts', 'cts'])('has types for a program in .%s', async (kind) => {
    const text = `import { verifier, type Authenticates, type Identity } from '@keyhouse/client';
      import { protect } from '@keyhouse/client/fetch';
      const keyhouse: Authenticates = verifier({ urls: ['http://127.0.0.1:8000'], token: 'door' });
      export const GET = protect(keyhouse, { permission: 'servers:read' }, (request, identity: Identity) =>
        Response.json({ by: identity.owner.external_id, at: request.url }));
      // @ts-expect-error a route says what it needs in words that exist
      protect(keyhouse, { permissions: ['servers:read'] }, () => new Response());
      import { KeyhouseError, management, type Token } from '@keyhouse/client/management';
      export async function names() {
        const { tokens } = management({ url: 'http://127.0.0.1:8000', token: 'door' });
        const made: Token = await tokens.create({ name: 'ci', permissions: ['servers:read'] as const });
        // @ts-expect-error a token has a name
        await tokens.create({ permissions: ['servers:read'] });
        // @ts-expect-error a field that does not exist
        await tokens.create({ name: 'ci', permisions: ['servers:read'] });
        // @ts-expect-error a token has one state of those there are
        if (made.state === 'gone') throw new KeyhouseError({ status: null, code: null, message: '' });
        const { allowed } = await tokens.verify({ token: made.hint, all_of: [] });
        const { results } = await tokens.verify({ requests: [{ token: made.hint, all_of: [] }] });
        const names: string[] = [String(allowed), String(results.length)];
        for await (const { name } of tokens.all({ live: true })) names.push(name);
        return names;
      }`;
    writeFileSync(join(app, `check.${kind}`), text);
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const settings = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--noEmit', ...types];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const checked = await runProcess(process.execPath, [tsc, ...settings, `check.${kind}`], {
      cwd: app,
      deadlineMs: 60_000,
    });
    expect(checked).toMatchObject({ code: 0, stdout: '' });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { setUpInstallation } from '../cli/command.ts';
import { runProcess } from '../services/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/verifying.md'), 'utf8');

/** What a reader adds to try each piece. */
const TRIES: Readonly<Record<string, string>> = {
  express: `
    const server = app.listen(0, '127.0.0.1', async () => {
      const answer = await fetch('http://127.0.0.1:' + server.address().port + '/servers', { headers });
      await told(answer);
      server.close();
      server.closeAllConnections();
    });`,
  fastify: `const { statusCode, body } = await app.inject({ url: '/servers', headers });
    console.log(statusCode, body);`,
  hono: `await told(await app.request('/servers', { headers }));`,
  fetch: `await told(await GET(new Request('http://localhost/servers', { headers })));`,
};

it('the guide to verifying can be followed, command by command and piece by piece', async () => {
  const installation = await setUpInstallation();
  const [, command = ''] = /^npx keyhouse (token create .+)$/m.exec(GUIDE) ?? [];
  const { value: verify } = await installation.json(command.split(' '));
  const owned = 'token create --name ci --owner user-42 --permissions servers:read';
  const { value } = await installation.json(owned.split(' '));
  const { api } = await installation.serve();
  const env = { KEYHOUSE_URL: api, KEYHOUSE_TOKEN: verify, TOKEN: value };

  const [first, ...pieces] = [...GUIDE.matchAll(/^```ts(?: (\w+))?\n(.*?)^```$/gms)];
  expect(pieces.map(([, name]) => name)).toEqual(Object.keys(TRIES));
  const ask = `const headers = { authorization: 'Bearer ' + process.env.TOKEN };
    const told = async (answer) => console.log(answer.status, await answer.text());`;
  const answers = await Promise.all(
    pieces.map(([, name = '', code]) => {
      const program = [first?.[2], code, ask, TRIES[name]].join('\n');
      return runProcess(process.execPath, ['--input-type=module-typescript', '-e', program], { cwd: ROOT, env });
    }),
  );
  const told = { code: 0, stdout: '200 {"hello":"user-42"}\n', stderr: '' };
  expect(answers).toEqual(answers.map(() => expect.objectContaining(told)));

  const [curl = ''] = /^curl .*?(?=\n```)/ms.exec(GUIDE) ?? [];
  const shell = await runProcess('sh', ['-c', curl], { cwd: ROOT, env });
  expect(JSON.parse(shell.stdout)).toMatchObject({ allowed: false, code: 'invalid_token', response: { status: 401 } });
});

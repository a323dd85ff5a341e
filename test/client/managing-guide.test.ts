import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { management } from '../../client/src/management/index.ts';
import { setUpInstallation } from '../cli/command.ts';
import { runProcess } from '../services/process.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/managing.md'), 'utf8');

it('the guide to managing can be followed, from its command to its last piece', async () => {
  const installation = await setUpInstallation();
  const [, command = ''] = /^npx keyhouse (token create .+)$/m.exec(GUIDE) ?? [];
  const { value: token } = await installation.json(command.split(' '));
  const { api } = await installation.serve();

  const program = [...GUIDE.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code).join('\n');
  const env = { KEYHOUSE_URL: api, KEYHOUSE_TOKEN: token };
  const said = await runProcess(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: ROOT,
    env,
  });
  expect(said).toMatchObject({ code: 0, stderr: '' });
  expect(said.stdout.split('\n')).toEqual([
    expect.stringMatching(/^tok_\w+ kh_live_\w+$/),
    expect.stringMatching(/^ci kh_live_\S+ null$/),
    'true',
    expect.stringMatching(/^403 exceeds_creator Its owner may not do servers:delete\. req_[\w-]+$/),
    '',
  ]);
});

it('the guide to managing names every function there is', () => {
  const named = [...GUIDE.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| ([^|]+) \|$/gm)].flatMap(
    ([, groups = '', functions = '']) => words(groups).map((group) => [group, words(functions).sort()] as const),
  );
  const there = Object.entries(management({ url: 'http://127.0.0.1:1', token: 'door' }));
  expect(Object.fromEntries(named)).toMatchObject(
    Object.fromEntries(there.map(([group, functions]) => [group, Object.keys(functions).sort()])),
  );
});

function words(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
}

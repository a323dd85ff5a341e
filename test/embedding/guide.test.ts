import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProcess } from '../services/process.ts';

const ROOT = join(import.meta.dirname, '../..');

it('the guide to embedding is a program that runs, from the first piece of code to the last', async () => {
  const guide = readFileSync(join(ROOT, 'docs/embedding.md'), 'utf8');
  const code = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1]);
  expect(code.length).toBeGreaterThan(4);
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-guide-'));
  const program = code.join('\n').replaceAll("'./keyhouse-data'", JSON.stringify(join(folder, 'keyhouse-data')));
  const args = ['--input-type=module-typescript', '-e', program];
  const { code: ended, stdout, stderr } = await runProcess(process.execPath, args, { cwd: ROOT });
  rmSync(folder, { recursive: true, force: true });
  expect({ ended, stdout, stderr }).toEqual({
    ended: 0,
    stdout: "user-42\ntrue\n204 null\n[ '/servers' ]\ntrue\n",
    stderr: '',
  });
});

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProcess } from './process.ts';

const root = join(import.meta.dirname, '../..');
const run = (all: string | undefined): ReturnType<typeof runProcess> =>
  runProcess(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/services/fixtures/vitest.config.ts'],
    { cwd: root, env: { KEYHOUSE_TEST_ALL: all, NO_COLOR: '1', FORCE_COLOR: undefined } },
  );

describe('a suite whose system package is missing', () => {
  it('is left out, and the run ends by naming it with the reason', async () => {
    const { code, stdout } = await run(undefined);
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 passed \| 1 skipped/);
    expect(stdout.slice(stdout.indexOf('Duration'))).toContain(
      'the engine without fuel: perpetual motion is not installed',
    );
  });

  it('fails when KEYHOUSE_TEST_ALL is 1', async () => {
    const { code, stdout, stderr } = await run('1');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('perpetual motion is not installed, and KEYHOUSE_TEST_ALL=1 allows no suite');
  });
});

/**
 * Prevents counters that give quota back when their process is killed. `KEYHOUSE_KILL_ROUNDS` makes it long; each run kills
 * at other moments.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProcess } from '../services/process.ts';

const ROUNDS = Number(process.env.KEYHOUSE_KILL_ROUNDS ?? 4);
const LIMIT = 150;
const CONSUMER = fileURLToPath(new URL('./fixtures/consume-until-killed.ts', import.meta.url));

describe('counters on SQLite whose process is killed', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyhouse-counters-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('accept no more than the limit over all their lives', { timeout: 60_000 + ROUNDS * 10_000 }, async () => {
    let accepted = 0;
    const live = async (until: RegExp, furtherMs: number) => {
      const consumer = await startProcess(process.execPath, [CONSUMER, join(folder, 'keyhouse.sqlite'), `${LIMIT}`]);
      await consumer.waitForLine(until);
      await new Promise((resolve) => setTimeout(resolve, furtherMs));
      await consumer.stop('SIGKILL');
      accepted += consumer.stdout().match(/^accepted$/gm)?.length ?? 0;
    };
    for (let round = 0; round < ROUNDS; round++) await live(/^(accepted|refused)$/, Math.random() * 40);
    await live(/^refused$/, 0);
    expect(accepted).toBeLessThanOrEqual(LIMIT);
    // Each life lost at most a tenth of what was left then.
    expect(accepted).toBeGreaterThanOrEqual(Math.floor(LIMIT * 0.9 ** (ROUNDS + 1)) - ROUNDS);
  });
});

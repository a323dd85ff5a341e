import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DENIALS_KEPT_MS, DENIALS_MAX } from '../../src/ports/index.ts';
import { runReadme } from '../examples/readme.ts';
import { suiteNeeding } from '../services/leftover.ts';

const GUIDE = join(import.meta.dirname, '../../docs/explaining.md');

suiteNeeding('curl', 'the guide to explaining refusals', () => {
  it('is followed as it is printed', { timeout: 60_000 }, async () => {
    const { script } = await runReadme(GUIDE);
    expect(script.code, script.stderr).toBe(0);
    const [why, denial] = script.stdout.split(/(?=\{"now":|(?<=\})\{"request_id":)/).map((text) => JSON.parse(text));
    expect(why).toMatchObject({ now: { reason: 'ok' }, denials: [{ reason: 'insufficient_permissions' }] });
    expect(denial).toEqual(why.denials[0]);
    expect(denial.permissions).toMatchObject({ missing: ['keyhouse-denials:read'], held: ['servers:read'] });
  });

  it('says what is kept', () => {
    const text = readFileSync(GUIDE, 'utf8');
    expect(text).toContain(`${DENIALS_KEPT_MS / 86_400_000} days and ${DENIALS_MAX.toLocaleString('en')} rows`);
  });
});

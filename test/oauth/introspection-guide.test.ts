import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { introspectToken } from '../../src/manage/index.ts';
import { runReadme } from '../examples/readme.ts';
import { suiteNeeding } from '../services/leftover.ts';

const GUIDE = join(import.meta.dirname, '../../docs/introspection.md');

suiteNeeding('curl', 'the guide to introspection', () => {
  it('is followed as it is printed', { timeout: 60_000 }, async () => {
    const { script } = await runReadme(GUIDE);
    expect(script.code, script.stderr).toBe(0);
    // What curl says of a refusal stands beside the body.
    const answers = script.stdout.replace(/curl: .*\n/g, '').split(/(?=\{"(?:active|error)":)/);
    const [facts, refused, decided] = answers.map((text) => JSON.parse(text));
    expect(facts).toMatchObject({ active: true, sub: expect.any(String) });
    expect(refused).toMatchObject({ error: 'invalid_client' });
    expect(decided).toMatchObject({ active: true, rate_limit: { limit: expect.any(Number) } });
  });

  it('names every parameter that is taken, and no other', () => {
    const table = readFileSync(GUIDE, 'utf8').split('## What is sent')[1]?.split('## What comes back')[0] ?? '';
    const rows = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) => cell.match(/\w+/g) ?? []);
    const { shape } = introspectToken.input as unknown as { shape: Record<string, unknown> };
    expect(rows.sort()).toEqual(Object.keys(shape).sort());
  });
});

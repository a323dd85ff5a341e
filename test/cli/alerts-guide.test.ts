/** Prevents a guide to alerts whose commands do not run, or whose thresholds are not those of the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { alertPlanOf, keyhouse, parseProfile } from '../../src/profile/index.ts';
import { openStore } from '../../src/server/open-store.ts';
import { systemClock, systemRandom } from '../../src/server/system-clock.ts';
import { sampleAlert } from '../../src/testing/sample-records.ts';
import { setUpInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8');
const blocks = (language: string) =>
  [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));

it('the guide to alerts: every command does what it says, in its order', { timeout: 60_000 }, async () => {
  const { dataDir, run, json } = await setUpInstallation();
  const alerts = [sampleAlert(), sampleAlert({ createdAt: 1_700_000_000_001 })];
  const opened = await openStore({
    dataDir,
    databaseUrl: null,
    secretsDir: null,
    databaseSchema: null,
    clock: systemClock,
    random: systemRandom,
  } as never);
  for (const alert of alerts) await opened.handle.store.transact((transaction) => transaction.alerts.insert(alert));
  await opened.close();
  const said: string[] = [];
  for (const line of blocks('sh').flatMap((block) => block.trim().split('\n'))) {
    const words = [...line.replaceAll('ALERT', alerts[0]?.id ?? '').matchAll(/"([^"]*)"|(\S+)/g)];
    const args = words.map(([, quoted, word]) => quoted ?? word ?? '').slice(2);
    const { code, stdout, stderr } = await run(args);
    expect([line, code, stderr]).toEqual([line, 0, '']);
    said.push(stdout);
  }
  const [listed, shown, acknowledged, all] = said;
  expect(listed).toMatch(/new network .* 198\.51\.100\.0\/24 +1 +open/);
  expect(shown).toContain('A token was used from a network it was never used from before.');
  expect(acknowledged).toContain('Acknowledged.');
  expect(all).toBe('Acknowledged: 1.\n');
  const { data } = await json(['alert', 'list', '--state', 'acknowledged']);
  expect(data).toHaveLength(2);
  expect(data[0]).toMatchObject({ note: 'our new data centre', acknowledged_by: { kind: 'operator' } });
});

it('the guide to alerts: its thresholds are what a profile gets that says nothing', () => {
  const [thresholds = '{}'] = blocks('json');
  const parsed = parseProfile({ extends: 'keyhouse', name: 'ours', ...JSON.parse(thresholds) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  expect(alertPlanOf(parsed.profile)).toEqual(alertPlanOf(keyhouse));
});

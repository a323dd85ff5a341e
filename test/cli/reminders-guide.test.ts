/** The guide to reminders, as printed. Prevents its times, its table and its profile from becoming stories. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { becomeAdmin, externalToken } from '../../src/testing/cast.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { newInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/reminders.md'), 'utf8');
const DAY_MS = 24 * 60 * 60_000;

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) =>
    String(match[1]).trim(),
  );
}

it('H9, S7: the guide to reminders shows what would be sent, and other times by the profile it prints', {
  timeout: 60_000,
}, async () => {
  const { folder, run } = newInstallation();
  const past = await testEngine({ left: { folder, at: Date.now() - 92 * DAY_MS } });
  await becomeAdmin(past);
  const token = { name: 'ci', expires_in: '96d', notification_email: 'ops@example.com' };
  await externalToken(past, { externalId: 'ada', workspace: 'org-7', may: ['servers:read'], token });
  await past.close();
  writeFileSync(join(folder, 'profile.json'), blocks('json')[0] ?? '');

  const env = { KEYHOUSE_DATA_DIR: join(folder, 'data') };
  const perform = async (line: string | undefined) => {
    const ran = await run((line ?? '').replace('npx keyhouse ', '').split(' '), { env });
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    return ran.stdout;
  };
  const [preview, apply] = blocks('sh');
  const [times = '', listed = ''] = (blocks('text')[0] ?? '').split('\n\n');

  const shown = await perform(preview);
  expect(shown.startsWith(`${times}\n\n`)).toBe(true);
  const rows = (text: string) => text.split('\n').map((line) => line.trim().split(/ {2,}/).slice(0, 3));
  expect(rows(shown)).toEqual(expect.arrayContaining(rows(listed)));
  expect(shown).toContain('No mail is set up');
  // Nothing was written by looking.
  expect(await perform(preview)).toBe(shown);

  await perform(apply);
  const other = await perform(preview);
  expect(other).toContain('one mail a day from 6:00 UTC:\n  14d, 2d before a token ends\n  180d after');
  expect(other).not.toContain('without use');
  expect(rows(other)).toContainEqual(['ops@example.com', 'expiring', 'ci']);
  expect(rows(other)).not.toContainEqual(['ops@example.com', 'rotation overdue', 'ci']);
});

/** The guide to rotation, as printed. Prevents a client from following it into a wall. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createToken } from '../../src/manage/index.ts';
import { newLinkSecret } from '../../src/people/links.ts';
import { digestSecret } from '../../src/people/one-time-secret.ts';
import { parseProfile, presets } from '../../src/profile/index.ts';
import { becomeAdmin, externalToken } from '../../src/testing/cast.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { suiteNeeding } from '../services/leftover.ts';
import { runProcess } from '../services/process.ts';
import { newInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/rotation.md'), 'utf8');
const DAY_MS = 24 * 60 * 60_000;
const PRINTED_ID = 'tok_4n2hV9cWqTzL8xYbRk3MsA';

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) =>
    String(match[1]).trim(),
  );
}

suiteNeeding('curl', 'the guide to rotation', () => {
  it('rotates, waits, claims and looks back by the commands it prints', { timeout: 60_000 }, async () => {
    const { folder, run, json, serve } = newInstallation();
    const left = { folder, at: Date.now() - 31 * DAY_MS };
    const past = await testEngine({ left });
    await becomeAdmin(past);
    const may = ['servers:read'];
    const token = { auto_rotate: true, rotation_period: '30d' };
    const recipient = 'ada@example.com';
    const toAda = { ...token, notification_email: recipient };
    const mailed = await externalToken(past, { externalId: 'ada', workspace: 'org-7', may, token: toAda });
    const running = await past.asHost(createToken, {
      ...{ name: 'client', owner: { external_id: 'ada' }, permissions: may },
      ...token,
    });
    const secret = newLinkSecret(past.engine);
    await past.engine.store.transact(({ rotations }) =>
      rotations.insertLink({
        digest: digestSecret(secret),
        tokenId: mailed.token.id,
        recipient,
        createdAt: left.at,
        expiresAt: Date.now() + DAY_MS,
      }),
    );
    await past.close();
    writeFileSync(join(folder, 'link.txt'), `https://keys.example.com/claim#${secret}\n`);

    const env = { KEYHOUSE_DATA_DIR: join(folder, 'data') };
    const { api } = await serve([], { env });
    const [byHand = '', automatic = '', claim = '', ask = '', before = ''] = blocks('sh');
    const perform = async (line: string, id: string, input = '') => {
      const [, command = ''] = /^npx keyhouse (.*?)(?: < .*)?$/.exec(line) ?? [];
      const ran = await run(command.replace(PRINTED_ID, id).split(' '), { env, input });
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      return ran.stdout;
    };

    const claimed = await perform(claim, '', readFileSync(join(folder, 'link.txt'), 'utf8'));
    expect(claimed).toMatch(/kh_live_[0-9A-Za-z]{32}/);
    expect(claimed).toContain(`The old value of ${mailed.token.id} works until`);

    const curl = async (value: string) => {
      const command = ask.replace('http://127.0.0.1:8000', api);
      const { stdout, stderr } = await runProcess('bash', ['-c', command], { env: { TOKEN: value } });
      expect(stderr).toBe('');
      return JSON.parse(stdout);
    };
    const { new_key } = await curl(running.value as string);
    expect((await curl(running.value as string)).new_key).toEqual(new_key);
    expect(await curl(new_key.value)).toMatchObject({ code: 'not_due', due_at: expect.any(String) });
    expect(await curl(running.value as string)).toMatchObject({ code: 'already_rotated', successor_id: new_key.id });

    expect(await perform(automatic, new_key.id)).toMatch(/rotates +every 30d, next on/);
    const off = await json(['token', 'update', new_key.id, '--no-auto-rotate', '--end-old-on-first-use'], { env });
    expect(off.rotation).toMatchObject({ auto_rotate: false, end_old_on_first_use: true, state: null });
    const listed = await perform(before, new_key.id);
    const [titles = ''] = (blocks('text')[0] ?? '').split('\n');
    expect(listed.split('\n')[0]?.split(/ {2,}/)).toEqual(titles.split(/ {2,}/));
    expect(listed).toContain(running.id);
    expect(await perform(byHand, new_key.id)).toMatch(/kh_live_/);
    expect(await json(['token', 'list', '--live'], { env })).toMatchObject({ data: { length: 5 } });
  });

  it('prints defaults of a profile that are ours, and that a profile takes', () => {
    const printed = JSON.parse(blocks('json')[0] ?? '');
    const parsed = parseProfile({ ...presets.keyhouse, ...printed });
    expect(parsed).toMatchObject({ ok: true, profile: { rotation: printed.rotation } });
  });
});

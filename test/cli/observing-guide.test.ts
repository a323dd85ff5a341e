/** The guide to observing, as printed. Prevents somebody from tightening by a command that was meant to observe. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/observing.md'), 'utf8');
const TOKEN = 'tok_4n2hV9cWqTzL8xYbRk3MsA';
const TRIAL = 'trl_8mK3vQ1nXbR7sTfYcW5zLp';

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** Without what is another one each time, and without the padding that follows from it. */
function comparable(text: string): string {
  return text
    .replace(/(tok|trl)_[0-9A-Za-z]{22}/g, '$1_')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'INSTANT')
    .replace(/\(kh_[^)]*\)/g, '(HINT)')
    .replace(/ +/g, ' ');
}

describe('the guide to observing', { timeout: 120_000 }, () => {
  it('observes, shows and enforces what it prints', async () => {
    const { run, json, serve, adminToken, folder } = await setUpInstallation();
    const { api } = await serve();
    const asked = ['--name', 'ci', '--owner', 'user-42', '--permissions', 'servers:read'];
    const made = await json(['token', 'create', ...asked]);
    const call = async () =>
      (await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${made.value}` } })).status;
    const [begin = '', show = '', enforce = ''] = blocks('sh');
    const [printed = ''] = blocks('text');
    let trial = TRIAL;
    const perform = async (command: string) => {
      const words = command.trim().replace(TOKEN, made.id).replace(TRIAL, trial).split(/\s+/);
      expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
      const ran = await run(words.slice(2));
      expect(ran).toMatchObject({ code: 0 });
      return ran.stdout;
    };

    const begun = await perform(begin);
    expect(begun).toContain('nobody is refused');
    trial = /trl_[0-9A-Za-z]{22}/.exec(begun)?.[0] ?? '';
    expect([await call(), await call()]).toEqual([200, 200]);

    const [list = '', one = ''] = show.trim().split('\n');
    expect(await perform(list)).toContain('observing until');
    expect(comparable(await perform(one))).toBe(comparable(printed));

    expect(await perform(enforce)).toContain('The change is made. It holds in the one process that decides');
    expect(await call()).toBe(403);
    expect(await perform(list)).toContain('enforced since');

    const post = (body: string) =>
      fetch(`${api}/v1/trials`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
        body,
      });
    expect((await post(blocks('json')[0] ?? '')).status).toBe(201);

    // What the table of the guide names beside tokens.
    await json([
      'service-account',
      'create',
      '--name',
      'robot',
      '--workspace',
      'org-7',
      '--permissions',
      'servers:read',
    ]);
    const { id: role } = await json(['role', 'create', '--name', 'ops', '--permissions', 'servers:read']);
    writeFileSync(
      join(folder, 'acme.json'),
      JSON.stringify({
        name: 'acme',
        extends: 'keyhouse',
        routes: [],
        limits: { tiers: { standard: { label: 'Standard', windows: LOW } } },
      }),
    );
    const observing = [
      ['role', 'update', 'ops', '--permissions', 'servers:list'],
      ['owner', 'put', 'user-42', '--memberships', '[]'],
      ['service-account', 'update', 'robot', '--memberships', '[]'],
      ['profile', 'apply', 'acme.json'],
    ];
    const outcomes: string[] = [];
    for (const words of observing) {
      const ran = await run([...words, '--observe', '1d']);
      outcomes.push(ran.code === 0 ? 'observing' : ran.stderr);
    }
    expect(outcomes).toEqual(observing.map(() => 'observing'));
    const { data } = await json(['trial', 'list']);
    expect(data.map(({ subject }: { subject: { kind: string } }) => subject.kind)).toEqual(
      expect.arrayContaining(['token', 'owner', 'role', 'profile']),
    );
    expect((await json(['role', 'list'])).data.find(({ id }: { id: string }) => id === role).permissions).toEqual([
      'servers:read',
    ]);
    expect(await perform(`npx keyhouse trial end ${data[0].id}`)).toContain('Nothing was changed');
  });
});

const LOW = [{ name: 'hour', limit: 1, seconds: 3_600 }];

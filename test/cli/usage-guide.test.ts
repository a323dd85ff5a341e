/** The guides to usage and to least privilege, as printed. Prevents a change that takes more than it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

const TOKEN = 'tok_4n2hV9cWqTzL8xYbRk3MsA';

function blocks(guide: string, language: string): string[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs', guide), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** Without what is another one each time, and without the padding that follows from it. */
function comparable(text: string): string {
  return text
    .replace(/tok_[0-9A-Za-z]{22}/g, 'tok_')
    .replace(/\d{4}-\d\d-\d\d/g, 'DAY')
    .replace(/\(kh_[^)]*\)/g, '(HINT)')
    .replace(/ +/g, ' ')
    .trim();
}

describe('the guides to usage and to least privilege', { timeout: 120_000 }, () => {
  it('show, export, observe and apply what they print', async () => {
    const { run, json, serve, adminToken } = await setUpInstallation();
    const { api } = await serve();
    const held = 'servers:read,servers:write,instances:read';
    await json(['owner', 'put', 'user-42', '--workspace', 'org-7', '--permissions', held]);
    const made = await json(['token', 'create', '--name', 'ci', '--owner', 'user-42', '--permissions', held]);
    const verify = async (permission: string) => {
      const asked = await fetch(`${api}/v1/tokens/verify`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${adminToken}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: made.value, all_of: [permission], ip: '203.0.113.9' }),
      });
      return ((await asked.json()) as { allowed: boolean }).allowed;
    };
    expect([await verify('servers:read'), await verify('servers:read')]).toEqual([true, true]);
    const perform = async (command: string) => {
      const words = command.trim().replaceAll(TOKEN, made.id).split(/\s+/);
      expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
      const ran = await run(words.slice(2));
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
      return ran.stdout;
    };

    const [usage = '', accesses = ''] = blocks('usage.md', 'sh');
    const [plain = '', byPermission = '', byNetwork = ''] = usage.trim().split('\n');
    expect(await perform(plain)).toMatch(/accepted +2/);
    expect(await perform(byPermission)).toMatch(/servers:read +2 +0 +0/);
    expect(await perform(byNetwork)).toContain('203.0.113.0/24');
    const [list = '', taken = ''] = accesses.trim().split('\n');
    expect(await perform(list)).toContain('Nothing is kept of that time.');
    expect(await perform(taken)).toContain('"at","request_id"');

    const [all = '', one = '', ways = ''] = blocks('least-privilege.md', 'sh');
    const [printed = ''] = blocks('least-privilege.md', 'text');
    expect(await perform(all)).toContain('1 of 3 permissions');
    expect(comparable(await perform(one))).toBe(comparable(printed));
    const [observe = '', apply = ''] = ways.trim().split('\n');
    expect(await perform(observe)).toContain('nobody is refused');
    expect((await json(['token', 'read', made.id])).grant.permissions).toHaveLength(3);
    expect((await run(['token', 'suggest', made.id, '--observe', '--apply'])).code).not.toBe(0);
    expect(await perform(apply)).toContain('Changed to servers:read. It holds in the one process that decides');
    expect([await verify('servers:read'), await verify('instances:read')]).toEqual([true, false]);
  });
});

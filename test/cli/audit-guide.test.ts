/** The guide to the audit log, as printed. Prevents somebody from believing a log that nobody can verify. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/audit.md'), 'utf8');

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** The words of a command line, of which some are quoted, and the file its output goes to. */
function readCommand(line: string): { readonly words: readonly string[]; readonly file: string | null } {
  const [command = '', file = null] = line.split(' > ');
  const words = [...command.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
  return { words: words.slice(2), file };
}

describe('the guide to the audit log', { timeout: 120_000 }, () => {
  it('signs, verifies, exports, erases and reviews by the commands it prints', async () => {
    const { run, json, serve, folder } = await setUpInstallation();
    const at = (name: string) => join(folder, name);
    const [sign = '', sink = '', elsewhere = '', erase = '', review = '', apply = ''] = blocks('sh');
    const perform = async (line: string, code = 0) => {
      const { words, file } = readCommand(line);
      const ran = await run(words);
      expect(ran, ran.stderr).toMatchObject({ code });
      if (file !== null) writeFileSync(at(file), ran.stdout);
      return ran.stdout;
    };

    // The printed text, up to how much happened before.
    const comparable = (text: string) => text.replaceAll(/\d+/g, 'N').replaceAll(/ +/g, ' ').trim();
    const [signing = '', verifying = ''] = sign.trim().split('\n');
    await perform(signing);
    expect(comparable(await perform(verifying))).toBe(comparable(blocks('text')[0] ?? ''));
    expect(sink.trim()).toBe('export KEYHOUSE_AUDIT_SINK=checkpoints.jsonl');

    await json(['owner', 'put', 'user-42', '--name', 'Uma', '--workspace', 'org-7', '--permissions', 'servers:read']);
    const { id } = await json([
      'token',
      'create',
      '--name',
      'ci',
      '--owner',
      'user-42',
      '--permissions',
      'servers:read',
    ]);
    await serve();
    const [exporting = '', listing = '', keys = '', offline = ''] = elsewhere.trim().split('\n');
    for (const line of [exporting, listing, keys]) await perform(line);
    expect(await perform(offline)).toContain('Nothing was altered.');
    expect(await perform(verifying)).toContain('Nothing was altered.');
    const exported = readFileSync(at('audit.jsonl'), 'utf8');
    writeFileSync(at('audit.jsonl'), exported.replace('"Uma"', '"Eve"'));
    expect(await perform(offline, 1)).toMatch(/clear_text +The clear text of name beside event \d+ is not/);
    writeFileSync(at('audit.jsonl'), exported.split('\n').slice(1).join('\n'));
    expect(await perform(offline, 1)).toContain('link');

    expect(await perform(erase.trim())).toContain('were erased');
    expect((await run(['audit', 'export'])).stdout).not.toContain('Uma');
    expect(await perform(verifying)).not.toContain('fields erased   0');

    await perform(review.trim());
    const rows = readFileSync(at('review.csv'), 'utf8').split('\r\n');
    const decided = rows.map((row) =>
      row.includes(id) ? row.replace(/"","",""$/, '"revoke","","nobody knows it"') : row,
    );
    writeFileSync(at('review.csv'), decided.join('\r\n'));
    const [dry = '', real = ''] = apply.trim().split('\n');
    expect(await perform(dry)).toContain('Nothing was done yet.');
    expect(await perform(real)).toContain('Done, and written down in the audit log.');
    expect(await perform(real, 1)).toContain('stale');
    expect((await json(['audit', 'list', '--action', 'review.applied'])).data[0]).toMatchObject({
      details: { revoked: 1 },
      personal: { reviewer: 'Ann Lee' },
    });
  });
});

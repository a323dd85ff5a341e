/** The guide to moving in, as printed. Prevents a company from finding out after the move that its customers' tokens do not work. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { newInstallation, setUpInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/moving-in.md'), 'utf8');

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** The table of Sanctum as its own code fills it: forty random characters, their checksum, SHA-256 of both. */
const SANCTUM = `
$out = fopen('sanctum.csv', 'w');
fputcsv($out, ['id','tokenable_type','tokenable_id','name','token','abilities','last_used_at','expires_at','created_at','updated_at']);
$rows = [[1, 1, 'ci', '["*"]'], [2, 2, 'read only', '["servers:read"]'], [3, 2, 'too much', '["*"]']];
foreach ($rows as [$id, $user, $name, $abilities]) {
  $entropy = substr(str_replace(['/', '+', '='], '', base64_encode(random_bytes(60))), 0, 40);
  $token = $entropy . hash('crc32b', $entropy);
  fputcsv($out, [$id, 'App\\\\Models\\\\User', $user, $name, hash('sha256', $token), $abilities, '2026-01-02 03:04:05', '', '2025-01-02 03:04:05', '2025-01-02 03:04:05']);
  echo $id . '|' . $token . "\\n";
}`;

/** The table of knox as it fills it: 32 random bytes in hex, SHA-512 of the bytes they spell, or of the text since its fifth version. */
const KNOX = `
import binascii, csv, hashlib, os
with open('knox.csv', 'w', newline='') as file:
    out = csv.writer(file)
    out.writerow(['digest', 'token_key', 'user_id', 'created', 'expiry'])
    for length, hashed in ((8, binascii.unhexlify), (15, lambda token: token.encode())):
        token = binascii.hexlify(os.urandom(32)).decode()
        out.writerow([hashlib.sha512(hashed(token)).hexdigest(), token[:length], 1, '2025-01-02 03:04:05.678901+00:00', ''])
        print(token)`;

/** A table somebody made by hand, with the digests a database computes, and one that kept the tokens themselves. */
const BY_HAND = `
import csv, hashlib, json, secrets
with open('keys.csv', 'w', newline='') as file:
    out = csv.writer(file)
    out.writerow(['id', 'customer', 'label', 'hash', 'scopes', 'active'])
    for at in range(2):
        token = 'acme_' + secrets.token_hex(16)
        out.writerow(['k%d' % at, 1, 'key %d' % at, hashlib.sha256(token.encode()).hexdigest(), 'servers:read', 't'])
        print(token)
plain = 'old-' + secrets.token_hex(20)
print(plain)
json.dump([{'id': 'p1', 'user_id': 2, 'token': plain}], open('plain.json', 'w'))`;

suiteNeeding(['php-curl', 'python'], 'the guide to moving in', () => {
  it('takes over what Sanctum, knox and hand-made tables hold, and revokes it', { timeout: 120_000 }, async () => {
    const { run, json, serve, folder } = await setUpInstallation();
    const { api } = await serve();
    const made = (program: string, args: readonly string[]) =>
      execFileSync(program, args, { cwd: folder, encoding: 'utf8', timeout: 20_000 }).trim().split('\n');
    const sanctum = made('php', ['-r', SANCTUM]);
    const knox = made('/usr/bin/python3', ['-c', KNOX]);
    const byHand = made('/usr/bin/python3', ['-c', BY_HAND]);
    writeFileSync(join(folder, 'owners.ndjson'), blocks('json')[0] ?? '');
    const status = async (token: string, scheme = 'Bearer') =>
      (await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `${scheme} ${token}` } })).status;
    const statuses = (tokens: readonly string[], scheme?: string) =>
      Promise.all(tokens.map((token) => status(token, scheme)));
    const perform = async (line: string, code = 0) => {
      const words = [...line.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(([word, a, b]) => a ?? b ?? word);
      expect(words.slice(0, 2)).toEqual(['npx', 'keyhouse']);
      const ran = await run(words.slice(2));
      expect(ran, ran.stderr + ran.stdout).toMatchObject({ code });
      return ran.stdout + ran.stderr;
    };
    const [sync = '', fromSanctum = '', fromKnox = '', fromTable = '', fromPlain = '', stop = '', transfer = ''] =
      blocks('sh').map((block) => block.trim());

    await perform(sync);
    const [dry = '', real = ''] = fromSanctum.split('\n');
    const foretold = await perform(dry, 1);
    expect(await statuses(sanctum)).toEqual([401, 401, 401]);
    const told = await perform(real, 1);
    const comparable = (text: string) => text.replaceAll(/ +/g, ' ').trim();
    expect(comparable(told)).toBe(comparable(blocks('text')[0] ?? ''));
    expect(foretold).toContain(told.trim().split('\n').at(-1));
    expect(await statuses(sanctum)).toEqual([200, 200, 401]);
    expect(await perform(real, 1)).toContain('0 imported, 2 skipped (here already), 1 rejected.');

    expect(await perform(fromKnox)).toContain('2 imported');
    expect(await statuses(knox, 'Token')).toEqual([200, 200]);
    expect(await statuses(knox)).toEqual([200, 200]);
    expect(await perform(fromTable)).toContain('2 imported');
    const said = await perform(fromPlain);
    expect(said).toContain('1 imported');
    expect(said).toContain('tokens in the clear');
    expect(await statuses(byHand)).toEqual([200, 200, 200]);

    const { data } = await json(['token', 'list', '--limit', '100']);
    const imported = data.filter((token: { imported_from: string | null }) => token.imported_from !== null);
    expect(imported.map((token: { imported_from: string }) => token.imported_from).sort()).toEqual([
      'knox',
      'knox',
      'legacy',
      'sanctum',
      'sanctum',
      'sha256',
      'sha256',
    ]);
    const everything = JSON.stringify(data) + JSON.stringify((await json(['audit', 'list', '--limit', '100'])).data);
    for (const value of [...sanctum, ...knox, ...byHand]) expect(everything).not.toContain(value.slice(-30));

    // A token outlives the person who made it under another owner, and a person's tokens end together.
    const ci = imported.find(({ name }: { name: string }) => name === 'ci').id;
    expect(await perform(transfer.replace('tok_4n2hV9cWqTzL8xYbRk3MsA', ci))).toContain('no longer do servers:write');
    const [look = '', end = ''] = stop.split('\n');
    expect(await perform(look)).toContain('3 tokens would end');
    expect(await perform(end)).toContain('Revoked 3 tokens');
    expect(await statuses(sanctum)).toEqual([401, 401, 401]);
    expect(await statuses(byHand)).toEqual([200, 200, 401]);

    const before = (await json(['token', 'read', imported[0].id])).imported_from;
    expect(before).toBeTypeOf('string');
    const knoxId = imported.find((token: { imported_from: string }) => token.imported_from === 'knox').id;
    await json(['token', 'revoke', knoxId]);
    expect((await statuses(knox, 'Token')).sort()).toEqual([200, 401]);
  });

  it('moves an installation, whose tokens go on working, or nothing of it', { timeout: 120_000 }, async () => {
    const from = await setUpInstallation();
    const made = await from.json([
      ...['token', 'create', '--name', 'ci', '--owner', 'user-42', '--permissions', 'servers:read'],
    ]);
    const [exporting = '', importing = ''] = blocks('sh')
      .slice(7)
      .map((block) => block.trim().split(' > ')[0] ?? '');
    const words = (line: string) => line.split(' ').slice(2);
    const exported = await from.run(words(exporting));
    expect(exported).toMatchObject({ code: 0 });
    expect(exported.stderr).toContain('Keep the two apart');
    expect(exported.stdout).not.toContain(made.value);

    const to = newInstallation();
    mkdirSync(join(to.folder, 'old'));
    copyFileSync(join(`${from.dataDir}.secrets`, 'pepper.json'), join(to.folder, 'old/pepper.json'));
    const file = join(to.folder, 'keyhouse.jsonl');
    const lines = exported.stdout.trim().split('\n');
    for (const wrong of [lines.slice(0, -1), lines.map((line) => line.replace('servers:read', 'servers:write'))]) {
      writeFileSync(file, `${wrong.join('\n')}\n`);
      expect(await to.run(words(importing))).toMatchObject({ code: 1 });
    }
    writeFileSync(file, exported.stdout);
    expect((await to.run(words(importing).slice(0, -2))).stderr).toContain('pepper.json of that installation');
    const imported = await to.run(words(importing));
    expect(imported, imported.stderr).toMatchObject({ code: 0 });
    expect(imported.stdout).toContain('2 tokens');
    expect((await to.run(words(importing))).stderr).toContain('Somebody is here already');

    const { api } = await to.serve();
    const answer = await fetch(`${api}/v1/auth/test`, { headers: { Authorization: `Bearer ${made.value}` } });
    expect(await answer.json()).toMatchObject({ authenticated: true, key_id: made.id });
    const again = await to.run(['export']);
    expect(again.stdout).not.toContain('pepperVersion');
    const end = (text: string) => JSON.parse(text.trim().split('\n').at(-1) ?? '').sha256;
    expect(end(again.stdout)).toBe(end(exported.stdout));
  });
});

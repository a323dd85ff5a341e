import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { newInstallation } from './command.ts';
import { atTerminal, whyNoTerminal } from './pseudo-terminal.ts';

const HARBOUR = join(import.meta.dirname, 'fixtures/harbour.yaml');
const ACME = ['--company', 'Acme Cloud', '--prefix', 'acme'];

/** What a folder holds that a profile was drafted in. */
function filesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith('keyhouse-data'));
}

function fileIn(folder: string, name: string) {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

describe('keyhouse profile init without a terminal', { timeout: 120_000 }, () => {
  it('says which flags are missing, and writes nothing', async () => {
    const { run, folder } = newInstallation();
    const nothing = await run(['profile', 'init']);
    expect(nothing).toMatchObject({ code: 2, stdout: '' });
    expect(nothing.stderr).toContain('--company <name> and --prefix <prefix>');
    const half = await run(['profile', 'init', '--company', 'Acme', '--json']);
    expect(JSON.parse(half.stderr)).toMatchObject({ code: 'usage', detail: expect.stringMatching(/--prefix/) });
    expect(half.stderr).not.toContain('--company');
    expect(filesIn(folder)).toEqual([]);
  });

  it('writes a file that extends a preset, holds what differs, and passes the check', async () => {
    const { run, json, folder } = newInstallation();
    const answer = await json(['profile', 'init', ...ACME, '--support-url', 'https://help.example.com/']);
    expect(answer).toMatchObject({ name: 'acme-cloud', file: 'acme-cloud.json', extends: 'keyhouse', permissions: [] });
    expect(fileIn(folder, 'acme-cloud.json')).toEqual({
      name: 'acme-cloud',
      extends: 'keyhouse',
      company: { name: 'Acme Cloud', slug: 'acme-cloud', supportUrl: 'https://help.example.com' },
      token: { prefix: 'acme' },
      errors: { docsUrl: null, realm: 'Acme Cloud API' },
    });
    expect((await run(['profile', 'check', 'acme-cloud.json'])).code).toBe(0);
    expect(filesIn(folder)).toEqual(['acme-cloud.json']);
  });

  it.each([
    [['--prefix', 'Acme_'], /--prefix: This must be 2 to 12 lower-case letters/],
    [['--prefix', 'usr', '--company', ''], /--company: It must be a name/],
    [['--name', 'Acme'], /--name: /],
    [['--support-email', 'nobody'], /--support-email: This is not an e-mail address/],
    [['--support-url', 'example.com'], /--support-url: This must be an http or https address/],
    [['--environments', 'production'], /--environments: It must be live,test or live, or none/],
    [['--grants', 'everything'], /--grants: It must be one or more of/],
    [['--grants', 'level'], /--grants: There are no levels/],
    [['--lifetime', '90'], /--lifetime: This must be a duration/],
    [['--one-per-owner', 'perhaps'], /--one-per-owner: It must be yes or no/],
    [['--tokens-path', '/v1/owners'], /--tokens-path: Something else answers at/],
    [['--extends', 'nobody'], /--extends: There is no such preset; there is keyhouse, /],
    [['--openapi', 'none.yaml'], /--openapi: none\.yaml: there is no such file/],
    [['--openapi', 'https://example.com/openapi.yaml'], /--openapi: It has to be a file/],
    [['nowhere/acme.json'], /There is no folder/],
    [['a-folder', '--force'], /a-folder is a folder/],
  ])('refuses %j by the name of the flag, and leaves nothing behind', async (args, sentence) => {
    const { run, folder } = newInstallation();
    mkdirSync(join(folder, 'a-folder'));
    const refused = await run(['profile', 'init', ...ACME, ...args]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(sentence);
    expect(filesIn(folder)).toEqual(['a-folder']);
  });

  it.each([
    ['swagger.json', '{"swagger":"2.0","info":{"title":"Old"},"paths":{}}', /Swagger 2\.0.*Convert it/],
    ['future.json', '{"openapi":"4.0.0","info":{"title":"New"},"paths":{}}', /only OpenAPI 3\.0 and 3\.1/],
    ['list.yaml', '- 1\n- 2\n', /must be an object/],
    ['cut.json', '{"openapi":', /is not JSON/],
    ['nothing.yaml', 'openapi: 3.1.0\ninfo: {title: A}\npaths: {}\n', /describes no operation/],
    [
      'bomb.yaml',
      `openapi: 3.1.0\ninfo: {title: A}\npaths: {}\na0: &a0 [x,x,x,x,x,x,x,x,x]\n${Array.from(
        { length: 12 },
        (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(',')}]\n`,
      ).join('')}`,
      /alias/,
    ],
  ])('refuses the document %s with a sentence', async (name, text, sentence) => {
    const { run, folder } = newInstallation();
    writeFileSync(join(folder, name), text);
    const refused = await run(['profile', 'init', ...ACME, '--openapi', name]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(sentence);
    expect(refused.stderr.split('\n').length).toBeLessThan(5);
    expect(filesIn(folder)).toEqual([name]);
  });

  it('never replaces a file unless told, and then keeps a link a link', async () => {
    const { run, folder } = newInstallation();
    writeFileSync(join(folder, 'kept.json'), 'mine');
    symlinkSync('kept.json', join(folder, 'acme.json'));
    const refused = await run(['profile', 'init', 'acme.json', ...ACME]);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain('acme.json is there already.\nGive another name, or --force');
    expect(readFileSync(join(folder, 'kept.json'), 'utf8')).toBe('mine');
    expect((await run(['profile', 'init', 'acme.json', ...ACME, '--force'])).code).toBe(0);
    expect(fileIn(folder, 'kept.json')).toMatchObject({ name: 'acme-cloud' });
    expect(filesIn(folder)).toEqual(['acme.json', 'kept.json']);
  });

  it('warns of a prefix that secret scanners give to somebody else, and names others', async () => {
    const { run } = newInstallation();
    const { stdout, code } = await run(['profile', 'init', '--company', 'Acme', '--prefix', 'sk']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\$\.token\.prefix: .*Stripe/);
    expect(stdout).toContain("Nobody else's tokens begin with acme, ");
  });

  it('drafts from an OpenAPI document what then guards each of its operations', async () => {
    const { run, json, folder, serve } = newInstallation();
    const drafted = await run(['profile', 'init', '--openapi', HARBOUR, '--company', 'Harbour', '--prefix', 'harbour']);
    expect(drafted.code).toBe(0);
    for (const line of [
      'Permissions (6):',
      '  shipments:write          POST /v2/shipments, DELETE /v2/shipments/{shipmentId}',
      '  customs_documents:write  POST /v2/shipments/{shipmentId}/documents',
      'Open to requests without a token, so in no rule (1):\n  GET /v2/health\n',
      '    "read:customs_documents" is customs_documents:read',
      'drafted like the others.\n    POST /v2/quotes\n',
      '    reports:read',
      '    standard, carrier',
      '  keyhouse serve --profile harbour.json ',
      '  app.use(protect(keyhouse, { byRoute: true }))',
    ]) {
      expect(drafted.stdout).toContain(line);
    }
    const file = fileIn(folder, 'harbour.json');
    expect(file.company).toMatchObject({
      supportUrl: 'https://harbour.example.com/help',
      supportEmail: 'help@harbour.example.com',
      apiBaseUrl: 'https://api.harbour.example.com',
    });
    expect(Object.keys(file.limits.tiers)).toEqual(['standard', 'carrier']);
    const checked = await json(['profile', 'check', 'harbour.json']);
    expect(checked).toMatchObject({ ok: true, problems: [] });

    const served = await serve(['--profile', join(folder, 'harbour.json')]);
    const setUp = await json(['init', '--admin-email', 'ops@example.com', '--admin-password-stdin'], {
      input: 'a long one of my own\n',
    });
    expect(setUp.token.value).toMatch(/^harbour_live_/);
    const permissions = 'shipments:read,shipments:write,customs_documents:read';
    await json(['owner', 'put', 'user-1', '--workspace', 'org-1', '--permissions', permissions]);
    const token = await json([
      'token',
      'create',
      '--name',
      'ci',
      '--permissions',
      'shipments:read',
      '--owner',
      'user-1',
    ]);
    const asked = async (needed: string) =>
      fetch(`${served.api}/v1/tokens/verify`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${setUp.token.value}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ token: token.value, all_of: [needed] }),
      }).then((answer) => answer.json());
    expect(await asked('shipments:read')).toMatchObject({ allowed: true });
    expect(await asked('shipments:write')).toMatchObject({ allowed: false, missing: ['shipments:write'] });
    const unknown = await run(['token', 'create', '--name', 'x', '--permissions', 'ships:read', '--owner', 'user-1']);
    expect(unknown.stderr).toContain('ships:read');
    const again = await json(['profile', 'apply', 'harbour.json']);
    expect(again).toMatchObject({ applied: false, name: 'harbour' });
  });
});

suiteNeeding([{ missing: whyNoTerminal }], 'keyhouse profile init at a terminal', () => {
  const usual = (count: number) => Array<string>(count).fill('');

  it('asks what was not given, offers an answer to each, and writes what the answers say', {
    timeout: 120_000,
  }, async () => {
    const { folder, run } = newInstallation();
    const answers = ['', 'none', 'Acme Cloud', ...usual(12), 'y', ''];
    const { shown, code, left } = await atTerminal(folder, ['profile', 'init'], answers);
    expect({ code, left }).toEqual({ code: 0, left: [] });
    expect(shown).toContain('Name of the profile [acme-cloud]: ');
    expect(shown).toContain('Prefix of every token [acme]: ');
    expect(shown).toContain('acme-cloud.json is written.');
    expect(fileIn(folder, 'acme-cloud.json')).toMatchObject({ extends: 'keyhouse', token: { prefix: 'acme' } });
    expect((await run(['profile', 'check', 'acme-cloud.json'])).code).toBe(0);
  });

  it('asks again, with the reason, until an answer can be taken', { timeout: 120_000 }, async () => {
    const { folder } = newInstallation();
    const answers = [
      ...['nobody', 'coolset', 'none.yaml', HARBOUR],
      ...['', 'Not a name', 'harbour', 'help', 'none', 'x@', 'none', '', ''],
      ...['production', 'none', 'H', 'harbour', 'API key', 'v1', ''],
      ...['all', 'inherit, level', 'ever', 'never', 'maybe', 'yes', 'no'],
    ];
    const { shown, code, left } = await atTerminal(folder, ['profile', 'init', 'own.json'], answers);
    expect({ code, left, shown }).toMatchObject({ code: 0, left: [] });
    for (const reason of [
      '  There is no such preset; there is keyhouse, ',
      '  none.yaml: there is no such file.',
      '  This must be an http or https address.',
      '  This is not an e-mail address.',
      '  It must be live,test or live, or none.',
      '  This must be 2 to 12 lower-case letters and digits',
      '  This must be a path such as',
      '  It must be one or more of permissions, level and inherit.',
      '  This must be a duration such as',
      '  It must be yes or no.',
    ]) {
      expect(shown).toContain(reason);
    }
    expect(fileIn(folder, 'own.json')).toMatchObject({
      name: 'harbour',
      extends: 'coolset',
      token: { prefix: 'harbour' },
      words: { token: 'API key', tokens: 'API keys' },
      grants: ['level', 'inherit'],
      onePerOwner: true,
      selfService: false,
      rotation: { gracePeriod: '0s' },
    });
  });

  it('says at once that a prefix is somebody else’s, proposes others, and takes it from whoever insists', {
    timeout: 120_000,
  }, async () => {
    const { folder } = newInstallation();
    const flags = ['--company', 'Acme', '--name', 'acme', '--extends', 'keyhouse', '--openapi', 'none'];
    const taken = await atTerminal(
      folder,
      ['profile', 'init', 'a.json', ...flags],
      [...usual(5), 'sk', '', ...usual(6)],
    );
    expect({ code: taken.code, left: taken.left }).toEqual({ code: 0, left: [] });
    expect(taken.shown).toMatch(
      /Prefix of every token \[acme\]: sk\n.*Stripe.*\n.*begin with acme, .* Type sk again to keep it\.\nPrefix of every token \[acme\]: /,
    );
    expect(fileIn(folder, 'a.json')).toMatchObject({ token: { prefix: 'acme' } });
    const kept = await atTerminal(
      folder,
      ['profile', 'init', 'b.json', ...flags],
      [...usual(5), 'sk', 'sk', ...usual(6)],
    );
    expect(kept.code).toBe(0);
    expect(fileIn(folder, 'b.json')).toMatchObject({ token: { prefix: 'sk' } });
  });

  it('asks where to write until that is possible, and never for everything again', { timeout: 120_000 }, async () => {
    const { folder } = newInstallation();
    writeFileSync(join(folder, 'acme.json'), 'mine');
    mkdirSync(join(folder, 'here'));
    const flags = ['--company', 'Acme', '--prefix', 'acme', '--extends', 'keyhouse', '--openapi', 'none'];
    const targets = ['', 'no', 'here', 'nowhere/acme.json', 'here/acme.json'];
    const { shown, code, left } = await atTerminal(folder, ['profile', 'init', ...flags], [...usual(12), ...targets]);
    expect({ code, left, shown }).toMatchObject({ code: 0, left: [] });
    expect(shown).toMatch(/is a folder\.\n.*\n.*There is no folder/);
    expect(readFileSync(join(folder, 'acme.json'), 'utf8')).toBe('mine');
    expect(fileIn(folder, 'here/acme.json')).toMatchObject({ name: 'acme' });
  });

  it('leaves nothing behind when it is left, and replaces a file only on a yes', { timeout: 120_000 }, async () => {
    const { folder } = newInstallation();
    const left = await atTerminal(folder, ['profile', 'init'], ['', 'none', 'Acme', '', null]);
    expect(left).toMatchObject({ code: 1, left: [] });
    expect(left.shown).toContain('Nothing was done.');
    expect(filesIn(folder)).toEqual([]);
    writeFileSync(join(folder, 'acme.json'), 'mine');
    expect((await atTerminal(folder, ['profile', 'init', 'acme.json'], [''])).code).toBe(1);
    expect(readFileSync(join(folder, 'acme.json'), 'utf8')).toBe('mine');
    const replaced = await atTerminal(folder, ['profile', 'init', 'acme.json'], ['yes', '', '', 'Acme', ...usual(13)]);
    expect(replaced).toMatchObject({ code: 0, left: [] });
    expect(fileIn(folder, 'acme.json')).toMatchObject({ name: 'acme' });
    expect(existsSync(join(folder, 'keyhouse-data'))).toBe(false);
  });
});

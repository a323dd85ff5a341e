/** The guide to profiles, as printed. Prevents a new company from beginning with commands that do something else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newInstallation } from './command.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/profiles.md'), 'utf8');

function blocks(language: string): string[] {
  return [...GUIDE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((match) => String(match[1]));
}

/** The words of `npx keyhouse …`, with quotes as a shell has them. */
function argsOf(command: string): string[] {
  expect(command).toMatch(/^npx keyhouse /);
  const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return words.slice(2);
}

describe('the guide to profiles', { timeout: 120_000 }, () => {
  it('drafts what it prints, and serves and applies it', async () => {
    const { run, folder, serve } = newInstallation();
    const [first = '', fromApi = '', served = '', applied = ''] = blocks('sh');
    const [printed = '', routes = ''] = blocks('json');
    for (const command of first.trim().split('\n')) expect(await run(argsOf(command))).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'acme.json'), 'utf8')).toBe(printed);

    writeFileSync(join(folder, 'openapi.yaml'), blocks('yaml')[0] ?? '');
    const drafted = await run(argsOf(fromApi.trim()));
    expect(drafted).toMatchObject({ code: 0 });
    expect(drafted.stdout).toContain('GET /v1/status');
    const file = JSON.parse(readFileSync(join(folder, 'acme.json'), 'utf8'));
    expect(file).toMatchObject(JSON.parse(routes));
    expect(Object.keys(file.limits.tiers)).toEqual(['standard', 'partner']);

    await serve(argsOf(served.trim()).slice(1));
    const shown = await run(['profile', 'show', '--json']);
    expect(shown.json).toMatchObject({ name: 'acme-cloud', version: 1 });
    for (const command of applied.trim().split('\n')) expect(await run(argsOf(command))).toMatchObject({ code: 0 });
  });
});

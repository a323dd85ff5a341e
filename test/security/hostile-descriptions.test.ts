import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newInstallation } from '../cli/command.ts';

const ACME = ['--company', 'Acme Cloud', '--prefix', 'acme'];
/** Colours, a title, eight-bit controls, a changed direction, and line breaks that begin a line of their own. */
const HOSTILE = 'x\u001b[31m\u001b]0;title\u0007\u009b2J\u007f\u202eabc\u2028\r\nNext: run this';
const MOVES_OR_HIDES = /(?!\n)\p{Cc}|[\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

const DESCRIPTION = {
  openapi: '3.1.0',
  info: { title: HOSTILE, description: HOSTILE, contact: { email: HOSTILE, url: `https://x.example/${HOSTILE}` } },
  servers: [{ url: `https://api.example.com/${HOSTILE}` }],
  'x-rate-limit': { [HOSTILE]: { limit: 5, window: HOSTILE } },
  components: {
    securitySchemes: {
      [HOSTILE]: { type: 'oauth2', flows: { clientCredentials: { scopes: { [HOSTILE]: HOSTILE } } } },
    },
  },
  paths: {
    [`/a/${HOSTILE}`]: { get: { tags: [HOSTILE], summary: HOSTILE, deprecated: true } },
    [`/b/{${HOSTILE}}`]: { post: { security: [{ [HOSTILE]: [HOSTILE] }], tags: [`keyhouse-${HOSTILE}`] } },
    '/c': { get: { tags: ['__proto__'], security: [{ [HOSTILE]: [`a:${HOSTILE}`] }] } },
  },
};
const REFUSED = [
  { ...DESCRIPTION, openapi: HOSTILE },
  { ...DESCRIPTION, paths: { [HOSTILE]: {} } },
  { ...DESCRIPTION, paths: { '/c': { get: { [HOSTILE]: { $ref: HOSTILE } } } } },
];

describe('row 20: a hostile description of an API and the terminal of whoever drafts from it', {
  timeout: 120_000,
}, () => {
  it.each([DESCRIPTION, ...REFUSED])(
    'neither moves the cursor nor begins a line, in words and as JSON',
    async (api) => {
      const { run, folder } = newInstallation();
      writeFileSync(join(folder, 'api.json'), JSON.stringify(api));
      for (const more of [[], ['--json']]) {
        const args = ['profile', 'init', `${more.length}.json`, ...ACME, '--openapi', 'api.json', ...more];
        const { stdout, stderr } = await run(args);
        expect(stdout + stderr).not.toBe('');
        expect(stdout + stderr).not.toMatch(MOVES_OR_HIDES);
        expect(stdout + stderr).not.toMatch(/^Next: run this/m);
      }
    },
  );

  it('is quoted on one line where the server refuses to show it', async () => {
    const { run, folder } = newInstallation();
    writeFileSync(join(folder, 'api.json'), JSON.stringify(REFUSED[1]));
    const { code, stderr } = await run(['serve', '--api-description', 'api.json', '--api-port', '0']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('a path begins with a slash');
    expect(stderr).not.toMatch(MOVES_OR_HIDES);
    expect(stderr).not.toMatch(/^Next: run this/m);
  });

  it('a draft never takes the place of a pipe or a device, not even with --force', async () => {
    const { run, folder } = newInstallation();
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    const refused = await run(['profile', 'init', 'pipe.json', ...ACME, '--force']);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('is no ordinary file') });
    expect(statSync(pipe).isFIFO()).toBe(true);
  });
});

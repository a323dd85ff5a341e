import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { suiteNeeding } from '../services/leftover.ts';
import { startProcess } from '../services/process.ts';
import { openPortalCompany } from './portal-company.ts';

const ROOT = join(import.meta.dirname, '../..');
const GUIDE = readFileSync(join(ROOT, 'docs/portal.md'), 'utf8');

suiteNeeding('chromium', 'the guide to the portal', () => {
  it('has a settings page that runs as printed, with a token of the printed permissions', async () => {
    const company = await openPortalCompany();
    try {
      await company.introduce('user-7');
      const [, listed = ''] = /--permissions (\S+)/.exec(GUIDE) ?? [];
      const permissions = listed.split(',');
      const token = await company.house.call<{ value: string }>('POST', '/v1/api-keys', {
        name: 'portal',
        permissions,
      });
      const [, program = ''] = /^```ts\n(.*?)^```$/ms.exec(GUIDE) ?? [];
      // The origin that the company has registered: its own stand-in makes way.
      const { port } = new URL(company.settings.url);
      await company.settings.close();
      const app = await startProcess(process.execPath, ['--input-type=module-typescript', '-e', program], {
        cwd: ROOT,
        env: { KEYHOUSE_URL: company.house.api, KEYHOUSE_TOKEN: token.value, PORT: port },
      });
      try {
        await app.waitForLine(/"port":\d+/);
        const visit = await company.house.visit('/portal');
        await visit.page.goto(`${company.settings.url}/settings`);
        await visit.page.getByText('No API keys yet').waitFor();
        await visit.close();
      } finally {
        await app.stop();
      }
    } finally {
      await company.close();
    }
  });

  it('names every part and property of the element', () => {
    const sources = [
      'create-view',
      'grant-fields',
      'list-view',
      'make',
      'shown-once',
      'styles',
      'tokens-element',
      'confirming',
    ];
    const text = sources.map((name) => readFileSync(join(ROOT, `dashboard/src/portal/${name}.ts`), 'utf8')).join('\n');
    const properties = new Set([...text.matchAll(/--keyhouse(-[a-z-]+)/g)].map(([, name]) => name));
    for (const name of properties) expect(GUIDE).toMatch(new RegExp(`\`(?:--keyhouse)?${name}\``));
    const parts = new Set([...text.matchAll(/\bpart: '([a-z-]+)'/g)].map(([, name]) => name));
    expect(parts.size).toBeGreaterThan(8);
    for (const name of parts) expect(GUIDE).toContain(`\`${name}\``);
  });
});

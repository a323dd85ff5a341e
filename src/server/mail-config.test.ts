import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import type { StartRefused } from './start-refused.ts';

const MAIL = { KEYHOUSE_SMTP_URL: 'smtp://127.0.0.1:2525', KEYHOUSE_MAIL_FROM: 'keys@example.com' };
const load = (env: NodeJS.ProcessEnv) => loadConfig({}, { ...MAIL, ...env }, tmpdir());

it('needs to know where links in mails lead as soon as others than this machine reach the dashboard', async () => {
  expect((await load({})).mail).not.toBeNull();
  for (const open of [
    { KEYHOUSE_DASHBOARD_HOST: '0.0.0.0', KEYHOUSE_INSECURE_HTTP: 'true' },
    { KEYHOUSE_TRUSTED_PROXIES: '127.0.0.1' },
  ]) {
    const refused = await load(open).catch((error: StartRefused) => error);
    expect(String(refused)).toContain('--dashboard-url');
    expect((await load({ ...open, KEYHOUSE_DASHBOARD_URL: 'https://keys.example.com' })).mail).not.toBeNull();
  }
});

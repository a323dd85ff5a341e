import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newInstallation, setUpInstallation } from './command.ts';

const DESCRIPTION = `openapi: 3.1.0
info: {title: Servers, version: '1'}
servers: [{url: https://api.example.com}]
paths:
  /servers: {get: {responses: {'200': {description: OK}}}}
`;

describe('keyhouse serve --api-description', { timeout: 120_000 }, () => {
  it('shows the API on the reference as it was read at start, whatever becomes of the file', async () => {
    const { folder, serve } = newInstallation();
    writeFileSync(join(folder, 'api.yaml'), DESCRIPTION);
    const { api } = await serve(['--api-description', 'api.yaml']);
    writeFileSync(join(folder, 'api.yaml'), 'openapi: [');
    const read = async () => (await fetch(`${api}/reference/api.json`)).json();
    expect(await read()).toMatchObject({ info: { title: 'Servers' }, servers: [{ url: 'https://api.example.com' }] });
    rmSync(join(folder, 'api.yaml'));
    expect(await read()).toMatchObject({ info: { title: 'Servers' } });
    const page = await fetch(`${api}/reference`);
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'self' https://api.example.com;");
  });

  it('refuses to start with one that cannot be shown, names the file and the place, and makes no store', async () => {
    const { folder, run } = newInstallation();
    const file = join(folder, 'api.yaml');
    writeFileSync(file, `${DESCRIPTION}  /servers/{id}: {$ref: other.yaml}\n`);
    const refused = await run(['serve', '--api-port', '0', '--dashboard-port', '0'], {
      env: { KEYHOUSE_API_DESCRIPTION: 'api.yaml' },
    });
    expect(refused).toMatchObject({ code: 78, stdout: '' });
    expect(refused.stderr).toContain(`${file}: $.paths['/servers/{id}']['$ref']: other.yaml is not in this document.`);
    expect((await run(['token', 'list'])).stderr).toContain('There is no Keyhouse store');
  });

  it('stops no other command when it is wrong, and doctor says that it is', async () => {
    const { folder, json, run } = await setUpInstallation();
    const env = { KEYHOUSE_API_DESCRIPTION: join(folder, 'none.json') };
    expect(await json(['token', 'list'], { env })).toHaveProperty('data');
    const { code, json: report } = await run(['doctor', '--json'], { env });
    expect(code).toBe(1);
    expect(report.checks).toContainEqual({
      check: 'API description',
      status: 'problem',
      message: expect.stringContaining(`${env.KEYHOUSE_API_DESCRIPTION}: there is no such file.`),
    });
    writeFileSync(env.KEYHOUSE_API_DESCRIPTION, '{"openapi":"3.0.3","info":{"title":"Servers"},"paths":{}}');
    expect(await json(['doctor'], { env })).toMatchObject({ ok: true });
  });
});

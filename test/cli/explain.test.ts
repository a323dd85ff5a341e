import { describe, expect, it } from 'vitest';
import { setUpInstallation } from './command.ts';

async function refused(api: string, token: string, path = '/v1/audit-events'): Promise<string> {
  const response = await fetch(`${api}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  expect(response.status).toBeGreaterThanOrEqual(400);
  return response.headers.get('x-request-id') as string;
}

describe('keyhouse explain', { timeout: 120_000 }, () => {
  it('explains a refusal here, elsewhere, and when nothing runs any more', async () => {
    const { serve, run, json, adminToken } = await setUpInstallation();
    const { api, process: server } = await serve();
    const made = ['token', 'create', '--name', 'ci', '--permissions', 'servers:read', '--owner', 'user-42'];
    const { value } = await json(made);
    const requestId = await refused(api, value);
    const here = await run(['explain', requestId]);
    expect(here.stdout).toMatch(/^Refused: insufficient_permissions \(permission_missing\)\n/);
    expect(here.stdout).toMatch(/^permission +FAILED +Needed: all of keyhouse-audit:read\./m);
    expect(here.stdout).toMatch(/^rate limit +not reached +–$/m);
    const env = { KEYHOUSE_TOKEN: adminToken };
    const away = await json(['explain', requestId, '--url', api], { env });
    expect(away).toMatchObject({ request_id: requestId, cause: 'permission_missing', address: { from: 'connection' } });
    const held = await json(['explain', requestId, '--url', api], { env: { KEYHOUSE_TOKEN: value } });
    expect(held).not.toHaveProperty('cause');
    await server.stop('SIGTERM');
    expect(await json(['explain', requestId])).toEqual(away);
    const list = await run(['denial', 'list', '--reason', 'insufficient_permissions']);
    expect(list.stdout).toContain(requestId);
    expect((await run(['explain', 'req_0000000000000000000000'])).code).toBe(1);
  });

  it('asks with the refused token itself from standard input, and repeats it nowhere', async () => {
    const { serve, run, json } = await setUpInstallation();
    const { api } = await serve();
    const made = ['token', 'create', '--name', 'ci', '--permissions', 'servers:read', '--owner', 'user-42'];
    const { value } = await json(made);
    const requestId = await refused(api, value);
    const why = await run(['explain'], { input: `${value}\n` });
    expect(why.stdout).toMatch(/^A request from here, now\n\nIt would be accepted\.\n/);
    expect(why.stdout).toContain('Its latest refusals');
    const one = await json(['explain', requestId, '--token-stdin'], { input: value });
    expect(one.denials).toMatchObject([{ request_id: requestId, reason: 'insufficient_permissions' }]);
    const broken = await run(['explain'], { input: value.slice(0, -2) });
    expect(broken.stdout).toMatch(/^Refused: invalid_token\nThe end of the .* is missing/m);
    for (const { stdout, stderr } of [why, broken]) expect(stdout + stderr).not.toContain(value.slice(8, -2));
    expect((await run(['explain', value])).code).not.toBe(0);
  });
});

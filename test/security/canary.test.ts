import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PASSWORD, setUpInstallation } from '../cli/command.ts';
import { requestText } from '../http/raw-socket.ts';
import { type Asked, filesBelow, Listener, type Trace, tracesOf } from './traces.ts';

/** Every way in which somebody could bring a token where it does not belong. */
async function mishandle(client: Listener, token: string): Promise<void> {
  const bad = `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
  const path = encodeURIComponent(token);
  await client.ask('mistyped', 'GET', '/v1/auth/test', { token: bad });
  await client.ask('in the URL', 'GET', `/v1/auth/test?access_token=${path}`);
  await client.ask('in the URL and in a header', 'GET', `/v1/auth/test?token=${path}`, { token });
  await client.ask('in the path', 'GET', `/v1/tokens/${path}`, { token });
  await client.ask('in the path and in the URL', 'GET', `/v1/tokens/${path}?access_token=${path}`);
  await client.ask('at a path that is not there', 'GET', `/${path}`, { token });
  await client.ask('as a cookie', 'GET', '/v1/auth/test', { headers: { Cookie: `session=${token}` } });
  await client.ask('quoted', 'GET', '/v1/auth/test', { headers: { Authorization: `Bearer "${token}"` } });
  await client.ask('twice', 'GET', '/v1/auth/test', { headers: { Authorization: `Bearer ${token}, Bearer ${token}` } });
  await client.ask('another scheme', 'GET', '/v1/auth/test', { headers: { Authorization: `Token ${token}` } });
  await client.ask('as a field', 'POST', '/v1/tokens', { token, body: { name: 'x', permissions: [], [token]: 1 } });
  await client.ask('as a query field', 'GET', `/v1/tokens?${path}=1`, { token });
  await client.ask('as a permission', 'POST', '/v1/tokens', { token, body: { name: 'x', permissions: [token] } });
  await client.ask('as an address', 'POST', '/v1/tokens', { token, body: { name: 'x', ip_allowlist: [token] } });
  await client.ask('as a cursor', 'GET', `/v1/tokens?cursor=${path}`, { token });
  await client.ask('as an id', 'POST', `/v1/tokens/${path}/rotate`, { token, body: {} });
  await client.ask('as a set-up code', 'POST', '/v1/setup', {
    body: { code: token, email: 'a@example.com', password: PASSWORD, workspace: 'x' },
  });
  await client.ask('asking why', 'POST', '/v1/why', { body: { token } });
  await client.ask('asking why, twice', 'POST', '/v1/why', { body: { token: `${token} ${token}`, request_id: token } });
  await client.ask('asking why, damaged', 'POST', '/v1/why', { body: { token: `"${token}`, [token]: token } });
  await client.ask('as a request id', 'GET', `/v1/denials/${path}`, { token });
  await client.ask('as an address of denials', 'GET', `/v1/denials?ip=${path}&reason=${path}`, { token });
  const route = { method: token, target: `/servers/${token}/${path}?token=${token}` };
  await client.ask('as method and path', 'POST', '/v1/tokens/verify', { token, body: { token: bad, route } });
  await client.ask('in broken JSON', 'POST', '/v1/tokens', { token, body: `{"name": "${token}` });
  await client.ask('in a body of another type', 'POST', '/v1/tokens', {
    token,
    body: `token=${token}`,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  await client.ask('as an idempotency key', 'POST', '/v1/tokens', {
    token,
    headers: { 'Idempotency-Key': token },
    body: { name: 'x', permissions: [] },
  });
  const lines = [`Authorization: Bearer ${token}`, 'Connection: close'];
  await client.send('two lines', requestText('GET /v1/auth/test HTTP/1.1', [...lines, lines[0] as string]));
  await client.send(
    'a line too long',
    requestText('GET /v1/auth/test HTTP/1.1', [...lines, `X: ${'x'.repeat(20_000)}`]),
  );
  await client.send('a broken request', `GET /v1/auth/test HTTP/1.1\r\n${lines.join('\r\n')}\r\nbad header\r\n\r\n`);
  await client.send('a method that is none', requestText(`${token} / HTTP/1.1`, lines));
}

it('rows 15, 17 and 19: a value is in the one answer that gave it out, and nowhere else', {
  timeout: 90_000,
}, async () => {
  const installation = await setUpInstallation();
  const server = await installation.serve(['--log-level', 'debug']);
  const { adminToken } = installation;
  const client = new Listener(server.api);
  const as = (token: string, body?: unknown): Asked => ({ token, ...(body !== undefined && { body }) });

  const created = await client.ask('created', 'POST', '/v1/tokens', {
    ...as(adminToken, {
      name: 'ci',
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
      tier: 'unlimited',
    }),
    headers: { 'Idempotency-Key': 'once' },
  });
  await client.ask('created again', 'POST', '/v1/tokens', {
    ...as(adminToken, {
      name: 'ci',
      permissions: ['servers:read'],
      owner: { external_id: 'user-42' },
      tier: 'unlimited',
    }),
    headers: { 'Idempotency-Key': 'once' },
  });
  const first = created.value as string;
  await client.ask('used', 'GET', '/v1/auth/test', as(first));
  await client.ask('verified', 'POST', '/v1/tokens/verify', as(adminToken, { token: first, all_of: ['servers:read'] }));
  await client.ask('refused', 'POST', '/v1/tokens/verify', as(adminToken, { token: first, all_of: ['servers:write'] }));
  const lines = { headers: [['Authorization', `Bearer ${first}`]], target: `/?token=${first}`, all_of: [] };
  await client.ask('verified by its lines', 'POST', '/v1/tokens/verify', as(adminToken, lines));
  await client.ask('asked in two ways', 'POST', '/v1/tokens/verify', as(adminToken, { ...lines, token: first }));
  const rotated = await client.ask('rotated', 'POST', '/v1/tokens/current/rotate', as(first, { grace_period: '1h' }));
  const second = rotated.new_key.value as string;
  // Sealed under the first one now: the stored copy must not be readable.
  const whileSealed = filesBelow(installation.folder);
  await client.ask('rotated again', 'POST', '/v1/tokens/current/rotate', as(first, { grace_period: '1h' }));
  await client.ask('successor used', 'GET', '/v1/auth/test', as(second));
  const managed = await client.ask('managed', 'POST', `/v1/tokens/${rotated.new_key.id}/rotate`, as(adminToken, {}));
  const third = managed.new_key.value as string;
  for (const token of [adminToken, first, third]) await mishandle(client, token);
  for (const path of ['/v1/tokens', `/v1/tokens/${created.id}`, `/v1/tokens/${created.id}/usage`]) {
    await client.ask(`read ${path}`, 'GET', path, as(adminToken));
  }
  await client.ask('audit', 'GET', '/v1/audit-events?limit=100', as(adminToken));
  const denials = await client.ask('denials', 'GET', '/v1/denials?limit=100', as(adminToken));
  expect(denials.data.length).toBeGreaterThan(20);
  for (const { request_id } of denials.data) {
    await client.ask(`denial ${request_id}`, 'GET', `/v1/denials/${request_id}`, as(adminToken));
  }
  await client.ask('described', 'GET', '/openapi.json');
  await client.ask('measured', 'GET', '/metrics');
  await client.ask('revoked', 'DELETE', `/v1/tokens/${managed.new_key.id}?reason=done`, as(adminToken));
  const backup = await installation.json(['backup', join(installation.folder, 'copy.sqlite')]);
  expect(backup).toBeDefined();
  const whileRunning = filesBelow(installation.folder);
  const end = await server.process.stop('SIGTERM');
  const said: Trace[] = [
    { where: 'standard output', bytes: Buffer.from(server.process.stdout()) },
    { where: 'standard error', bytes: Buffer.from(server.process.stderr()) },
  ];
  expect(end).toBeDefined();
  const everything = [...client.traces, ...whileSealed, ...whileRunning, ...filesBelow(installation.folder), ...said];

  expect(tracesOf(first, everything)).toEqual(['created']);
  expect(tracesOf(second, everything)).toEqual(['rotated', 'rotated again']);
  expect(tracesOf(third, everything)).toEqual(['managed']);
  expect(tracesOf(adminToken, everything)).toEqual([]);
  expect(tracesOf(PASSWORD, everything)).toEqual([]);
  expect(server.process.stderr(), 'what was logged').toContain('token_in_url');
});

/**
 * Introspection as stock resource servers ask it. Prevents an endpoint that answers our own requests only: here the requests
 * are those of libraries that know nothing of Keyhouse.
 */
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createProbe } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyhouse, type Keyhouse } from '../../src/index.ts';
import { introspectToken, revokeToken } from '../../src/manage/index.ts';
import { becomeAdmin, externalToken } from '../../src/testing/cast.ts';
import { testEngine } from '../../src/testing/engine.ts';
import { exchange } from '../http/raw-socket.ts';
import { eventually } from '../services/deadline.ts';
import { pythonWithAuthlib, suiteNeeding } from '../services/leftover.ts';
import { requireDatabase } from '../services/postgres.ts';
import { runProcess, startProcess } from '../services/process.ts';
import { type Served, serveKeyhouse } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serveKeyhouse();
});
afterAll(() => served.close());

describe('a Spring resource server with opaque tokens', () => {
  /** What SpringOpaqueTokenIntrospector sends through RestTemplate and the JDK's client, byte for byte. */
  async function introspect(token: string, clientId: string, clientSecret: string) {
    const { port } = new URL(served.api);
    const body = `token=${token}`;
    const lines = [
      'POST /oauth/introspect HTTP/1.1',
      'Accept: application/json',
      'Content-Type: application/x-www-form-urlencoded;charset=UTF-8',
      `Authorization: Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'User-Agent: Java/17.0.15',
      `Host: 127.0.0.1:${port}`,
      'Connection: keep-alive',
      `Content-Length: ${body.length}`,
      '',
      body,
    ];
    const { statuses, text } = await exchange(Number(port), lines.join('\r\n'), { answers: 1 });
    const [head = '', json = ''] = text.split('\r\n\r\n');
    return { status: statuses[0], head, json: JSON.parse(json) as Record<string, unknown> };
  }

  it('gets the attributes it converts: a scope to split, instants as numbers, and nothing it would stumble over', async () => {
    const { id, value } = await served.mint({ permissions: ['servers:read', 'servers:write'], expires_in: '1h' });
    const { status, json } = await introspect(value, served.door.id, served.door.value);
    expect(status).toBe(200);
    expect(json).toMatchObject({ active: true, scope: 'servers:read servers:write', client_id: id, jti: id });
    expect([typeof json.exp, typeof json.iat, typeof json.sub]).toEqual(['number', 'number', 'string']);
    expect(json).not.toHaveProperty('nbf');
    expect(json).not.toHaveProperty('aud');
  });

  it('learns only that a revoked token is not active, and takes a wrong secret for a fault and not for a bad token', async () => {
    const { id, value } = await served.mint();
    await served.keyhouse.tokens.revoke({ id });
    const revoked = await introspect(value, served.door.id, served.door.value);
    expect([revoked.status, revoked.json]).toEqual([200, { active: false }]);
    const wrong = await introspect(value, served.door.id, value);
    expect([wrong.status, wrong.json.error]).toEqual([401, 'invalid_client']);
    expect(wrong.head).toMatch(/^WWW-Authenticate: Basic realm="/m);
  });
});

suiteNeeding('python-authlib', 'a Python client with Authlib', () => {
  const PROGRAM = `
import json, os, sys
os.environ['AUTHLIB_INSECURE_TRANSPORT'] = '1'
from authlib.integrations.requests_client import OAuth2Session
client = OAuth2Session(sys.argv[2], sys.argv[3], token_endpoint_auth_method='client_secret_basic')
for token in sys.argv[4:]:
    answer = client.introspect_token(sys.argv[1] + '/oauth/introspect', token=token, token_type_hint='access_token')
    print(json.dumps([answer.status_code, answer.json()]))
`;

  it('is told of tokens as its own method asks', async () => {
    const good = await served.mint();
    const restricted = await served.mint({ ip_allowlist: ['203.0.113.9'] });
    const { id, value } = served.door;
    const args = ['-c', PROGRAM, served.api, id, value, good.value, restricted.value, 'nothing'];
    const { code, stdout, stderr } = await runProcess(pythonWithAuthlib() ?? 'python3', args);
    expect([code, stderr]).toEqual([0, '']);
    const [first, ...others] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject([200, { active: true, scope: 'servers:read', token_type: 'Bearer', jti: good.id }]);
    expect(others).toEqual([
      [200, { active: false }],
      [200, { active: false }],
    ]);
  });
});

suiteNeeding(['apache-openidc', 'openssl'], 'Apache with mod_auth_openidc as a resource server', () => {
  it('lets in who has the scope, refuses everybody else, and nobody gets in while Keyhouse is down', {
    timeout: 60_000,
  }, async () => {
    const house = await serveKeyhouse();
    const at = (name: string) => join(house.folder, name);
    const openssl = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ];
    const files = [
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      at('key.pem'),
      '-out',
      at('cert.pem'),
    ];
    expect((await runProcess('openssl', [...openssl, ...files])).code).toBe(0);
    const tls = { key: readFileSync(at('key.pem')), cert: readFileSync(at('cert.pem')) };
    const secure = createServer(tls, house.keyhouse.nodeHandler).listen(0, '127.0.0.1');
    await once(secure, 'listening');
    const port = await freePort();
    mkdirSync(at('www'));
    writeFileSync(at('www/servers'), 'the servers');
    // Its workers are another user.
    for (const path of [house.folder, at('www')]) chmodSync(path, 0o755);
    const introspection = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/oauth/introspect`;
    writeFileSync(at('httpd.conf'), apacheConf({ port, folder: house.folder, introspection, door: house.door }));
    const apache = await startProcess('apache2', ['-f', at('httpd.conf'), '-DFOREGROUND']);
    const ask = async (...tokens: string[]) => {
      const headers = new Headers();
      for (const token of tokens) headers.append('Authorization', `Bearer ${token}`);
      const answer = await fetch(`http://127.0.0.1:${port}/servers`, { headers });
      return { status: answer.status, text: await answer.text() };
    };
    try {
      await eventually(async () => (await ask()).status === 401, 20_000, 'Apache answers');
      const { id, value } = await house.mint();
      expect(await ask(value)).toEqual({ status: 200, text: 'the servers' });
      const writer = await house.mint({ permissions: ['servers:write'] });
      for (const refused of [[writer.value], ['kh_live_0000000000000000000000000000000z'], ['x'], [value, value]]) {
        const { status, text } = await ask(...refused);
        expect([401, 403]).toContain(status);
        expect(text).not.toContain('the servers');
      }
      await house.keyhouse.tokens.revoke({ id });
      expect((await ask(value)).status, 'row 27: at once').toBe(401);
      const other = await house.mint();
      expect((await ask(other.value)).status).toBe(200);
      secure.close();
      secure.closeAllConnections();
      const down = await ask(other.value);
      expect(down.status).toBeGreaterThanOrEqual(400);
      expect(down.text).not.toContain('the servers');
    } finally {
      await apache.stop();
      secure.close();
      secure.closeAllConnections();
      await house.close();
    }
  });
});

describe('an application with Keyhouse inside', () => {
  it('introspects by itself, and through the process that owns the data folder', async () => {
    const attached: Keyhouse = await createKeyhouse({ dataDir: join(served.folder, 'data'), attach: true });
    try {
      const { id, value } = await served.mint();
      for (const keyhouse of [served.keyhouse, attached]) {
        expect(await keyhouse.tokens.introspect({ token: value })).toMatchObject({ active: true, jti: id });
        const asked = { token: value, required_scope: 'servers:write', cost: 0 };
        expect(await keyhouse.tokens.introspect(asked)).toMatchObject({ active: false, missing: ['servers:write'] });
        const answer = await keyhouse.handler(
          new Request('http://localhost/oauth/introspect', {
            method: 'POST',
            headers: { Authorization: `Basic ${btoa(`${served.door.id}:${served.door.value}`)}` },
            body: new URLSearchParams({ token: value }),
          }),
        );
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ active: true, jti: id });
      }
    } finally {
      await attached.close();
    }
  });
});

suiteNeeding('postgresql', 'introspection on PostgreSQL', () => {
  it('says the same, and of a revoked token at once', async () => {
    const database = await requireDatabase();
    const house = await testEngine({ databaseUrl: database.url });
    try {
      await becomeAdmin(house);
      const { token, value } = await externalToken(house, { externalId: 'u', workspace: 'w', may: ['servers:read'] });
      const ask = () => house.asHost(introspectToken, { token: value });
      expect(await ask()).toMatchObject({ active: true, jti: token.id, scope: 'servers:read' });
      await house.asHost(revokeToken, { id: token.id });
      expect(await ask()).toEqual({ active: false });
    } finally {
      await house.close();
      await database.drop();
    }
  });
});

async function freePort(): Promise<number> {
  const probe = createProbe().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  const closed = once(probe, 'close');
  probe.close();
  await closed;
  return port;
}

interface Apache {
  readonly port: number;
  readonly folder: string;
  readonly introspection: string;
  readonly door: Served['door'];
}

function apacheConf({ port, folder, introspection, door }: Apache): string {
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_openidc'];
  return `
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/httpd.pid
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
${modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ErrorLog ${folder}/error.log
DocumentRoot ${folder}/www
OIDCCABundlePath ${folder}/cert.pem
OIDCOAuthIntrospectionEndpoint ${introspection}
OIDCOAuthIntrospectionEndpointAuth client_secret_basic
OIDCOAuthClientID ${door.id}
OIDCOAuthClientSecret ${door.value}
OIDCOAuthTokenIntrospectionInterval -1
OIDCOAuthRemoteUserClaim sub
<Location /servers>
  AuthType oauth20
  Require claim "scope:servers:read"
</Location>
`;
}

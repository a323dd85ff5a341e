import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORM } from '../http/bare.ts';
import { answerOf, compare, rowOf } from '../http/compare.ts';
import type { Framework, KeyhouseRole } from '../http/role.ts';
import { OTHERS, startServer } from '../http/running-server.ts';
import type { LoadRequest } from '../http/wrk.ts';
import type { Row } from '../row.ts';
import { ADDRESS, type SeededFolder } from '../seeded-engine.ts';
import { pythonDoors } from './python-doors.ts';

/** Every door against the same server without the check, in turn, on one machine (the rows of the targets over HTTP). */
export async function overHttp(folder: SeededFolder): Promise<Row[]> {
  const { dataDir, tokens, verifier } = folder;
  const verifying = tokens.map((token): LoadRequest => {
    const body = JSON.stringify({ token, all_of: ['servers:read'], ip: ADDRESS });
    return { method: 'POST', path: '/v1/tokens/verify', token: verifier, body };
  });
  const asking = gets('/forward-auth/needs/servers:read', tokens).map((one) => ({ ...one, headers: FORWARDED }));
  const serving = gets('/v1/servers', tokens);
  const keyhouse = { is: 'keyhouse', dataDir, upstream: null, warmedBy: null, isBehindProxy: false } as const;
  const rows = [
    await doorRow('GET /v1/auth/test', keyhouse, gets('/v1/auth/test', tokens), 0.9),
    await doorRow('/forward-auth, with the permission in its path', { ...keyhouse, isBehindProxy: true }, asking, 0.9),
    await doorRow('POST /v1/tokens/verify, two decisions (caller and token)', keyhouse, verifying, 0.8),
    await gatewayRow(keyhouse, serving),
  ];
  rows.push(...(await introspection(keyhouse, folder)));
  for (const framework of FRAMEWORKS) rows.push(await frameworkRow(framework, dataDir, serving));
  rows.push(...(await pythonDoors(keyhouse, folder, serving)));
  return rows;
}

/** The first row again where all of these tokens are in memory. A tenth of them take turns: the load has to fit into `wrk`. */
export async function overHttpWithMany({ dataDir, tokens }: SeededFolder): Promise<Row[]> {
  const many = tokens.length.toLocaleString('en');
  const warmedBy = join(dataDir, 'tokens-to-warm');
  writeFileSync(warmedBy, `${tokens.join('\n')}\n`);
  const keyhouse = { is: 'keyhouse', dataDir, upstream: null, warmedBy, isBehindProxy: false } as const;
  const testing = gets('/v1/auth/test', tokens.slice(0, tokens.length / 10));
  return [await doorRow(`GET /v1/auth/test with ${many} tokens in memory`, keyhouse, testing, 0.9)];
}

const FRAMEWORKS: readonly Framework[] = ['Express', 'Fastify', 'Hono'];

/** What a proxy says of the request that it asks about. */
const FORWARDED = { 'X-Forwarded-For': ADDRESS, 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': '/v1/servers' };

function gets(path: string, tokens: readonly string[]): LoadRequest[] {
  return tokens.map((token) => ({ method: 'GET', path, token, body: null }));
}

/** A door of a listener against a server that does nothing but send the same. */
export async function doorRow(
  door: string,
  role: KeyhouseRole,
  requests: readonly LoadRequest[],
  least: number | null,
): Promise<Row> {
  const keyhouse = await startServer(role);
  try {
    const answer = await answerOf(keyhouse, requests[0] as LoadRequest);
    const reads = requests[0]?.body === null ? '' : ', after reading and parsing the same body';
    const compared = await compare(keyhouse, await startServer({ is: 'bare', answer }), requests);
    return rowOf(door, `a bare node:http server that sends the same headers and bytes${reads}`, least, compared);
  } finally {
    await keyhouse.stop();
  }
}

async function gatewayRow(role: KeyhouseRole, requests: readonly LoadRequest[]): Promise<Row> {
  const answer = { headers: ['Content-Type', 'application/json'], body: '{"servers":[{"name":"web-1"}]}' };
  const upstream = await startServer({ is: 'bare', answer }, OTHERS);
  const gateway = await startServer({ ...role, upstream: upstream.url });
  try {
    const compared = await compare(gateway, await startServer({ is: 'bare proxy', upstream: upstream.url }), requests);
    return rowOf('the gateway', 'a bare proxy of node:http in front of the same upstream', null, compared);
  } finally {
    await gateway.stop();
    await upstream.stop();
  }
}

async function frameworkRow(framework: Framework, dataDir: string, requests: readonly LoadRequest[]): Promise<Row> {
  const checked = await startServer({ is: 'application', framework, dataDir });
  try {
    const compared = await compare(
      checked,
      await startServer({ is: 'application', framework, dataDir: null }),
      requests,
    );
    return rowOf(`the check in an application with ${framework}`, 'the same application without it', 0.9, compared);
  } finally {
    await checked.stop();
  }
}

const FORM_LINE = { 'Content-Type': FORM };

/** As any OAuth client asks, and with everything that our own parameters can ask about one request. */
async function introspection(role: KeyhouseRole, { tokens, verifier, verifierId }: SeededFolder): Promise<Row[]> {
  const asking = (further: string, headers: Readonly<Record<string, string>>) =>
    tokens.map((token): LoadRequest => {
      const body = `token=${token}${further}`;
      return {
        method: 'POST',
        path: '/oauth/introspect',
        token: verifier,
        body,
        headers: { ...FORM_LINE, ...headers },
      };
    });
  const basic = `Basic ${Buffer.from(`${verifierId}:${verifier}`).toString('base64')}`;
  const aboutRequest = `&client_ip=${ADDRESS}&required_scope=servers%3Aread&cost=1`;
  const door = 'POST /oauth/introspect';
  return [
    await doorRow(`${door}, facts, for a client with HTTP Basic`, role, asking('', { Authorization: basic }), null),
    await doorRow(`${door}, about a request, for a bearer`, role, asking(aboutRequest, {}), null),
  ];
}

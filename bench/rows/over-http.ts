import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixedAnswer, Framework, KeyhouseRole, Role } from '../http/role.ts';
import { OTHERS, type RunningServer, startServer } from '../http/running-server.ts';
import { Load, type LoadRequest } from '../http/wrk.ts';
import type { Row } from '../row.ts';
import { ADDRESS, type SeededFolder } from '../seeded-engine.ts';
import { round } from './cached-decision.ts';

const ROUNDS = 7;
const ROUND_SECONDS = 1;

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
  for (const framework of FRAMEWORKS) rows.push(await frameworkRow(framework, dataDir, serving));
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

async function doorRow(
  door: string,
  role: KeyhouseRole,
  requests: readonly LoadRequest[],
  least: number,
): Promise<Row> {
  const keyhouse = await startServer(role);
  try {
    const answer = await answerOf(keyhouse, requests[0] as LoadRequest);
    const reads = requests[0]?.body === null ? '' : ', after reading and parsing the same body';
    const compared = await compare(keyhouse, { is: 'bare', answer }, requests);
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
    const compared = await compare(gateway, { is: 'bare proxy', upstream: upstream.url }, requests);
    return rowOf('the gateway', 'a bare proxy of node:http in front of the same upstream', null, compared);
  } finally {
    await gateway.stop();
    await upstream.stop();
  }
}

async function frameworkRow(framework: Framework, dataDir: string, requests: readonly LoadRequest[]): Promise<Row> {
  const checked = await startServer({ is: 'application', framework, dataDir });
  try {
    const compared = await compare(checked, { is: 'application', framework, dataDir: null }, requests);
    return rowOf(`the check in a ${framework} application`, 'the same application without it', 0.9, compared);
  } finally {
    await checked.stop();
  }
}

const ADDED_BY_NODE: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

/** What the yardstick is to send: exactly what Keyhouse sends. */
async function answerOf(
  { url }: RunningServer,
  { method, path, token, body, headers }: LoadRequest,
): Promise<FixedAnswer> {
  const response = await fetch(url + path, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body,
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const lines = [...response.headers].filter(([name]) => !ADDED_BY_NODE.has(name));
  return { headers: lines.flat(), body: await response.text() };
}

interface Side {
  readonly perSecond: number;
  readonly p99Micros: number;
  /** CPU time of the server process for one request. */
  readonly cpuMicros: number;
}

interface Compared {
  readonly ours: Side;
  readonly yardstick: Side;
  /** Median over the rounds of ours by its neighbour's. */
  readonly speed: number;
  readonly cpu: number;
  readonly p99: number;
}

async function compare(server: RunningServer, yardstick: Role, requests: readonly LoadRequest[]): Promise<Compared> {
  const other = await startServer(yardstick);
  const load = new Load(requests);
  try {
    const sides: [Side, Side][] = [];
    await measureSide(server, load);
    await measureSide(other, load);
    for (let at = 0; at < ROUNDS; at++) sides.push([await measureSide(server, load), await measureSide(other, load)]);
    const ratio = (name: keyof Side) => median(sides.map(([ours, theirs]) => ours[name] / theirs[name]));
    return {
      ours: medianSide(sides.map(([ours]) => ours)),
      yardstick: medianSide(sides.map(([, theirs]) => theirs)),
      speed: ratio('perSecond'),
      cpu: ratio('cpuMicros'),
      p99: ratio('p99Micros'),
    };
  } finally {
    load.remove();
    await other.stop();
  }
}

async function measureSide(server: RunningServer, load: Load): Promise<Side> {
  const before = await server.cpuMicros();
  const { requests, perSecond, p99Micros } = await load.run(server.url, ROUND_SECONDS);
  return { perSecond, p99Micros, cpuMicros: ((await server.cpuMicros()) - before) / requests };
}

function medianSide(sides: readonly Side[]): Side {
  return {
    perSecond: median(sides.map(({ perSecond }) => perSecond)),
    p99Micros: median(sides.map(({ p99Micros }) => p99Micros)),
    cpuMicros: median(sides.map(({ cpuMicros }) => cpuMicros)),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function rowOf(work: string, yardstick: string, least: number | null, compared: Compared): Row {
  const { ours, yardstick: theirs, speed, cpu, p99 } = compared;
  return {
    work: `${work}, over HTTP`,
    yardstick,
    target: least === null ? 'reported' : `≥ ${least} × requests/s, p99 ≤ 1.25 ×`,
    measured: `${speed.toFixed(2)} × requests/s, p99 ${p99.toFixed(2)} ×, CPU per request ${cpu.toFixed(2)} ×`,
    isMet: least === null ? null : speed >= least && p99 <= 1.25,
    figures: {
      requests_per_second: round(ours.perSecond),
      yardstick_requests_per_second: round(theirs.perSecond),
      requests_per_core_second: round(1e6 / ours.cpuMicros),
      cpu_us: Number(ours.cpuMicros.toFixed(1)),
      yardstick_cpu_us: Number(theirs.cpuMicros.toFixed(1)),
      p99_us: round(ours.p99Micros),
      yardstick_p99_us: round(theirs.p99Micros),
    },
  };
}

/** One process of the proof about memory: a listener's door without its sockets, asked what nobody asked before. */
import { once } from 'node:events';
import { createHttpHandler, type DoorRequest, doorEngine } from '../../src/http/index.ts';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { openSeeded } from '../seeded-engine.ts';
import type { MemoryWork } from './memory.ts';

const CACHED_MAX = 100_000;
const AT_ONCE = 200;
const LINES = 20;
const FORMAT = { prefix: 'kh', environments: ['live', 'test'] as const };

const [{ dataDir, tokens, millions }] = (await once(process, 'message')) as [MemoryWork];
const opened = await openSeeded(dataDir, CACHED_MAX);
const { authenticator, usage, denials } = opened.engine;
const trusted = parseIpAllowlist(['127.0.0.0/8']);
const { answer } = createHttpHandler({
  engine: doorEngine(opened.engine),
  trust: { trustedProxies: trusted.ok ? trusted.list : null, header: 'x-forwarded-for' },
  // A lookup that does not get its turn is a 503, and counted among the answers.
  log: { fault: () => {}, securityEvent: () => {} },
  metrics: null,
  readiness: opened.readiness,
  environments: ['live'],
  prefix: '',
  version: '',
  serves: () => true,
  forwardAuth: { method: 'x-forwarded-method', uri: 'x-forwarded-uri' },
});

const total = Math.round(millions * 1e6);
const resident: number[] = [];
const statuses = new Map<number, number>();
console.log('    inputs   resident      heap   cached  sources  unknown  uses pending  denials pending');
for (let sent = 0; sent < total; sent += AT_ONCE) {
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => answer(input(sent + at))));
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  // What is written every two seconds has its turn.
  await new Promise(setImmediate);
  if (Math.floor((sent + AT_ONCE) / (total / LINES)) > resident.length) report(sent + AT_ONCE);
}
const half = resident.slice(0, LINES / 2);
const rest = resident.slice(LINES / 2);
const growth = Math.max(...rest) / Math.max(...half) - 1;
console.log(`most in the second half against most in the first: ${(growth * 100).toFixed(1)} %`);
console.log(
  `answers: ${[...statuses].map(([status, count]) => `${status} × ${count.toLocaleString('en')}`).join(', ')}`,
);
await opened.close();
process.disconnect();

/** Six kinds in turn; no two inputs of a run are the same but for stored tokens, of which there are more than are kept. */
function input(at: number): DoorRequest {
  const unknown = () => generateToken(FORMAT, 'token', 'live', systemRandom);
  const four = `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
  const six = `2001:db8:${((at >> 16) & 0xffff).toString(16)}:${(at & 0xffff).toString(16)}::1`;
  switch (at % 6) {
    case 0:
      return request(unknown(), four, `/v1/servers/${at}`);
    case 1:
      return request(unknown(), six, `/v1/servers/${at}`);
    case 2:
      return request(unknown(), '198.51.100.7', `/v1/servers/${at}`);
    case 3:
      return request(`${unknown().slice(0, -1)}-`, four, `/v1/servers/${at}`);
    case 4:
      // Good, and asked for more than it may: refused after it was recognised.
      return request(stored(at), '203.0.113.9', `/v1/servers/${at}`, 'servers:write');
    default:
      return request(stored(at), '203.0.113.9', `/v1/servers/${at}`);
  }
}

function stored(at: number): string {
  return tokens[(at * 7919) % tokens.length] as string;
}

function request(token: string, from: string, path: string, needs = 'servers:read'): DoorRequest {
  const lines = { Host: '127.0.0.1', Authorization: `Bearer ${token}`, 'X-Forwarded-For': from };
  const asked = { 'X-Forwarded-Method': 'GET', 'X-Forwarded-Uri': path, 'User-Agent': `client of ${path}` };
  const rawHeaders = Object.entries({ ...lines, ...asked }).flat();
  return { method: 'GET', target: `/forward-auth/needs/${needs}`, rawHeaders, peer: '127.0.0.1', body: null };
}

function report(sent: number): void {
  const { rss, heapUsed } = process.memoryUsage();
  resident.push(rss);
  const { failureSources, unknownTexts } = authenticator.pressure;
  const figures: [number | string, number][] = [
    [sent, 10],
    [mib(rss), 10],
    [mib(heapUsed), 9],
    [authenticator.cachedTokens, 8],
    [failureSources, 8],
    [unknownTexts, 8],
    [usage.pending, 13],
    [denials.pending, 16],
  ];
  console.log(figures.map(([figure, width]) => figure.toLocaleString('en').padStart(width)).join(' '));
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

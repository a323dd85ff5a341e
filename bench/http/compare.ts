import type { Row } from '../row.ts';
import { round } from '../rows/cached-decision.ts';
import type { FixedAnswer } from './role.ts';
import type { MeasuredServer } from './running-server.ts';
import { Load, type LoadRequest } from './wrk.ts';

const ROUNDS = 7;
const ROUND_SECONDS = 1;

interface Side {
  readonly perSecond: number;
  readonly p99Micros: number;
  /** CPU time of the server process for one request. */
  readonly cpuMicros: number;
}

export interface Compared {
  readonly ours: Side;
  readonly yardstick: Side;
  /** Median over the rounds of ours by its neighbour's. */
  readonly speed: number;
  readonly cpu: number;
  readonly p99: number;
}

/** Ours and the yardstick under the same load, in turn, a second at a time. The yardstick is stopped afterwards. */
export async function compare(
  server: MeasuredServer,
  other: MeasuredServer,
  requests: readonly LoadRequest[],
): Promise<Compared> {
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

async function measureSide(server: MeasuredServer, load: Load): Promise<Side> {
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

/** @param least the target in requests/s as a share of the yardstick's; null where none was set. */
export function rowOf(work: string, yardstick: string, least: number | null, compared: Compared): Row {
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

const ADDED_BY_NODE: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive']);

/** What the yardstick is to send: exactly what Keyhouse sends. */
export async function answerOf(
  { url }: MeasuredServer,
  { method, path, token, body, headers }: LoadRequest,
): Promise<FixedAnswer> {
  const sent = new Headers({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
  for (const [name, value] of Object.entries(headers ?? {})) sent.set(name, value);
  const response = await fetch(url + path, { method, headers: sent, body });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const lines = [...response.headers].filter(([name]) => !ADDED_BY_NODE.has(name));
  return { headers: lines.flat(), body: await response.text() };
}

import { generateToken, systemRandom } from '../../src/token/index.ts';
import { type RunningServer, startServer } from '../http/running-server.ts';
import { hasWrk, Load, type LoadRequest, type LoadResult, type LoadShape } from '../http/wrk.ts';
import type { Amounts } from '../proofs.ts';
import { ADDRESS, seedFolder } from '../seeded-engine.ts';

const FORMAT = { prefix: 'kh', environments: ['live', 'test'] as const };
const DISTINCT = 100_000;
const FLOODER = '198.51.100.7';
/** Some 2,000 requests a second of those who hold tokens. */
const VALID: LoadShape = { connections: 32, pauseMs: 16 };
const PACES: Readonly<Record<string, LoadShape>> = {
  'some 8,000 a second': { connections: 64, pauseMs: 8 },
  'as fast as it is answered': { connections: 64 },
};

/**
 * How long those who hold tokens wait while others flood the same process: against how long they wait alone, and beside as
 * many more good requests, which is what a machine of this size makes of that many.
 */
export async function floods({ seconds }: Amounts): Promise<void> {
  if (!hasWrk()) throw new Error('wrk is not installed');
  const folder = await seedFolder(1_000, 'roomy');
  const { dataDir, tokens } = folder;
  const server = await startServer({ is: 'keyhouse', dataDir, upstream: null, warmedBy: null, isBehindProxy: true });
  const good = () => new Load(tokens.map((token) => asked(token, ADDRESS)));
  const valid = good();
  const texts = (text: (index: number) => string, from: (index: number) => string) =>
    new Load(Array.from({ length: DISTINCT }, (_, index) => asked(text(index), from(index))));
  const unknown = () => generateToken(FORMAT, 'token', 'live', systemRandom);
  const others: readonly [string, Load, isRefused: boolean][] = [
    ['good requests', good(), false],
    ['wrong checksums', texts(mistyped, () => FLOODER), true],
    ['unknown tokens, one address', texts(unknown, () => FLOODER), true],
    ['unknown tokens, 100,000 addresses', texts(unknown, addressOf), true],
  ];
  try {
    await valid.run(server.url, seconds, VALID);
    const alone = await valid.run(server.url, seconds, VALID);
    console.log(`those who hold tokens, alone: ${perSecond(alone)}, p99 ${ms(alone.p99Micros)}`);
    for (const [pace, shape] of Object.entries(PACES)) {
      console.log(`beside them, ${pace}:`);
      let control: LoadResult | null = null;
      for (const [what, load, isRefused] of others) {
        const { own, other, reads } = await together(server, valid, load, seconds, { ...shape, isRefused });
        control ??= own;
        console.log(
          `  ${what.padEnd(34)} ${perSecond(other)}   p99 of the others ${ms(own.p99Micros)} = ` +
            `${(own.p99Micros / alone.p99Micros).toFixed(2)} × alone, ` +
            `${(own.p99Micros / control.p99Micros).toFixed(2)} × beside good requests   store reads ${reads.toLocaleString('en')}`,
        );
      }
    }
  } finally {
    for (const load of [valid, ...others.map(([, one]) => one)]) load.remove();
    await server.stop();
    folder.remove();
  }
}

async function together(server: RunningServer, valid: Load, flood: Load, seconds: number, shape: LoadShape) {
  const before = (await server.spent()).storeReads;
  // The flood begins first and ends last; wrk counts from its own first request.
  const [other, own] = await Promise.all([
    flood.run(server.url, seconds + 2, shape),
    valid.run(server.url, seconds, VALID),
  ]);
  return { own, other, reads: (await server.spent()).storeReads - before };
}

function asked(token: string, from: string): LoadRequest {
  return { method: 'GET', path: '/v1/auth/test', token, body: null, headers: { 'X-Forwarded-For': from } };
}

function mistyped(): string {
  const text = generateToken(FORMAT, 'token', 'live', systemRandom);
  return `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
}

function addressOf(index: number): string {
  return `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
}

function perSecond({ perSecond: rate }: LoadResult): string {
  return `${Math.round(rate).toLocaleString('en').padStart(6)}/s`;
}

function ms(micros: number): string {
  return `${(micros / 1000).toFixed(2)} ms`;
}

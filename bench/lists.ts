/**
 * node bench/lists.ts [--tokens 100000 --usage 1000000 --database postgres]: how long the overview and the lists of the
 * dashboard take in the server, the use case with its database, beside reading one token the same way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Caller, listTokens, localCaller, perform, readOverview, readToken } from '../src/manage/index.ts';
import type { OpenedEngine } from '../src/server/open-engine.ts';
import { startCluster } from '../test/services/postgres-cluster.ts';
import { addCrowd, type Crowd } from './crowd.ts';
import { openBare } from './seeded-engine.ts';

const ROUNDS = 9;
const OVERVIEW_MAX_MS = 100;
const LIST_MAX_MS = 50;

interface Read {
  readonly what: string;
  readonly targetMs: number | null;
  readonly run: () => Promise<unknown>;
}

const { values } = parseArgs({
  options: {
    tokens: { type: 'string', default: '100000' },
    usage: { type: 'string', default: '1000000' },
    database: { type: 'string', default: 'sqlite' },
  },
});
const sizes = { tokenCount: Number(values.tokens), usageRows: Number(values.usage) };
if (!Number.isSafeInteger(sizes.tokenCount) || sizes.tokenCount < 1_000)
  throw new TypeError('--tokens takes a number from 1000');
if (!Number.isSafeInteger(sizes.usageRows) || sizes.usageRows < 0) throw new TypeError('--usage takes a number');
if (!['sqlite', 'postgres'].includes(values.database)) throw new TypeError('--database takes sqlite or postgres');

const folder = mkdtempSync(join(tmpdir(), 'keyhouse-lists-'));
const cluster = values.database === 'postgres' ? await startCluster() : null;
try {
  const opened = await openBare(join(folder, 'data'), cluster?.url ?? null);
  try {
    process.stderr.write(`seeding ${values.tokens} tokens and ${values.usage} rows of usage …\n`);
    await table(await readsOf(opened, await addCrowd(opened, sizes)));
  } finally {
    await opened.close();
  }
} finally {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function readsOf({ engine }: OpenedEngine, crowd: Crowd): Promise<readonly Read[]> {
  const everywhere = localCaller('operator', { ip: null, requestId: 'req_bench', idempotencyKey: null });
  const inLargest: Caller = { ...everywhere, reach: { workspaceId: crowd.largestWorkspaceId } };
  const overview = (period: '24h' | '7d' | '30d', caller: Caller, whose: string): Read => ({
    what: `overview of ${period}, ${whose}`,
    targetMs: OVERVIEW_MAX_MS,
    // What took long is kept for the same store: each round asks in the name of another.
    run: () => perform(readOverview, { ...engine, store: { ...engine.store } }, caller, { period }),
  });
  const list = (input: Parameters<typeof listTokens.run>[2] | object, caller = everywhere, whose = ''): Read => ({
    what: `list ${Object.entries(input)
      .filter(([name]) => name !== 'cursor')
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}${'cursor' in input ? ' in the middle' : ''}${whose}`,
    targetMs: LIST_MAX_MS,
    run: () => perform(listTokens, engine, caller, { limit: 25, ...input }),
  });
  const { data } = await perform(listTokens, engine, everywhere, { limit: 25 });
  const middle = async (input: object): Promise<object> => {
    let cursor: string | null = null;
    for (let page = 0; page < 40; page++) {
      const more: object = cursor === null ? {} : { cursor };
      cursor = (await perform(listTokens, engine, everywhere, { limit: 100, ...input, ...more })).next_cursor ?? cursor;
    }
    return { ...input, limit: 100, cursor };
  };
  const sorts = ['newest', 'oldest', 'name', 'last_used', 'expires'] as const;
  const filters: readonly object[] = [
    { state: 'revoked' },
    { state: 'disabled' },
    { state: 'expired' },
    { state: 'replaced' },
    { state: 'superseded' },
    { live: 'true', unused_for: '90d' },
    { live: 'true', expires_within: '30d' },
    { live: 'true', owner_ended: 'true' },
    { live: 'true', never_expires: 'true' },
    { live: 'true', environment: 'test' },
    { live: 'true', search: 'deploys 77' },
    { live: 'true', search: 'nothing is called so' },
    { owner_id: crowd.someOwnerId },
  ];
  return [
    {
      what: 'read one token',
      targetMs: null,
      run: () => perform(readToken, engine, everywhere, { id: data[0]?.id ?? '' }),
    },
    ...(['24h', '7d', '30d'] as const).map((period) => overview(period, everywhere, 'all tokens')),
    ...(['24h', '30d'] as const).map((period) => overview(period, inLargest, 'the largest workspace')),
    ...sorts.map((sort) => list({ sort, live: 'true' })),
    ...(await Promise.all(sorts.map(async (sort) => list(await middle({ sort, live: 'true' }))))),
    ...filters.map((filter) => list(filter)),
    ...sorts.map((sort) => list({ sort, state: 'disabled' })),
    ...sorts.map((sort) => list({ sort, live: 'true', search: 'nothing is called so' })),
    ...sorts.map((sort) => list({ sort, live: 'true' }, inLargest, ', the largest workspace')),
  ];
}

async function table(reads: readonly Read[]): Promise<void> {
  console.log(`${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.version}, ${values.database}`);
  console.log(
    `load before: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')}\n`,
  );
  console.log('milliseconds: median of the rounds, the quickest of them, CPU time of this process for one\n');
  for (const { what, targetMs, run } of reads) {
    const took: number[] = [];
    await run();
    const before = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round++) {
      const began = performance.now();
      await run();
      took.push(performance.now() - began);
    }
    took.sort((a, b) => a - b);
    const { user, system } = process.cpuUsage(before);
    const median = took[Math.floor(ROUNDS / 2)] as number;
    const verdict = targetMs === null ? ' ' : median <= targetMs ? '✓' : '✗';
    const figures = [median, took[0] as number, (user + system) / 1_000 / ROUNDS];
    console.log(`${verdict} ${figures.map((ms) => ms.toFixed(1).padStart(7)).join(' ')}  ${what}`);
  }
}

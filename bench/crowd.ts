import { randomUUID } from 'node:crypto';
import { anonymousCaller, perform } from '../src/manage/index.ts';
import { issueSetupCode, setUp } from '../src/people/index.ts';
import type { OwnerRecord, Store, TokenRecord, UsageCount, UsageLog, WorkspaceRecord } from '../src/ports/index.ts';
import type { OpenedEngine } from '../src/server/open-engine.ts';
import { systemRandom } from '../src/server/system-clock.ts';
import { sampleMembership, sampleOwner, sampleToken, sampleWorkspace } from '../src/testing/sample-records.ts';
import { generateId } from '../src/token/index.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first workspace has a quarter of all; of the others each has so many owners. */
const OWNERS_PER_WORKSPACE = 40;
const TOKENS_PER_OWNER = 5;
const ROWS_PER_TRANSACTION = 2_000;
const HOURS = 30 * 24;
/** So many tokens are used every hour, if there are rows for it; on a day every twentieth of all has the other rows. */
const BUSY = 800;
const DAILY_SHARE = 20;

const NAMES = ['nightly deploys', 'monitoring', 'billing export', 'data warehouse sync', 'incident bot', 'status page'];

export interface Crowd {
  /** Who signs in at the dashboard. */
  readonly admin: { readonly email: string; readonly password: string };
  /** Value of the administrator's management token. */
  readonly token: string;
  readonly largestWorkspaceId: string;
  readonly someOwnerId: string;
}

/**
 * Fills an empty installation with what is there after two years: tokens in every state, owners of whom some have left, and so
 * many rows of counted uses in the last 30 days, most of them of few tokens. Straight into the store: a hundred thousand calls
 * of the API would come to the same.
 */
export async function addCrowd(
  { engine, store: { handle } }: OpenedEngine,
  { tokenCount, usageRows }: { readonly tokenCount: number; readonly usageRows: number },
): Promise<Crowd> {
  const admin = { email: 'ada@example.com', password: randomUUID() };
  const caller = anonymousCaller({ ip: null, requestId: 'req_bench', idempotencyKey: null });
  const code = await issueSetupCode(engine);
  const { token } = await perform(setUp, engine, caller, { code, ...admin, workspace: 'Provider' });
  const now = engine.clock.now();
  const homes = await addOwners(handle.store, Math.ceil(tokenCount / TOKENS_PER_OWNER));
  const tokens = await addTokens(handle.store, homes, tokenCount, now);
  await addUsage(handle.usage, tokens, usageRows, now);
  const [first] = homes;
  if (first === undefined) throw new TypeError('a crowd has at least one token');
  return { admin, token: token.value, largestWorkspaceId: first.workspace.id, someOwnerId: first.owner.id };
}

interface Home {
  readonly owner: OwnerRecord;
  readonly workspace: WorkspaceRecord;
}

async function addOwners(store: Store, count: number): Promise<readonly Home[]> {
  const workspaces = Array.from({ length: Math.ceil(count / OWNERS_PER_WORKSPACE) + 1 }, (_, index) =>
    sampleWorkspace({ name: `Customer ${index}`, externalId: `org-${index}` }),
  );
  const homes = Array.from({ length: count }, (_, index): Home => {
    const at = index % 4 === 0 ? 0 : 1 + Math.floor(index / OWNERS_PER_WORKSPACE);
    const owner = sampleOwner({
      id: generateId('own', systemRandom),
      externalId: `user-${index}`,
      name: `Owner ${index}`,
      email: `user-${index}@example.com`,
      disabledByProviderAt: index % 50 === 7 ? 1 : null,
    });
    return { owner, workspace: workspaces[at] as WorkspaceRecord };
  });
  await store.transact(async ({ owners }) => {
    for (const workspace of workspaces) await owners.directory.insertWorkspace(workspace);
  });
  for (const [from, some] of chunks(homes)) {
    await store.transact(async ({ owners }) => {
      for (const [index, { owner, workspace }] of some.entries()) {
        await owners.insertOwner(owner);
        // Some have left, and their tokens live on.
        if ((from + index) % 100 === 3) continue;
        await owners.putMembership(sampleMembership(owner, workspace, { permissions: ['servers:read'] }));
      }
    });
  }
  return homes;
}

async function addTokens(store: Store, homes: readonly Home[], count: number, now: number) {
  const tokens = Array.from({ length: count }, (_, index): TokenRecord => {
    const { owner, workspace } = homes[index % homes.length] as Home;
    const createdAt = now - Math.floor(((count - index) / count) * 730 * DAY_MS) - DAY_MS;
    const name = `${NAMES[index % NAMES.length]} ${index}`;
    const hint = `kh_live_${index.toString(36).padStart(4, '0')}…${(index * 7).toString(36).padStart(4, '0')}`;
    return sampleToken(owner, workspace, { name, hint, createdAt, ...standing(index, createdAt, now) });
  });
  for (const [, some] of chunks(tokens)) {
    await store.transact(async (transaction) => {
      for (const token of some) await transaction.tokens.insert(token);
    });
  }
  return tokens;
}

/** Of a hundred: 25 revoked, 8 replaced, 7 expired, 2 disabled, 3 about to expire, 25 with a later expiry, 30 without one. */
function standing(index: number, createdAt: number, now: number): Partial<TokenRecord> {
  const place = (index * 37) % 100;
  if (place < 25) return { revokedAt: Math.min(now, createdAt + DAY_MS), revokedReason: 'rotated out' };
  if (place < 33) return { supersededAt: createdAt, supersededBy: 'tok_next', graceEndsAt: createdAt + DAY_MS };
  if (place < 40) return { expiresAt: now - (1 + (index % 300)) * DAY_MS, expiryExplicit: true };
  if (place < 42) return { disabledAt: now - DAY_MS };
  if (place < 45) return { expiresAt: now + (1 + (index % 29)) * DAY_MS, expiryExplicit: true };
  if (place < 70) return { expiresAt: now + (31 + (index % 300)) * DAY_MS, expiryExplicit: true };
  return {};
}

async function addUsage(usage: UsageLog, tokens: readonly TokenRecord[], rows: number, now: number): Promise<void> {
  const thisHour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const perHour = Math.ceil(rows / HOURS);
  const busy = Math.min(BUSY, Math.floor(perHour / 2));
  for (let at = HOURS - 1; at >= 0; at--) {
    const hour = thisHour - at * HOUR_MS;
    const counts = Array.from({ length: perHour }, (_, index): UsageCount => {
      const ofTheDay = Math.floor(at / 24) * 1_009 + ((index + at * perHour) % Math.ceil(tokens.length / DAILY_SHARE));
      const tokenAt = index < busy ? index * 101 : ofTheDay;
      const outcome = index % 12 === 11 ? (index % 24 === 11 ? 'insufficient_permissions' : 'rate_limited') : 'ok';
      const count = 1 + Math.floor((index < busy ? 40_000 : 20) / (1 + index));
      return { tokenId: (tokens[tokenAt % tokens.length] as TokenRecord).id, hour, outcome, count };
    });
    await usage.add(
      counts,
      counts.map(({ tokenId }) => ({ tokenId, at: Math.min(now, hour + 60_000), ip: '203.0.113.9' })),
    );
  }
  // Two thirds were used at some time.
  const used = tokens.filter((_, index) => index % 3 !== 0);
  for (const [, some] of chunks(used)) {
    await usage.add(
      [],
      some.map(({ id, createdAt }) => ({ tokenId: id, at: Math.floor((createdAt + now) / 2), ip: '203.0.113.9' })),
    );
  }
}

function* chunks<Row>(rows: readonly Row[]): Iterable<readonly [from: number, rows: readonly Row[]]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_TRANSACTION) {
    yield [from, rows.slice(from, from + ROWS_PER_TRANSACTION)];
  }
}

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Question } from '../src/authenticate/index.ts';
import { anonymousCaller, createToken, localCaller, perform, putOwner } from '../src/manage/index.ts';
import { issueSetupCode, setUp } from '../src/people/index.ts';
import { keyhouse, type Profile } from '../src/profile/index.ts';
import { type OpenedEngine, openEngine } from '../src/server/open-engine.ts';
import { systemRandom } from '../src/server/system-clock.ts';
import { DATABASE_FILE, openSecrets } from '../src/stores/data-folder/index.ts';
import { digestToken, generateId, generateToken, maskToken } from '../src/token/index.ts';

/** A data folder on disk with many tokens in it. */
export interface SeededFolder {
  readonly dataDir: string;
  /** Exact texts of the stored tokens. */
  readonly tokens: readonly string[];
  /** A token that may ask about others, without end. Only where limits are roomy. */
  readonly verifier: string;
  /** Its id, with which an OAuth client names itself. */
  readonly verifierId: string;
  remove(): void;
}

/** A real engine on a real SQLite store with many tokens in it. */
export interface SeededEngine {
  readonly opened: OpenedEngine;
  readonly tokens: readonly string[];
  readonly databaseFile: string;
  close(): Promise<void>;
}

const FORMAT = { prefix: 'kh', environments: ['live', 'test'] as const };
export const ADDRESS = '203.0.113.9';

/** The question that the first row of the table asks: a permission, an address, two windows. */
export function questionFor(text: string): Question {
  return {
    credential: { found: 'text', text },
    environments: ['live'],
    ip: ADDRESS,
    allOf: ['servers:read'],
    anyOf: [],
    cost: 1,
  };
}

/** Limits high enough that nothing in a run is refused, and in two windows all the same. */
const LIMITS = [
  { name: 'hour', limit: 60_000, seconds: 3600 },
  { name: 'minute', limit: 30_000, seconds: 60 },
];

/** What the gateway asks by. */
const ROUTES: Profile['routes'] = [
  { methods: ['GET'], path: '/v1/servers', permissions: ['servers:read'], environment: 'live', cost: 1 },
];

const CACHED_MAX = 1_100_000;

/** Opens the engine of a data folder as the server does, unless told otherwise with room for every token in its cache. */
export function openSeeded(dataDir: string, cachedTokensMax = CACHED_MAX): Promise<OpenedEngine> {
  return open(dataDir, null, { ...keyhouse, routes: ROUTES }, cachedTokensMax);
}

/** The same without rules of routes, on PostgreSQL where an address is given. */
export function openBare(dataDir: string, databaseUrl: string | null): Promise<OpenedEngine> {
  return open(dataDir, databaseUrl, keyhouse);
}

function open(
  dataDir: string,
  databaseUrl: string | null,
  profile: Profile,
  cachedTokensMax = CACHED_MAX,
): Promise<OpenedEngine> {
  return openEngine({
    dataDir,
    databaseUrl,
    secretsDir: null,
    profile,
    applyNarrowing: false,
    cachedTokensMax,
    log: { warning: console.warn, fault: console.error },
  });
}

/** Creates one token as a user would, then copies its row: a million times through the API would measure nothing more. */
export async function seedFolder(
  tokenCount: number,
  limits: 'two windows' | 'roomy' = 'two windows',
): Promise<SeededFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-bench-'));
  const dataDir = join(folder, 'data');
  const first = await openSeeded(dataDir);
  const { engine } = first;
  const host = localCaller('host', { ip: null, requestId: 'req_bench', idempotencyKey: null });
  await perform(putOwner, engine, host, {
    external_id: 'user-42',
    name: 'Ada',
    workspace: { external_id: 'org-7', name: 'Example' },
    permissions: ['servers:*', 'instances:read'],
  });
  const template = await perform(createToken, engine, host, {
    name: 'ci',
    permissions: ['servers:read', 'instances:read'],
    owner: { external_id: 'user-42' },
    ip_allowlist: ['203.0.113.0/24', '127.0.0.0/8'],
    ...(limits === 'roomy' ? { limits: LIMITS } : { tier: 'standard' }),
  });
  const verifier = limits === 'roomy' ? await createVerifier(first) : { id: '', value: '' };
  await first.close();
  const tokens = copyToken(join(dataDir, DATABASE_FILE), `${dataDir}.secrets`, template.id, tokenCount);
  return {
    dataDir,
    tokens,
    verifier: verifier.value,
    verifierId: verifier.id,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function seedEngine(tokenCount: number, limits?: 'two windows' | 'roomy'): Promise<SeededEngine> {
  const { dataDir, tokens, remove } = await seedFolder(tokenCount, limits);
  const opened = await openSeeded(dataDir);
  return {
    opened,
    tokens,
    databaseFile: join(dataDir, DATABASE_FILE),
    async close() {
      await opened.close();
      remove();
    },
  };
}

async function createVerifier({ engine }: OpenedEngine): Promise<{ id: string; value: string }> {
  const circumstances = { ip: null, requestId: 'req_bench', idempotencyKey: null };
  const { user } = await perform(setUp, engine, anonymousCaller(circumstances), {
    code: await issueSetupCode(engine),
    email: 'admin@example.com',
    password: randomUUID(),
    workspace: 'Provider',
  });
  const { id, value } = await perform(createToken, engine, localCaller('operator', circumstances), {
    name: 'door',
    owner: { id: user.id },
    permissions: ['keyhouse-tokens:verify'],
    limits: LIMITS.map((window) => ({ ...window, limit: 1_000_000_000 })),
  });
  if (value === null) throw new Error('the token was made without its value');
  return { id, value };
}

function copyToken(file: string, secretsDir: string, templateId: string, count: number): string[] {
  const secrets = openSecrets(secretsDir);
  const pepper = secrets?.pepper.versions.get(secrets.pepper.current);
  if (pepper === undefined) throw new Error('the store has no pepper');
  const db = new DatabaseSync(file);
  const columns = (db.prepare('select name from pragma_table_info(?)').all('token') as { name: string }[]).map(
    ({ name }) => name,
  );
  const fresh = ['id', 'lineage_id', 'digest', 'hint', 'name'];
  const kept = columns.filter((column) => !fresh.includes(column));
  const copy = db.prepare(
    `insert into token (${[...fresh, ...kept].join(', ')}) select ?, ?, ?, ?, ?, ${kept.join(', ')} from token where id = ?`,
  );
  const tokens: string[] = [];
  db.exec('begin');
  for (let index = 0; index < count; index++) {
    const text = generateToken(FORMAT, 'token', 'live', systemRandom);
    tokens.push(text);
    const ids = [generateId('tok', systemRandom), generateId('lin', systemRandom)] as const;
    copy.run(...ids, digestToken(text, pepper), maskToken(text), `deploy ${index}`, templateId);
  }
  db.exec('commit');
  db.close();
  return tokens;
}

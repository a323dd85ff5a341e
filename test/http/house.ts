import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessRecorder,
  Authenticator,
  compileProfile,
  DenialRecorder,
  UsageRecorder,
} from '../../src/authenticate/index.ts';
import { ChangePath } from '../../src/changes/index.ts';
import type { HttpParts } from '../../src/http/app.ts';
import { createHttpHandler, type HttpHandler } from '../../src/http/app.ts';
import type { Answer, DoorRequest } from '../../src/http/door.ts';
import { doorEngine } from '../../src/http/door-engine.ts';
import type { SecurityEvent } from '../../src/http/door-log.ts';
import type { Readiness } from '../../src/http/health.ts';
import { ALL_MANAGEMENT, createToken, type Engine, localCaller, perform } from '../../src/manage/index.ts';
import { noteFirstUse } from '../../src/manage/note-first-use.ts';
import { type SessionDoor, sessionDoor } from '../../src/people/index.ts';
import { keyhouse, type Profile } from '../../src/profile/index.ts';
import { followTrials } from '../../src/server/follow-trials.ts';
import { localCounters } from '../../src/stores/counters/index.ts';
import { openSqliteStore } from '../../src/stores/sql/index.ts';
import { systemRandom } from '../../src/token/index.ts';

const UNHEARD = { warning: () => {}, fault: () => {} };

/** A real engine on a real SQLite store with a clock of the test's own, and the HTTP door in front of it. */
export interface House {
  readonly engine: Engine;
  /** Whether there is an administrator, for the pages. */
  readonly isSetUp: () => Promise<boolean>;
  readonly parts: HttpParts;
  /** For the dashboard. */
  readonly sessions: SessionDoor;
  readonly handler: HttpHandler;
  readonly faults: { readonly error: unknown; readonly requestId: string }[];
  readonly events: SecurityEvent[];
  /** Everything that was logged, as one text. */
  readonly logged: () => string;
  readiness: Readiness;
  /** Wall clock, milliseconds; tests move it. */
  readonly time: { now: number };
  /** A token of the owner `user-42`, or of the administrator when it asks for management permissions. */
  mint(input?: Record<string, unknown>): Promise<{ id: string; value: string }>;
  ask(request: AskedRequest): Promise<AnswerJson>;
  close(): Promise<void>;
}

export interface AskedRequest {
  readonly method?: string;
  readonly target: string;
  /** Value of a Bearer line. */
  readonly token?: string;
  readonly headers?: readonly string[];
  readonly peer?: string | null;
  /** Sent as JSON unless it is text or bytes already. */
  readonly body?: unknown;
}

export interface AnswerJson extends Answer {
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  readonly json: any;
}

const MANAGEMENT = /^keyhouse-/;

export async function openHouse(
  profile: Profile = keyhouse,
  overrides: (parts: HttpParts) => Partial<HttpParts> = () => ({}),
  seeded = true,
): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'keyhouse-http-'));
  const monotonicStart = performance.now();
  const time = { now: Date.parse('2026-03-01T12:00:00Z') };
  const clock = { now: () => time.now, monotonic: () => performance.now() - monotonicStart };
  const handle = await openSqliteStore({ file: join(folder, 'keyhouse.sqlite') });
  const { store } = handle;
  const usage = new UsageRecorder({ log: handle.usage, every: () => () => {} });
  const denials = new DenialRecorder({
    log: handle.denials,
    failures: handle.sightings.failures,
    clock,
    every: () => () => {},
  });
  const counter = await localCounters({ clock, reservations: null });
  const pepper = { current: 1, versions: new Map([[1, new Uint8Array(32).fill(7)]]) };
  const authenticator = new Authenticator({
    store,
    clock,
    counter,
    usage,
    pepper: () => pepper,
    profile: compileProfile(1, profile),
    cachedTokensMax: 1_000,
    onFirstUse: (facts) => noteFirstUse({ store, changes, random: systemRandom }, facts.id, clock.now()),
    onOldPepper: () => {},
  });
  const changes = new ChangePath({
    store,
    clock,
    invalidate: (subjects, seq) => authenticator.invalidate(subjects, seq),
    profile: null,
    witness: async () => {},
    acknowledged: async () => ({
      class: 'process',
      durability: 'single-copy',
      nodesAcknowledged: 1,
      nodesWaitedOut: 0,
    }),
  });
  const engine: Engine = {
    trials: await followTrials({ store, trialLog: handle.trials, authenticator, counter, clock, log: UNHEARD }),
    clock,
    random: systemRandom,
    store,
    changes,
    authenticator,
    usage,
    denials,
    accesses: new AccessRecorder({
      log: handle.accesses,
      clock,
      random: systemRandom,
      keepOneIn: 1,
      keptMs: 86_400_000,
      every: () => () => {},
    }),
    pepper: () => pepper,
    auditSeal: {
      storeId: 'sto_test',
      keys: { published: () => [], sign: () => null, rotate: () => ({ kid: '', x: '' }) },
      sink: null,
    },
    sendsMail: false,
    passwordSignIn: true,
    webhookNetworks: null,
    reporterKeys: null,
    dashboardUrl: () => null,
  };
  const faults: House['faults'] = [];
  const events: SecurityEvent[] = [];
  const base: HttpParts = {
    engine: doorEngine(engine),
    trust: { trustedProxies: null, header: 'x-forwarded-for' },
    log: {
      fault: (error, { requestId }) => faults.push({ error, requestId }),
      securityEvent: (event) => events.push(event),
    },
    metrics: null,
    readiness: async () => house.readiness,
    environments: ['live'],
    prefix: '',
    serves: () => true,
    version: '0.0.0',
  };
  const parts = { ...base, ...overrides(base) };
  const handler = createHttpHandler(parts);
  const house: House = {
    engine,
    isSetUp: async () => (await store.owners.findWorkspace({ home: true })) !== null,
    parts,
    sessions: sessionDoor(engine, (error) => faults.push({ error, requestId: '' })),
    handler,
    faults,
    events,
    logged: () =>
      JSON.stringify(events) + faults.map(({ error }) => (error instanceof Error ? error.stack : String(error))).join(),
    readiness: { store: 'ok', draining: false },
    time,
    async mint(input = {}) {
      const asked = { name: 'test', permissions: ['servers:read'], ...input };
      const isAdmin = asked.permissions.some((permission: string) => MANAGEMENT.test(permission));
      const circumstances = { ip: null, requestId: 'req_seed', idempotencyKey: null };
      const owner = isAdmin ? 'admin-1' : 'user-42';
      const created = await perform(createToken, engine, localCaller('operator', circumstances), {
        ...asked,
        owner: { external_id: owner },
      });
      return { id: created.id, value: created.value as string };
    },
    async ask(asked) {
      const answer = await handler.answer(doorRequest(asked));
      const isJson = /json/.test(answer.headers['Content-Type'] ?? '');
      return { ...answer, json: isJson ? JSON.parse(String(answer.body)) : null };
    },
    async close() {
      // Tests may have closed the store before.
      for (const part of [usage, counter, handle.usage, store]) await part.close().catch(() => {});
      rmSync(folder, { recursive: true, force: true });
    },
  };
  if (seeded) await seed(engine);
  return house;
}

export function doorRequest(asked: AskedRequest): DoorRequest {
  const { body } = asked;
  const bytes = body === undefined ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const raw = body instanceof Uint8Array ? Buffer.from(body) : bytes;
  return {
    method: asked.method ?? 'GET',
    target: asked.target,
    rawHeaders: [
      ...(asked.token === undefined ? [] : ['Authorization', `Bearer ${asked.token}`]),
      ...(raw === null || asked.headers?.some((name) => /^content-type$/i.test(name))
        ? []
        : ['Content-Type', 'application/json']),
      ...(asked.headers ?? []),
    ],
    peer: asked.peer === undefined ? '203.0.113.9' : asked.peer,
    body:
      raw === null
        ? null
        : async function* () {
            yield raw;
          },
  };
}

async function seed(engine: Engine): Promise<void> {
  const at = engine.clock.now();
  await engine.store.transact(async ({ owners }) => {
    for (const [id, isHome] of [
      ['wsp_home00000000000000000', true],
      ['wsp_customer0000000000000', false],
    ] as const) {
      const external = isHome ? null : 'org-7';
      const name = isHome ? 'Home' : 'Example Ltd';
      await owners.directory.insertWorkspace({
        id,
        externalId: external,
        name,
        isHome,
        disabledAt: null,
        metadata: {},
        createdAt: at,
      });
    }
    for (const [externalId, workspaceId, permissions] of [
      ['admin-1', 'wsp_home00000000000000000', ALL_MANAGEMENT],
      ['user-42', 'wsp_customer0000000000000', ['servers:read', 'servers:write', 'instances:*']],
    ] as const) {
      const id = `own_${externalId.replaceAll('-', '')}0000000000000000`;
      await owners.insertOwner({
        id,
        kind: 'external',
        externalId,
        name: externalId,
        email: `${externalId}@example.com`,
        disabledAt: null,
        disabledByProviderAt: null,
        deletedAt: null,
        metadata: { plan: 'gold' },
        createdAt: at,
      });
      await owners.putMembership({ ownerId: id, workspaceId, permissions, roleIds: [], createdAt: at });
    }
  });
}

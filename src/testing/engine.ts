import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision, Question } from '../authenticate/index.ts';
import {
  bearerCaller,
  type Caller,
  type Circumstances,
  type Engine,
  localCaller,
  neededByBearer,
  type Operation,
  perform,
  rotateToken,
} from '../manage/index.ts';
import type { DenialReason, IpAllowlist } from '../policy/index.ts';
import type { Profile } from '../profile/index.ts';
import { type OpenedEngine, openEngine } from '../server/open-engine.ts';
import { generateId } from '../token/index.ts';
import type { Job } from '../upkeep/index.ts';
import { FakeClock } from './fake-clock.ts';

export interface TestEngineOptions {
  /** null (the default) keeps everything in SQLite in a folder of its own. */
  readonly databaseUrl?: string | null;
  /** Another process of the same installation: its clock, its secrets. Only on PostgreSQL. */
  readonly besides?: TestEngine;
  /** The neutral one by default. */
  readonly profile?: Profile | null;
  /** A folder that stays, as a server left it, and the time at which it did. Default a new one that `close` removes. */
  readonly left?: { readonly folder: string; readonly at: number };
  /** Whether mail is put into the outbox. Default false. */
  readonly sendsMail?: boolean;
  /** Whether people may sign in with a password. Default true. */
  readonly passwordSignIn?: boolean;
  /** Networks that webhooks may reach though they are not public. Default none. */
  readonly webhookNetworks?: IpAllowlist | null;
  readonly githubReports?: URL | null;
}

/** An operation, whatever goes in. */
export type AnyOperation<Output> = Pick<Operation<never, Output, never>, 'id' | 'access' | 'run'> & {
  readonly input: unknown;
};

interface Asked extends Partial<Circumstances> {
  readonly environment?: 'live' | 'test';
}

/** A real engine on a real store, whose time belongs to the test. */
export interface TestEngine {
  readonly engine: Engine;
  readonly clock: FakeClock;
  readonly opened: OpenedEngine;
  readonly folder: string;
  /** Failures that were reported to the log; `close` throws when there were any. */
  readonly faults: unknown[];
  host(circumstances?: Partial<Circumstances>): Caller;
  /** Performs an operation as the application that embeds Keyhouse. */
  asHost<Output>(
    operation: AnyOperation<Output>,
    input: unknown,
    circumstances?: Partial<Circumstances>,
  ): Promise<Output>;
  /** Performs an operation as a door does for the bearer of a token. @throws {Denied} when the door says no. */
  asBearer<Output>(value: string, operation: AnyOperation<Output>, input: unknown, asked?: Asked): Promise<Output>;
  /** Performs an operation for any caller. */
  as<Output>(caller: Caller, operation: AnyOperation<Output>, input: unknown): Promise<Output>;
  /** Decides as the doors of the resource API do; spends one request unless `cost` says otherwise. */
  decide(value: string, question?: Partial<Question>): Promise<Decision>;
  /** `ok`, or the reason of the denial. */
  verdict(value: string, allOf?: readonly string[], question?: Partial<Question>): Promise<'ok' | DenialReason>;
  /** Runs a job as the server does, at the time of the test. */
  runJob(job: Job): Promise<void>;
  close(): Promise<void>;
}

/** A door refused the token. */
export class Denied extends Error {
  override readonly name = 'Denied';
  readonly reason: DenialReason;
  readonly decision: Extract<Decision, { allowed: false }>;
  constructor(decision: Extract<Decision, { allowed: false }>) {
    super(`denied: ${decision.denial.reason} (${decision.denial.cause})`);
    this.reason = decision.denial.reason;
    this.decision = decision;
  }
}

/** Opens an engine as the server does, in a folder that `close` removes. */
export async function testEngine(options: TestEngineOptions = {}): Promise<TestEngine> {
  const { besides, left } = options;
  const folder = besides?.folder ?? left?.folder ?? mkdtempSync(join(tmpdir(), 'keyhouse-engine-'));
  const clock = besides?.clock ?? new FakeClock(left?.at);
  const faults: unknown[] = [];
  const opened = await openEngine({
    dataDir: join(folder, 'data'),
    databaseUrl: options.databaseUrl ?? null,
    secretsDir: null,
    profile: options.profile ?? null,
    applyNarrowing: false,
    cachedTokensMax: 10_000,
    sendsMail: options.sendsMail ?? false,
    passwordSignIn: options.passwordSignIn ?? true,
    webhookNetworks: options.webhookNetworks ?? null,
    githubReports: options.githubReports ?? null,
    clock,
    jobs: [],
    log: { warning: () => {}, fault: (error) => void faults.push(error) },
  });
  const { engine } = opened;
  const circumstancesOf = (given: Partial<Circumstances> = {}): Circumstances => ({
    ip: given.ip ?? null,
    requestId: given.requestId ?? generateId('req', engine.random),
    idempotencyKey: given.idempotencyKey ?? null,
  });
  const as: TestEngine['as'] = (caller, operation, input) =>
    perform(operation as unknown as Operation<unknown, never>, engine, caller, input);
  const decide: TestEngine['decide'] = async (value, question = {}) =>
    engine.authenticator.decide({
      credential: { found: 'text', text: value },
      environments: ['live'],
      ip: null,
      allOf: [],
      anyOf: [],
      cost: 1,
      ...question,
    });
  const host: TestEngine['host'] = (circumstances) => localCaller('host', circumstancesOf(circumstances));
  return {
    engine,
    clock,
    opened,
    folder,
    faults,
    host,
    as,
    decide,
    asHost: (operation, input, circumstances) => as(host(circumstances), operation, input),
    async asBearer(value, operation, input, asked = {}) {
      const needed = neededByBearer(operation.access);
      const decision = await decide(value, {
        environments: [asked.environment ?? 'live'],
        ip: asked.ip ?? null,
        allOf: needed === null ? [] : [needed],
        allowReplaced: operation.id === rotateToken.id,
      });
      if (!decision.allowed) throw new Denied(decision);
      return as(bearerCaller(decision, value, circumstancesOf(asked)), operation, input);
    },
    async verdict(value, allOf = [], question = {}) {
      const decision = await decide(value, { allOf, ...question });
      return decision.allowed ? 'ok' : decision.denial.reason;
    },
    runJob: (job) => job.run(opened.upkeep, clock.now()),
    async close() {
      await opened.close();
      if (besides === undefined && left === undefined) rmSync(folder, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'the engine reported faults');
    },
  };
}

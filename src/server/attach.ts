import { setTimeout as delay } from 'node:timers/promises';
import {
  type Authenticator,
  compileProfile,
  type Decision,
  DenialQueue,
  type ProfileInForce,
  type Question,
  textToLookUp,
} from '../authenticate/index.ts';
import type { Readiness } from '../http/index.ts';
import {
  applyProfile,
  type Caller,
  type ImportedFormWire,
  importedFormOf,
  importTokens,
  listUsers,
  localCaller,
  type Operation,
  Rejection,
} from '../manage/index.ts';
import { StorageUnavailable } from '../ports/index.ts';
import { parseProfile } from '../profile/index.ts';
import { type AnswersWire, ATTACHED_PATHS, type PerformedWire, type PerformWire } from './attached-operations.ts';
import { callerWire, decisionOf, questionWire } from './attached-wire.ts';
import type { House } from './create-keyhouse.ts';
import { OwnerConnection } from './owner-connection.ts';
import { QuestionQueue } from './question-queue.ts';
import { StartRefused } from './start-refused.ts';
import { systemClock, systemRandom } from './system-clock.ts';

/** Reading the profile, or whether the owner is ready. */
const READING_MS = 1_000;
const OPERATION_MS = 30_000;
/** Further time for each line of a bulk upload. */
const LINE_MS = 20;
/** How long a start waits for an owner that is starting too. */
const OWNER_START_MS = 5_000;
const ASK_AGAIN_MS = 50;
/** How often the profile is looked at, which says what a token of ours looks like. */
const PROFILE_MS = 1_000;

/**
 * Works through the process that owns a data folder: it decides every request and performs every operation. What cannot be
 * a token of ours is told here, without asking anybody, so that an application's own credentials do not depend on it.
 * @throws {StartRefused} nobody owns the folder.
 */
export async function attachTo({
  dataDir,
  dashboardUrl = null,
}: {
  readonly dataDir: string;
  /** For links to it in refusals of this process. Default nobody knows. */
  readonly dashboardUrl?: string | null;
}): Promise<House> {
  const owner = new OwnerConnection(dataDir);
  const profile = await firstProfile(owner, dataDir).catch((error: unknown) => {
    owner.close();
    throw error;
  });
  const authenticator = new AttachedAuthenticator(owner, profile);
  const timer = setInterval(() => void authenticator.refreshProfile().catch(() => {}), PROFILE_MS);
  timer.unref();
  const denials = new DenialQueue({
    clock: systemClock,
    write: async (records) => {
      const ask = { method: 'POST', path: ATTACHED_PATHS.denials, deadlineMs: READING_MS, isRepeatable: true } as const;
      await owner.ask({ ...ask, ...linesOf(records) });
    },
  });
  const perform = async (operationId: string, caller: Caller, input: unknown): Promise<unknown> => {
    // What was refused here a moment ago can be asked about there.
    if (READS_DENIALS.has(operationId)) await denials.flush();
    const output = await performThere(owner, operationId, caller, input);
    // What this process changed itself it knows of at once.
    if (operationId === applyProfile.id || operationId === importTokens.id) await authenticator.refreshProfile();
    return output;
  };
  const asHost = (operationId: string, input: unknown) =>
    perform(operationId, localCaller('host', { ip: null, requestId: '', idempotencyKey: null }), input);
  return {
    engine: {
      clock: systemClock,
      random: systemRandom,
      authenticator,
      denials,
      accesses: null,
      dashboardUrl: () => dashboardUrl,
      perform: async <Input, Output, Given>(
        { id }: Operation<Input, Output, Given>,
        caller: Caller,
        input: unknown,
      ): Promise<Output> => (await perform(id, caller, input)) as Output,
    },
    readiness: () => readinessOf(owner),
    sessions: null,
    portal: null,
    isSetUp: async () => {
      const { data } = (await asHost(listUsers.id, { limit: 1 })) as { readonly data: readonly unknown[] };
      return data.length > 0;
    },
    issueSetupCode: async () => ((await asHost('issueSetupCode', {})) as { readonly code: string }).code,
    async close() {
      clearInterval(timer);
      // Where the owner is gone, nobody is left to explain them.
      await denials.close().catch(() => {});
      owner.close();
    },
  };
}

const READS_DENIALS: ReadonlySet<string> = new Set(['listDenials', 'readDenial', 'askWhy']);

/** Takes decisions by asking the owner; keeps the profile in force, to know tokens of ours and to word refusals. */
class AttachedAuthenticator implements Pick<Authenticator, 'decide' | 'profile'> {
  readonly #owner: OwnerConnection;
  readonly #questions: QuestionQueue;
  #profile: ProfileInForce;
  #refreshing: Promise<void> | null = null;

  constructor(owner: OwnerConnection, profile: ProfileInForce) {
    this.#owner = owner;
    this.#profile = profile;
    this.#questions = new QuestionQueue(async (questions, deadlineMs) => {
      // Asked twice they may be charged twice, which loses quota and never gains any.
      const ask = { method: 'POST', path: ATTACHED_PATHS.decide, deadlineMs, isRepeatable: true } as const;
      const { answers } = (await owner.ask({ ...ask, ...linesOf(questions) })) as AnswersWire;
      return answers;
    });
  }

  get profile(): ProfileInForce {
    return this.#profile;
  }

  /** @throws {StorageUnavailable} the owner did not answer: doors refuse then. */
  decide(question: Question): Decision | Promise<Decision> {
    const text = textToLookUp(question.credential, this.#profile.profile.token);
    return typeof text === 'string' ? this.#ask(text, question) : text;
  }

  async #ask(text: string, question: Question): Promise<Decision> {
    const answer = await this.#questions.ask(questionWire(text, question));
    if ('unavailable' in answer) throw new StorageUnavailable(answer.unavailable);
    await this.#reach(answer.profile_version);
    return decisionOf(answer, this.#profile);
  }

  /** Reads the profile in force; calls at the same time share one reading. */
  refreshProfile(): Promise<void> {
    this.#refreshing ??= readProfile(this.#owner)
      .then((profile) => {
        if (profile.version >= this.#profile.version) this.#profile = profile;
      })
      .finally(() => {
        this.#refreshing = null;
      });
    return this.#refreshing;
  }

  /** A reading under way may have begun before that version was applied: the one after it has not. */
  async #reach(version: number): Promise<void> {
    for (let readings = 0; readings < 2 && this.#profile.version < version; readings++) await this.refreshProfile();
  }
}

async function readProfile(owner: OwnerConnection): Promise<ProfileInForce> {
  const answer = await owner.ask({ method: 'GET', path: '/v1/profile', deadlineMs: READING_MS, isRepeatable: true });
  const { version, profile, imports } = answer as {
    readonly version: number;
    readonly profile: unknown;
    readonly imports: readonly ImportedFormWire[];
  };
  const parsed = parseProfile(profile);
  if (parsed.ok) return compileProfile(version, parsed.profile, imports.map(importedFormOf));
  throw new StorageUnavailable(`Version ${version} of the profile is newer than this build.`);
}

async function firstProfile(owner: OwnerConnection, dataDir: string): Promise<ProfileInForce> {
  const deadline = systemClock.monotonic() + OWNER_START_MS;
  for (;;) {
    try {
      return await readProfile(owner);
    } catch (error) {
      if (!(error instanceof StorageUnavailable)) throw error;
      if (systemClock.monotonic() > deadline) {
        throw new StartRefused(
          `There is nobody to attach to: ${error.message} Start the owner first (keyhouse serve --data-dir ${dataDir}, or an application without attach).`,
        );
      }
      await delay(ASK_AGAIN_MS);
    }
  }
}

/** @throws {Rejection} as the operation did there. @throws {StorageUnavailable} whether it was done is not known. */
async function performThere(
  owner: OwnerConnection,
  operation: string,
  caller: Caller,
  input: unknown,
): Promise<unknown> {
  const { lines, ...rest } = input as { readonly lines?: unknown };
  const isUpload = Array.isArray(lines) && lines.length > 0;
  const first: PerformWire = { operation, caller: callerWire(caller), input: isUpload ? rest : input };
  const values: readonly unknown[] = [first, ...(isUpload ? lines : [])];
  const performed = (await owner.ask({
    method: 'POST',
    path: ATTACHED_PATHS.perform,
    ...linesOf(values),
    deadlineMs: OPERATION_MS + values.length * LINE_MS,
    isRepeatable: false,
  })) as PerformedWire;
  if ('output' in performed) return performed.output;
  const { code, message, problems, extra } = performed.rejected;
  throw new Rejection(code, message, { problems, extra });
}

function linesOf(values: readonly unknown[]) {
  const body = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  return { body, type: 'application/x-ndjson' } as const;
}

async function readinessOf(owner: OwnerConnection): Promise<Readiness> {
  try {
    const answer = await owner.ask({ method: 'GET', path: '/readyz', deadlineMs: READING_MS, isRepeatable: true });
    return { store: (answer as Pick<Readiness, 'store'>).store, draining: false };
  } catch {
    return { store: 'unreachable', draining: false };
  }
}

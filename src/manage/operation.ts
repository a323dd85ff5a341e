import type { z } from 'zod';
import type { AccessRecorder, Authenticator, DenialRecorder, UsageRecorder } from '../authenticate/index.ts';
import type { ChangePath } from '../changes/index.ts';
import type { IpAllowlist } from '../policy/index.ts';
import type { AuditSeal, Clock, Random, ReporterKeys, Store, TrialLog } from '../ports/index.ts';
import { findProblems, type ProblemWords } from '../profile/index.ts';
import type { PepperRing } from '../token/index.ts';
import { type Caller, requireOneOf, requirePermission } from './caller.ts';
import type { ManagementPermission } from './management-permissions.ts';
import { noteOutOfReach, OutOfReach } from './out-of-reach.ts';
import { type InputProblem, Rejection } from './rejection.ts';

/** What trials of this process have seen, and which there are. */
export interface Trials {
  readonly log: TrialLog;
  /** Judges by those that are in force now. */
  follow(): Promise<void>;
  /** Writes what was seen so far. */
  flush(): Promise<void>;
}

/** Who is told of decisions for the traces of the host application. */
export interface DecisionTraces {
  /** `outcome` is `ok` or a denial reason; wall clock, milliseconds with fractions. */
  decided(outcome: string, door: string, begunAt: number, endedAt: number): void;
}

/** What use cases work with. */
export interface Engine {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: Store;
  readonly changes: Pick<ChangePath, 'commit' | 'rehearse'>;
  readonly authenticator: Authenticator;
  readonly usage: UsageRecorder;
  readonly trials: Trials;
  readonly denials: DenialRecorder;
  readonly accesses: AccessRecorder;
  /** null, or left out, where the host application traces nothing. */
  readonly traces?: DecisionTraces | null;
  readonly pepper: () => PepperRing;
  readonly auditSeal: AuditSeal;
  /** Keys of GitHub, which may report what it finds; null where that is not switched on. */
  readonly reporterKeys: ReporterKeys | null;
  /** Whether somebody takes mail out of the outbox and sends it. */
  readonly sendsMail: boolean;
  /** Whether people may sign in with a password, and not by single sign-on alone. */
  readonly passwordSignIn: boolean;
  /** Networks that webhooks may reach though they are not public, also in the clear; null where there are none. */
  readonly webhookNetworks: IpAllowlist | null;
  /** Where people reach the dashboard, without trailing slash, for links to it; null where nobody knows. */
  readonly dashboardUrl: () => string | null;
}

/**
 * Who may call an operation. `orSelf`: without the permission it still works on what is the caller's own, which the use
 * case checks; `signed_in` for an owner whom the host application has signed in, and for no bearer of a token. `needsOneOf`:
 * whoever has any of them, of which the use case asks for the right one.
 * `oneTimeSecret`: whoever has the secret in the input, which the use case checks. `open`: anybody; what the input proves is
 * the use case's to check. `session`: somebody signed in at the dashboard, and `orStaff` also who was sent there without an
 * account. `local`: the operator or the host application only.
 */
export type Access =
  | { readonly needs: ManagementPermission; readonly orSelf?: true | 'signed_in' }
  | { readonly needsOneOf: readonly ManagementPermission[]; readonly orSelf?: 'signed_in' }
  | { readonly anyToken: true }
  | { readonly oneTimeSecret: true }
  | { readonly open: true }
  | { readonly session: true; readonly orStaff?: true }
  | { readonly local: true };

/** One thing that can be asked of Keyhouse, whichever door it comes through: HTTP, CLI, embedding. */
export interface Operation<Input = never, Output = unknown, Given = Input> {
  /** camelCase; the OpenAPI operationId. */
  readonly id: string;
  readonly summary: string;
  readonly access: Access;
  /** `changes` go through the change path; everything else only reads, and may leave a note in the audit log that it did. */
  readonly effect: 'reads' | 'changes';
  /** Path, query and body in one object; the schema refuses unknown fields. */
  readonly input: z.ZodType<Input, Given>;
  readonly output: z.ZodType<Output>;
  readonly run: (engine: Engine, caller: Caller, input: Input) => Promise<Output>;
}

/** `Given` is what a caller may hand in, where the schema fills in defaults: then it differs from `Input`. */
export function defineOperation<Input, Output, Given = Input>(
  operation: Operation<Input, Output, Given>,
): Operation<Input, Output, Given> {
  return operation;
}

/**
 * Performs an operation: may the caller, is the input right, then the use case.
 * @throws {Rejection} for everything that is the caller's to put right; anything else is a fault.
 */
export async function perform<Input, Output, Given>(
  operation: Operation<Input, Output, Given>,
  engine: Engine,
  caller: Caller,
  input: unknown,
): Promise<Output> {
  checkAccess(operation.access, caller);
  const read = readInput(operation.input, input);
  try {
    return await operation.run(engine, caller, read);
  } catch (error) {
    if (error instanceof OutOfReach) noteOutOfReach(engine, caller, error);
    throw error;
  }
}

export function checkAccess(access: Access, caller: Caller): void {
  if ('local' in access) {
    if (caller.actor.kind !== 'operator' && caller.actor.kind !== 'host') throw new Rejection('not_found');
    return;
  }
  if ('session' in access) requireSignedIn(access, caller);
  const isForSelf = caller.self !== null && caller.token === null && 'orSelf' in access && access.orSelf !== undefined;
  if ('needsOneOf' in access && !isForSelf) requireOneOf(caller, access.needsOneOf);
  const needed = isForSelf ? null : neededByBearer(access);
  if (needed !== null) requirePermission(caller, needed);
}

function requireSignedIn({ orStaff }: { readonly orStaff?: true }, caller: Caller): void {
  if (caller.session !== undefined || (orStaff === true && caller.staff !== undefined)) return;
  if (caller.staff === undefined) throw new Rejection('authentication_required', NOT_SIGNED_IN);
  throw new Rejection('insufficient_permissions', 'This is about an account, and you have none here.');
}

const NOT_SIGNED_IN = 'This is for people who are signed in at the dashboard.';

/** What the bearer of a token must hold whatever the operation is about; null where that depends. */
export function neededByBearer(access: Access): ManagementPermission | null {
  return 'needs' in access && access.orSelf !== true ? access.needs : null;
}

/**
 * What the schema makes of the input.
 * @throws {Rejection} `invalid_input`, with every problem at its place. An unknown field is named by itself, so that a
 * typing mistake is found at once; what was sent is not repeated, since a token or a password may be among it.
 */
export function readInput<Input, Given>(schema: z.ZodType<Input, Given>, input: unknown): Input {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const found = findProblems(parsed.error.issues, input, INPUT_WORDS);
  const problems = found.map(({ steps, message }): InputProblem => ({ path: steps.join('.'), message }));
  throw new Rejection('invalid_input', undefined, { problems });
}

const INPUT_WORDS: ProblemWords = { unknownKey: 'There is no such field.', insteadOf: () => '' };

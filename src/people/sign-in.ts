import { z } from 'zod';
import { type Caller, defineOperation, type Engine, emailSchema, Rejection } from '../manage/index.ts';
import type { OwnerRecord, SecondFactorRecord, Transaction } from '../ports/index.ts';
import { issueDevice, knownDevice } from './known-device.ts';
import { mailNotice } from './notices.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { takeCode } from './second-factor.ts';
import { beginSession, cookiesSchema, maySignIn, type newSession, sessionDraft, workplaces } from './session.ts';
import { describeSession, sessionSchema } from './session-wire.ts';
import { guardOf } from './sign-in-guard.ts';

/** More than any password may have, and little enough to hash. */
export const PASSWORD_INPUT_MAX = 2_000;

const inputSchema = z.strictObject({
  email: emailSchema,
  password: z.string().max(PASSWORD_INPUT_MAX),
  code: z.string().max(64).optional().describe('Of the authenticator, or a recovery code, where the user has one'),
});
type Input = z.infer<typeof inputSchema>;

export const signedInSchema = z.object({ session: sessionSchema, cookies: cookiesSchema });
export type SignedIn = z.infer<typeof signedInSchema>;

/**
 * Signs a person in. Unknown, wrong, disabled and without a workspace are one answer that takes the same work (threats row
 * 100b), and every attempt is counted before its password is hashed (row 100a).
 */
export const signIn = defineOperation<Input, SignedIn, z.input<typeof inputSchema>>({
  id: 'signIn',
  summary: 'Sign in with e-mail address and password',
  access: { open: true },
  effect: 'changes',
  input: inputSchema,
  output: signedInSchema,
  run: async (engine, caller, { email, password, code }) => {
    const user = await engine.store.owners.find({ email });
    const { ip, browser } = caller.circumstances;
    const device = user === null ? null : knownDevice(engine, browser?.device ?? null, user.id);
    const admission = guardOf(engine).admit({ account: email, ip, device });
    let isRight: boolean;
    let passwordHash: string | null;
    try {
      const hash = await engine.store.people.readPasswordHash(user?.id ?? NOBODY);
      isRight = await verifyPassword(hash ?? (await somebodysHash()), password);
      isRight &&= hash !== null;
      passwordHash = hash;
    } catch (error) {
      admission.withdrawn();
      throw error;
    }
    if (!isRight || user === null || !maySignIn(user)) throw new Rejection('invalid_sign_in');
    try {
      const signedIn = await startSession(engine, caller, user, { passwordHash, code: code ?? null, device });
      admission.succeeded();
      return signedIn;
    } catch (error) {
      // Who sends no code yet has guessed nothing; a wrong one counts like a wrong password, and so does whoever may not in.
      const isRefused = error instanceof Rejection && error.code === 'invalid_sign_in';
      if (code === undefined && !isRefused) admission.withdrawn();
      throw error;
    }
  },
});

interface Proof {
  /** The one that the password was checked against. */
  readonly passwordHash: string | null;
  readonly code: string | null;
  /** The browser, where the account has signed in before. */
  readonly device: string | null;
}

/**
 * Begins a session for a person whose password was right. The session that the browser had before ends.
 * @throws {Rejection} `invalid_sign_in` without a workspace to work in, `second_factor_required` for a missing or wrong code.
 */
async function startSession(engine: Engine, caller: Caller, user: OwnerRecord, proof: Proof): Promise<SignedIn> {
  const now = engine.clock.now();
  const { value: made } = await engine.changes.commit(async (transaction) => {
    const owner = await transaction.owners.lockOwner({ id: user.id });
    // A password that was changed meanwhile has ended what it let in.
    const isCurrent = (await transaction.people.readPasswordHash(user.id)) === proof.passwordHash;
    const [place] = await workplaces(transaction.owners, user.id);
    if (owner === null || !maySignIn(owner) || !isCurrent || place === undefined)
      throw new Rejection('invalid_sign_in');
    const factor = await transaction.secondFactors.lock(user.id);
    if (factor?.confirmedAt != null) await requireCode(engine, transaction, factor, proof.code, now);
    const made = await beginSession(engine, caller, transaction, user.id, place.workspace.id);
    if (proof.device === null) await mailNotice(engine, transaction, caller, user, 'new_sign_in');
    return sessionDraft(caller, now, made, {
      action: 'session.started',
      ids: [made.session.id],
      ownerId: user.id,
      workspaceId: place.workspace.id,
      tightening: false,
      personal: { user_agent: made.session.userAgent },
    });
  });
  return describeSignedIn(engine, made);
}

/** What the browser is answered once the session is stored. */
export async function describeSignedIn(
  engine: Engine,
  { session, value }: ReturnType<typeof newSession>,
): Promise<SignedIn> {
  const row = await engine.store.sessions.find(session.digest);
  if (row === null) throw new Rejection('invalid_sign_in');
  return {
    session: await describeSession(engine, row),
    cookies: { session: value, device: issueDevice(engine, session.ownerId) },
  };
}

async function requireCode(
  engine: Engine,
  transaction: Transaction,
  factor: SecondFactorRecord,
  code: string | null,
  now: number,
): Promise<void> {
  if (code === null) throw new Rejection('second_factor_required');
  if (await takeCode(engine, transaction, factor, code, now)) return;
  throw new Rejection('second_factor_required', 'This code is wrong, or was used already. Wait for the next one.');
}

const NOBODY = 'usr_0000000000000000000000';

let dummy: Promise<string> | null = null;

/** A hash to check against where there is none, so that both take the same time. */
function somebodysHash(): Promise<string> {
  dummy ??= hashPassword('nobody has this password').catch((error: unknown) => {
    dummy = null;
    throw error;
  });
  return dummy;
}

import { z } from 'zod';
import { type Caller, defineOperation, type Engine, emailSchema, Rejection } from '../manage/index.ts';
import type { OwnerRecord } from '../ports/index.ts';
import { issueDevice, knownDevice } from './known-device.ts';
import { hashPassword, verifyPassword } from './password.ts';
import { cookiesSchema, insertSession, maySignIn, newSession, sessionDraft, workplaces } from './session.ts';
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
  run: async (engine, caller, { email, password }) => {
    const user = await engine.store.owners.find({ email });
    const { ip, browser } = caller.circumstances;
    const device = user === null ? null : knownDevice(engine, browser?.device ?? null, user.id);
    const admission = guardOf(engine).admit({ account: email, ip, device });
    let isRight: boolean;
    try {
      const hash = await engine.store.people.readPasswordHash(user?.id ?? NOBODY);
      isRight = await verifyPassword(hash ?? (await somebodysHash()), password);
      isRight &&= hash !== null;
    } catch (error) {
      admission.withdrawn();
      throw error;
    }
    if (!isRight || user === null || !maySignIn(user)) throw new Rejection('invalid_sign_in');
    const signedIn = await startSession(engine, caller, user);
    admission.succeeded();
    return signedIn;
  },
});

/** Begins a session for a person who has proved to be the user. @throws {Rejection} `invalid_sign_in` without a workspace to work in. */
export async function startSession(engine: Engine, caller: Caller, user: OwnerRecord): Promise<SignedIn> {
  const { value: made } = await engine.changes.commit(async (transaction) => {
    const owner = await transaction.owners.lockOwner({ id: user.id });
    const [place] = await workplaces(transaction.owners, user.id);
    if (owner === null || !maySignIn(owner) || place === undefined) throw new Rejection('invalid_sign_in');
    const made = newSession(engine, caller, user.id, place.workspace.id);
    await insertSession(transaction, made.session);
    return sessionDraft(caller, engine.clock.now(), made, {
      action: 'session.started',
      ids: [made.session.id],
      ownerId: user.id,
      workspaceId: place.workspace.id,
      tightening: false,
      personal: { user_agent: made.session.userAgent },
    });
  });
  const row = await engine.store.sessions.find(made.session.digest);
  if (row === null) throw new Rejection('invalid_sign_in');
  return {
    session: await describeSession(engine, row),
    cookies: { session: made.value, device: issueDevice(engine, user.id) },
  };
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

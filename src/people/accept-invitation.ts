import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { type Caller, defineOperation, type Engine, nameSchema, Rejection } from '../manage/index.ts';
import { type OwnerRecord, type Transaction, UniqueViolation } from '../ports/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { requireGoodPassword } from './change-password.ts';
import { draftJoining, invitationAt, type Joined, openInvitation } from './join-by-invitation.ts';
import { digestSecret } from './one-time-secret.ts';
import { hashPassword } from './password.ts';
import { maySignIn } from './session.ts';
import { describeSignedIn, PASSWORD_INPUT_MAX, type SignedIn, signedInSchema } from './sign-in.ts';

const inputSchema = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
  name: nameSchema.optional(),
  password: z.string().max(PASSWORD_INPUT_MAX).optional().describe('For who has no account yet'),
});
type Input = z.infer<typeof inputSchema>;

/**
 * Accepts an invitation, once. Somebody new becomes a user with a password of their own; a user of other workspaces accepts
 * signed in.
 */
export const acceptInvitation = defineOperation<Input, SignedIn, z.input<typeof inputSchema>>({
  id: 'acceptInvitation',
  summary: 'Accept an invitation',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: inputSchema,
  output: signedInSchema,
  run: async (engine, caller, input) => {
    const passwordHash = await hashFor(engine, caller, input);
    try {
      const { value } = await engine.changes.commit((transaction) =>
        draftAcceptance(engine, caller, input, passwordHash, transaction),
      );
      return await describeSignedIn(engine, value);
    } catch (error) {
      if (error instanceof Rejection && error.code === 'exceeds_creator') throw new Rejection('link_invalid');
      if (!(error instanceof UniqueViolation) || error.constraint !== 'owner_email') throw error;
      throw signInFirst(error);
    }
  },
});

/** A password is hashed only for who has the link and no account yet: hashing is what costs. null for a user. */
async function hashFor(engine: Engine, caller: Caller, { secret, password, name }: Input): Promise<string | null> {
  const invitation = await openInvitation(engine, secret);
  const user = await engine.store.owners.find({ email: invitation.email });
  if (user !== null) {
    requireUser(caller, user);
    return null;
  }
  if (!engine.passwordSignIn) {
    throw new Rejection(
      'sign_in_first',
      'People sign in here by single sign-on alone: accept on the page of the link.',
    );
  }
  requireGoodPassword({ email: invitation.email, name: name ?? null }, password ?? '', 'password');
  return hashPassword(password ?? '');
}

/** The link was made for this address: whoever has it and somebody else's session is not who was invited. */
function requireUser({ session }: Caller, user: OwnerRecord): void {
  if (session?.owner.id !== user.id || !maySignIn(user)) throw signInFirst();
}

function signInFirst(cause?: unknown): Rejection {
  return new Rejection('sign_in_first', undefined, { cause });
}

async function draftAcceptance(
  engine: Engine,
  caller: Caller,
  input: Input,
  passwordHash: string | null,
  transaction: Transaction,
): Promise<Draft<Joined>> {
  const now = engine.clock.now();
  const invitation = await invitationAt(transaction, digestSecret(input.secret), now);
  const found = await transaction.owners.find({ email: invitation.email });
  const before = found === null ? null : await transaction.owners.lockOwner({ id: found.id });
  if (before === null ? passwordHash === null : passwordHash !== null) throw signInFirst();
  if (before !== null) requireUser(caller, before);
  return draftJoining(engine, caller, transaction, {
    invitation,
    before,
    name: input.name ?? invitation.name,
    admit: async (user) => {
      if (passwordHash !== null) await transaction.people.putPasswordHash(user.id, passwordHash, now);
    },
  });
}

import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { type Caller, defineOperation, type Engine, nameSchema, Rejection } from '../manage/index.ts';
import { type Transaction, UniqueViolation } from '../ports/index.ts';
import { draftJoining, invitationAt, type Joined } from './join-by-invitation.ts';
import { knownDevice } from './known-device.ts';
import { mailNotice } from './notices.ts';
import { maySignIn } from './session.ts';
import { describeSignedIn, type SignedIn, signedInSchema } from './sign-in.ts';
import { admissionSchema, identitySchema, refused, whoIs } from './sign-in-with-identity.ts';

const inputSchema = z.strictObject({
  identity: identitySchema,
  admission: admissionSchema,
  /** Digest of the link's secret. */
  invitation: z.string(),
});
type Input = z.infer<typeof inputSchema>;

/**
 * Accepts an invitation for whom an OpenID provider has identified. It is theirs when they are the user with the invited
 * address, or when the provider vouches for it and nobody here has it: then they become a user, linked to issuer and subject.
 * The link alone lets nobody in, and neither does the address.
 */
export const acceptInvitationWithIdentity = defineOperation<Input, SignedIn>({
  id: 'acceptInvitationWithIdentity',
  summary: 'Accept an invitation by signing in at an OpenID provider',
  access: { local: true },
  effect: 'changes',
  input: inputSchema,
  output: signedInSchema,
  run: async (engine, caller, input) => {
    try {
      const { value } = await engine.changes.commit((transaction) =>
        draftAcceptance(engine, caller, input, transaction),
      );
      return await describeSignedIn(engine, value);
    } catch (error) {
      if (error instanceof Rejection && error.code === 'exceeds_creator') throw new Rejection('link_invalid');
      // Somebody came in as this person at the same moment: what they opened is over, and a sign-in shows it.
      if (error instanceof UniqueViolation) throw new Rejection('link_invalid', undefined, { cause: error });
      throw error;
    }
  },
});

async function draftAcceptance(
  engine: Engine,
  caller: Caller,
  input: Input,
  transaction: Transaction,
): Promise<Draft<Joined>> {
  const now = engine.clock.now();
  const invitation = await invitationAt(transaction, input.invitation, now);
  const { issuer, subject, name } = input.identity;
  const { user: before, isLinked, email } = await whoIs(input, transaction);
  if ((before === null ? email : before.email) !== invitation.email) {
    throw new Rejection('sign_in_first', 'The invitation is for another e-mail address than that of this account.');
  }
  if (before !== null && !maySignIn(before)) throw refused('This user is disabled or deleted.');
  const called = nameSchema.safeParse(name);
  const drafted = await draftJoining(engine, caller, transaction, {
    invitation,
    before,
    name: invitation.name ?? (called.success ? called.data : null),
    admit: async (user) => {
      if (!isLinked) await transaction.identities.put({ issuer, subject, ownerId: user.id, linkedAt: now });
    },
    details: { issuer },
  });
  const device = before === null ? null : knownDevice(engine, caller.circumstances.browser?.device ?? null, before.id);
  if (before !== null && device === null) {
    const person: Caller = { ...caller, actor: { kind: 'user', id: before.id } };
    await mailNotice(engine, transaction, person, before, 'new_sign_in');
  }
  return drafted;
}

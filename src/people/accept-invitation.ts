import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import {
  ALL_MANAGEMENT,
  auditDraft,
  type Caller,
  defineOperation,
  draftOwner,
  type Engine,
  nameSchema,
  permissionsNow,
  Rejection,
} from '../manage/index.ts';
import { compilePermissions, covers, entriesOf, isReserved, type PermissionSet } from '../policy/index.ts';
import {
  type InvitationRecord,
  type OwnerRecord,
  type SessionRecord,
  type Transaction,
  UniqueViolation,
} from '../ports/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { requireGoodPassword } from './change-password.ts';
import { digestSecret } from './one-time-secret.ts';
import { hashPassword } from './password.ts';
import { beginSession, maySignIn } from './session.ts';
import { describeSignedIn, PASSWORD_INPUT_MAX, type SignedIn, signedInSchema } from './sign-in.ts';

const inputSchema = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
  name: nameSchema.optional(),
  password: z.string().max(PASSWORD_INPUT_MAX).optional().describe('For who has no account yet'),
});
type Input = z.infer<typeof inputSchema>;

/**
 * Accepts an invitation, once. Somebody new becomes a user with a password of their own; a user of other workspaces accepts
 * signed in. What is given is bounded by what the one who invited may give at this moment.
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
  const invitation = await engine.store.transact((transaction) => openInvitation(engine, transaction, secret));
  const user = await engine.store.owners.find({ email: invitation.email });
  if (user !== null) {
    requireUser(caller, user);
    return null;
  }
  requireGoodPassword({ email: invitation.email, name: name ?? null }, password ?? '', 'password');
  return hashPassword(password ?? '');
}

/** @throws {Rejection} `link_invalid`. */
async function openInvitation(engine: Engine, { links }: Transaction, secret: string): Promise<InvitationRecord> {
  const invitation = await links.lockInvitation({ digest: digestSecret(secret) });
  if (invitation === null || invitation.expiresAt <= engine.clock.now()) throw new Rejection('link_invalid');
  return invitation;
}

/** The link was made for this address: whoever has it and somebody else's session is not who was invited. */
function requireUser({ session }: Caller, user: OwnerRecord): void {
  if (session?.owner.id !== user.id || !maySignIn(user)) throw signInFirst();
}

function signInFirst(cause?: unknown): Rejection {
  return new Rejection('sign_in_first', undefined, { cause });
}

type Accepted = { readonly session: SessionRecord; readonly value: string };

async function draftAcceptance(
  engine: Engine,
  caller: Caller,
  input: Input,
  passwordHash: string | null,
  transaction: Transaction,
): Promise<Draft<Accepted>> {
  const now = engine.clock.now();
  const invitation = await openInvitation(engine, transaction, input.secret);
  const { email, workspaceId } = invitation;
  const found = await transaction.owners.find({ email });
  const before = found === null ? null : await transaction.owners.lockOwner({ id: found.id });
  if (before === null ? passwordHash === null : passwordHash !== null) throw signInFirst();
  if (before !== null) requireUser(caller, before);
  const kept = before === null ? [] : await transaction.owners.memberships(before.id);
  const giver = await giverOf(transaction, invitation, caller);
  const drafted = await draftOwner(engine, giver, transaction, before, {
    kind: 'user',
    externalId: null,
    ...(before === null && { email, name: input.name ?? invitation.name }),
    memberships: [
      ...kept
        .filter((one) => one.workspaceId !== workspaceId)
        .map((one) => wishOf(one.workspaceId, one.permissions, one.roleIds)),
      wishOf(workspaceId, invitation.permissions, invitation.roleIds),
    ],
  });
  const user = drafted.value.after;
  if (passwordHash !== null) await transaction.people.putPasswordHash(user.id, passwordHash, now);
  await transaction.links.deleteInvitation(invitation.id);
  const made = await beginSession(engine, caller, transaction, user.id, workspaceId);
  const subject = { kind: 'owner' as const, id: user.id };
  return {
    value: made,
    subjects: [
      ...drafted.subjects,
      { kind: 'invitation', id: invitation.id },
      { kind: 'session', id: made.session.id },
    ],
    tightening: false,
    audit: auditDraft({ ...caller, actor: { kind: 'user', id: user.id } }, now, {
      action: 'invitation.accepted',
      subject,
      workspaceId,
      details: {
        invitation_id: invitation.id,
        invited_by: invitation.createdBy,
        is_new: before === null,
        permissions: invitation.permissions,
        role_ids: invitation.roleIds,
      },
      personal: { email: user.email, name: user.name },
    }),
  };
}

function wishOf(workspaceId: string, permissions: readonly string[], roles: readonly string[]) {
  return { workspace: { id: workspaceId }, permissions, roles, path: '' };
}

/** Whoever invited, with the management they hold at this moment: somebody demoted since then gives nothing away. */
async function giverOf(transaction: Transaction, { inviter }: InvitationRecord, caller: Caller): Promise<Caller> {
  let management: PermissionSet = compilePermissions(ALL_MANAGEMENT);
  if (inviter !== null) {
    const owner = await transaction.owners.lockOwner({ id: inviter.ownerId });
    const workspace = await transaction.owners.findWorkspace({ id: inviter.workspaceId });
    const stands =
      owner !== null && owner.disabledAt === null && owner.disabledByProviderAt === null && owner.deletedAt === null;
    if (!stands || workspace === null || workspace.disabledAt !== null) throw new Rejection('link_invalid');
    const held = await permissionsNow(transaction, inviter);
    if (!covers(held, 'keyhouse-users:write')) throw new Rejection('link_invalid');
    management = compilePermissions(entriesOf(held).filter(isReserved));
  }
  return { ...caller, management, reach: 'installation' };
}

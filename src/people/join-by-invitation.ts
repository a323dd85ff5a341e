import type { Draft } from '../changes/index.ts';
import {
  ALL_MANAGEMENT,
  auditDraft,
  type Caller,
  draftOwner,
  type Engine,
  permissionsNow,
  Rejection,
} from '../manage/index.ts';
import { compilePermissions, covers, entriesOf, isReserved, type PermissionSet } from '../policy/index.ts';
import type { InvitationRecord, OwnerRecord, SessionRecord, Transaction } from '../ports/index.ts';
import { digestSecret } from './one-time-secret.ts';
import { beginSession } from './session.ts';

/** The session in which somebody who accepted an invitation is signed in. */
export type Joined = { readonly session: SessionRecord; readonly value: string };

/**
 * The open invitation with the digest of a link's secret, held by this transaction.
 * @throws {Rejection} `link_invalid`.
 */
export async function invitationAt({ links }: Transaction, digest: string, now: number): Promise<InvitationRecord> {
  const invitation = await links.lockInvitation({ digest });
  if (invitation === null || invitation.expiresAt <= now) throw new Rejection('link_invalid');
  return invitation;
}

/**
 * The open invitation of a link, as it stands at this moment.
 * @throws {Rejection} `link_invalid`.
 */
export function openInvitation({ store, clock }: Engine, secret: string): Promise<InvitationRecord> {
  return store.transact((transaction) => invitationAt(transaction, digestSecret(secret), clock.now()));
}

interface Joining {
  readonly invitation: InvitationRecord;
  /** The user who accepts, held by this transaction; null for somebody new. */
  readonly before: OwnerRecord | null;
  /** What somebody new is called. */
  readonly name: string | null;
  /** Keeps what the user will sign in with, in the same transaction. */
  readonly admit: (user: OwnerRecord) => Promise<void>;
  /** What the audit log says further. */
  readonly details?: Readonly<Record<string, string>>;
}

/**
 * Makes somebody a member as an invitation says, once, and signs them in. Whoever calls has made sure that it is who was
 * invited. What is given is bounded by what the one who invited may give at this moment.
 * @throws {Rejection} `link_invalid`, `exceeds_creator`.
 */
export async function draftJoining(
  engine: Engine,
  caller: Caller,
  transaction: Transaction,
  { invitation, before, name, admit, details = {} }: Joining,
): Promise<Draft<Joined>> {
  const now = engine.clock.now();
  const { email, workspaceId } = invitation;
  const kept = before === null ? [] : await transaction.owners.memberships(before.id);
  const giver = await giverOf(transaction, invitation, caller);
  const drafted = await draftOwner(engine, giver, transaction, before, {
    kind: 'user',
    externalId: null,
    ...(before === null && { email, name }),
    memberships: [
      ...kept
        .filter((one) => one.workspaceId !== workspaceId)
        .map((one) => wishOf(one.workspaceId, one.permissions, one.roleIds)),
      wishOf(workspaceId, invitation.permissions, invitation.roleIds),
    ],
  });
  const user = drafted.value.after;
  await admit(user);
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
        ...details,
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

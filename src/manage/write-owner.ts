import { membershipKey } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import type { OwnerKind, OwnerReads, OwnerRecord, Subject, Transaction } from '../ports/index.ts';
import { auditDraft, personalChange } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { keepAnAdministrator, type OwnerAfter } from './keep-administrator.ts';
import type { Engine } from './operation.ts';
import { impersonal, type OwnerPlan } from './owner-change.ts';
import type { PlanContext } from './plan-memberships.ts';
import { isUnchanged, type OwnerWish, planOwner } from './plan-owner.ts';

/** What each kind of owner is called in the audit log. */
export const AUDIT_WORD: Readonly<Record<OwnerKind, string>> = {
  external: 'owner',
  user: 'user',
  service_account: 'service_account',
};

export async function planContext(
  engine: Engine,
  caller: Caller,
  owners: OwnerReads,
  foreseen: PlanContext['foreseen'] = new Map(),
): Promise<PlanContext> {
  return { engine, caller, owners, foreseen, roles: await owners.listRoles(), now: engine.clock.now() };
}

/**
 * Drafts what was asked for, in the transaction that holds the owner's row.
 *
 * Asking for what is already so waits like a tightening: the call that made it so may have ended without its answer.
 * @param waits false where the caller waits once for many owners.
 */
export async function draftOwner(
  engine: Engine,
  caller: Caller,
  transaction: Transaction,
  before: OwnerRecord | null,
  wish: OwnerWish,
  waits = true,
): Promise<Draft<OwnerPlan>> {
  const context = await planContext(engine, caller, transaction.owners);
  const plan = await planOwner(context, before, wish);
  const unchanged = isUnchanged(plan);
  if (!unchanged) {
    if (before !== null) await keepAnAdministrator(transaction, before, await ownerAfter(transaction, plan));
    await writeOwner(transaction, plan);
  }
  const { id, kind, externalId } = plan.after;
  return {
    value: plan,
    subjects: subjectsOf(plan),
    unchanged,
    tightening: waits && (plan.narrows || unchanged),
    audit: auditDraft(caller, context.now, {
      action: `${AUDIT_WORD[kind]}.${verbOf(plan)}`,
      subject: { kind: 'owner', id },
      workspaceId: plan.workspaceId ?? (caller.reach === 'installation' ? null : caller.reach.workspaceId),
      details: { owner_id: id, external_id: externalId, changes: impersonal(plan.changes), narrowed: plan.narrows },
      personal: personalChange(plan.before, plan.after, ['name', 'email']),
    }),
  };
}

async function ownerAfter({ owners }: Transaction, { after, memberships }: OwnerPlan): Promise<OwnerAfter> {
  const kept = await owners.memberships(after.id);
  return {
    owner: after,
    membershipOf(workspaceId) {
      const change = memberships.find(({ workspace }) => workspace.id === workspaceId);
      return change === undefined ? (kept.find((one) => one.workspaceId === workspaceId) ?? null) : change.after;
    },
  };
}

async function writeOwner(
  { owners, sessions, links }: Transaction,
  { before, after, patch, memberships, newWorkspaces }: OwnerPlan,
): Promise<void> {
  for (const workspace of newWorkspaces) await owners.directory.insertWorkspace(workspace);
  if (before === null) await owners.insertOwner(after);
  else await owners.updateOwner(after.id, patch);
  // Enabled again, or under another address, nobody comes in by what was given to them before.
  if (patch.disabledAt != null) await sessions.end(after.id, { exceptId: null });
  if (before !== null && (patch.disabledAt != null || patch.email !== undefined)) await links.deleteResets(after.id);
  for (const { workspace, after: membership } of memberships) {
    if (membership === null) await owners.deleteMembership(after.id, workspace.id);
    else await owners.putMembership(membership);
  }
}

function subjectsOf({ before, after, patch, memberships, newWorkspaces }: OwnerPlan): Subject[] {
  const isOwnerTouched = before === null || Object.keys(patch).length > 0 || memberships.length === 0;
  return [
    ...(isOwnerTouched ? [{ kind: 'owner' as const, id: after.id }] : []),
    ...newWorkspaces.map(({ id }) => ({ kind: 'workspace' as const, id })),
    ...memberships.map(({ workspace }) => ({
      kind: 'membership' as const,
      id: membershipKey(after.id, workspace.id),
    })),
  ];
}

function verbOf({ before, after }: OwnerPlan): string {
  if (before === null) return 'created';
  const isStopping = (was: number | null, is: number | null) => was === null && is !== null;
  const isDisabled =
    isStopping(before.disabledAt, after.disabledAt) ||
    isStopping(before.disabledByProviderAt, after.disabledByProviderAt);
  return isDisabled ? 'disabled' : 'updated';
}

import type { Metadata, OwnerKind, OwnerRecord } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { reaches } from './caller.ts';
import { OutOfReach } from './out-of-reach.ts';
import { type Change, describeMembershipChange, type OwnerPlan } from './owner-change.ts';
import type { MembershipWish } from './owner-input.ts';
import { managementOf, type PlanContext, planMemberships, requireManagement } from './plan-memberships.ts';
import { invalidInput, Rejection } from './rejection.ts';

const ID_PREFIX: Readonly<Record<OwnerKind, string>> = { external: 'own', user: 'usr', service_account: 'svc' };

/** What was asked for; what is left out stays as it is. */
export interface OwnerWish {
  readonly kind: OwnerKind;
  readonly externalId: string | null;
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly metadata?: Metadata | undefined;
  readonly disabled?: boolean | undefined;
  /** The whole set within the caller's reach. */
  readonly memberships: readonly MembershipWish[] | null;
}

/**
 * Plans what an owner will be. Pure but for reads, so that a dry run says exactly what the change would do.
 * @param before null for an owner that does not exist.
 * @throws {Rejection} `not_found` for an owner none of whose memberships the caller reaches, `insufficient_permissions`
 *   for a field of an owner who also belongs to workspaces out of reach, and what `planMemberships` throws.
 */
export async function planOwner(context: PlanContext, before: OwnerRecord | null, wish: OwnerWish): Promise<OwnerPlan> {
  const { caller, engine, owners, roles, now } = context;
  const all = before === null ? [] : await owners.memberships(before.id);
  const held = all.filter((one) => reaches(caller, one.workspaceId));
  if (before !== null && held.length === 0 && caller.reach !== 'installation') throw new OutOfReach('owner', before.id);
  const base: OwnerRecord = before ?? {
    id: generateId(ID_PREFIX[wish.kind], engine.random),
    kind: wish.kind,
    externalId: wish.externalId,
    name: null,
    email: null,
    disabledAt: null,
    disabledByProviderAt: null,
    deletedAt: null,
    metadata: {},
    createdAt: now,
  };
  const patch = patchOf(base, wish, now);
  if (held.length < all.length && Object.keys(patch).length > 0) throw belongsElsewhere();
  if (wish.kind === 'user' && patch.email !== undefined && caller.reach !== 'installation') throw takesInvitation();
  const powers = managementOf(all, roles);
  if (powers.length > 0 && givesControl(patch)) requireManagement(caller, powers);
  if (before === null && caller.reach !== 'installation' && !wish.memberships?.length) {
    throw invalidInput('memberships', 'Say what the owner may do in your workspace.');
  }
  const memberships =
    wish.memberships === null
      ? { changes: [], newWorkspaces: [], narrows: false }
      : await planMemberships(context, base, held, wish.memberships);
  const after = { ...base, ...patch };
  const touched = memberships.changes.map(({ workspace }) => workspace.id);
  const concerned = Object.keys(patch).length === 0 ? touched : [...all.map((one) => one.workspaceId), ...touched];
  const [workspaceId, second] = new Set(concerned);
  return {
    before,
    after,
    patch,
    workspaceId: second === undefined ? (workspaceId ?? null) : null,
    memberships: memberships.changes,
    newWorkspaces: memberships.newWorkspaces,
    narrows: memberships.narrows || (before !== null && isDisabling(before, after)),
    changes: [
      ...fieldChanges(before, after),
      ...memberships.newWorkspaces.map(({ externalId, name }) => ({
        path: `workspaces.${externalId}`,
        before: null,
        after: { name },
      })),
      ...memberships.changes.map((change) => describeMembershipChange(change, roles)),
    ],
  };
}

export function isUnchanged({ before, patch, memberships }: OwnerPlan): boolean {
  return before !== null && Object.keys(patch).length === 0 && memberships.length === 0;
}

/** Whether an address is taken would say who is a user of other workspaces (threats row 100b): an invitation tells nobody. */
function takesInvitation(): Rejection {
  return new Rejection(
    'insufficient_permissions',
    'From one workspace people are invited, POST /v1/invitations: their address is written by who manages all workspaces.',
  );
}

/** A refusal for who reaches only some of an owner's workspaces. */
export function belongsElsewhere(): Rejection {
  return new Rejection(
    'insufficient_permissions',
    'This owner belongs to other workspaces too: from here only its membership of yours can be changed.',
  );
}

function patchOf(base: OwnerRecord, wish: OwnerWish, now: number): OwnerPlan['patch'] {
  const isProvider = wish.kind === 'external';
  const disabledAt = isProvider ? base.disabledByProviderAt : base.disabledAt;
  const wanted = wish.disabled === undefined ? disabledAt : wish.disabled ? (disabledAt ?? now) : null;
  return {
    ...(wish.name !== undefined && wish.name !== base.name && { name: wish.name }),
    ...(wish.email !== undefined && wish.email !== base.email && { email: wish.email }),
    ...(wish.metadata !== undefined && !sameJson(wish.metadata, base.metadata) && { metadata: wish.metadata }),
    // The provider's own disable and ours are kept apart: neither undoes the other.
    ...(wanted !== disabledAt && (isProvider ? { disabledByProviderAt: wanted } : { disabledAt: wanted })),
  };
}

/** Whoever reads an owner's mail or lets a stopped one in again can come to act with its powers. */
function givesControl(patch: OwnerPlan['patch']): boolean {
  return patch.email !== undefined || patch.disabledAt === null;
}

function isDisabling(before: OwnerRecord, after: OwnerRecord): boolean {
  return (
    (before.disabledAt === null && after.disabledAt !== null) ||
    (before.disabledByProviderAt === null && after.disabledByProviderAt !== null)
  );
}

function fieldChanges(before: OwnerRecord | null, after: OwnerRecord): Change[] {
  const fields: readonly [string, unknown, unknown][] = [
    ['name', before?.name ?? null, after.name],
    ['email', before?.email ?? null, after.email],
    ['metadata', before?.metadata ?? {}, after.metadata],
    ['disabled', before !== null && isStoppedByItsOwn(before), isStoppedByItsOwn(after)],
  ];
  return fields
    .filter(([, was, is]) => !sameJson(was, is))
    .map(([path, was, is]) => ({ path, before: before === null ? null : was, after: is }));
}

/** As far as `disabled` of this kind of owner says it. */
function isStoppedByItsOwn({ kind, disabledAt, disabledByProviderAt }: OwnerRecord): boolean {
  return (kind === 'external' ? disabledByProviderAt : disabledAt) !== null;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

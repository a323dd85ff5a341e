import { eventOwnerData, eventTokenData } from '../changes/index.ts';
import { type Engine, ownerStands } from '../manage/index.ts';
import { type DueReminder, formatInstant, reminderDay, remindersOf } from '../policy/index.ts';
import type { EventType, Instant, OwnerReads, TokenRecord, Transaction } from '../ports/index.ts';
import { reminderPlanOf } from '../profile/index.ts';
import { administratorsOf, recipientsOf } from './recipients.ts';

const EVENT_OF: Readonly<Record<DueReminder['kind'], EventType>> = {
  expiring: 'token.expiring',
  rotation_overdue: 'token.rotation_overdue',
  unused: 'token.unused',
};

/**
 * Looks at those of these tokens that are due, and lets what people are to be told wait for their next mail. Whoever repeats it
 * finds that they are not due any more, and every threshold taken.
 * @param uses the last use of each that was used.
 */
export async function noteTokens(
  engine: Engine,
  transaction: Transaction,
  ids: readonly string[],
  uses: ReadonlyMap<string, Instant>,
  now: Instant,
): Promise<void> {
  const plan = reminderPlanOf(engine.authenticator.profile.profile);
  const { until } = reminderDay(now, plan.hour);
  const { reminders, owners } = transaction;
  const known = knownOwners(owners);
  for (const token of await reminders.lockDue(ids, until)) {
    const { due, lookAt } = remindersOf(token, uses.get(token.id) ?? null, plan, { now, until });
    if (due.length > 0 && !(await known.stands(token))) {
      // What is refused anyway waits for whoever lets it work again.
      await reminders.lookAt(token.id, until);
      continue;
    }
    for (const one of due) await noteOne(engine, transaction, token, one, known, now);
    await reminders.lookAt(token.id, lookAt);
  }
}

async function noteOne(
  engine: Engine,
  transaction: Transaction,
  token: TokenRecord,
  { kind, about, keys }: DueReminder,
  known: KnownOwners,
  now: Instant,
): Promise<void> {
  let isNew = false;
  for (const [index, key] of keys.entries()) {
    const isFirst = await transaction.notices.once(key, now);
    if (index === 0) isNew = isFirst;
  }
  if (!isNew) return;
  const { id: subjectId, workspaceId } = token;
  const type = EVENT_OF[kind];
  if (await transaction.events.isAwaited(type, workspaceId)) {
    const owner = await transaction.owners.find({ id: token.ownerId });
    const data = {
      tokens: [eventTokenData(token)],
      owner: owner === null ? null : eventOwnerData(owner),
      workspace_id: workspaceId,
      ...(kind !== 'expiring' && { since: formatInstant(about) }),
    };
    await transaction.events.publish({ type, at: now, workspaceId, data });
  }
  if (!engine.sendsMail) return;
  for (const recipient of await known.recipients(token)) {
    await transaction.digests.put({ recipient, kind, subjectId, workspaceId, about }, now);
  }
}

/** Tells the administrators of the workspaces in which an owner who is disabled or has left still has tokens that are not revoked. */
export async function noteOwner(
  engine: Engine,
  transaction: Transaction,
  ownerId: string,
  now: Instant,
): Promise<void> {
  const { reminders, owners, notices, digests } = transaction;
  if (!(await reminders.takeOwner(ownerId))) return;
  for (const { workspaceId, since } of await endedIn(transaction, ownerId, now)) {
    // Leaving has no time of its own; being told twice of it on one day is what the key keeps from.
    const { from } = reminderDay(now, reminderPlanOf(engine.authenticator.profile.profile).hour);
    const isNew = await notices.once(`owner_ended:${ownerId}:${workspaceId}:${since ?? `left:${from}`}`, now);
    if (!isNew || !engine.sendsMail) continue;
    for (const recipient of await administratorsOf(owners, workspaceId)) {
      const about = since ?? now;
      await digests.put({ recipient, kind: 'owner_ended', subjectId: ownerId, workspaceId, about }, now);
    }
  }
}

/** Where an owner who is disabled or has left still has tokens, and how many; since when, where that is known. */
export async function endedIn({ owners, reminders }: Transaction, ownerId: string, now: Instant) {
  const owner = await owners.find({ id: ownerId });
  if (owner === null) return [];
  const since = owner.disabledAt ?? owner.disabledByProviderAt;
  const memberships = since === null ? await owners.memberships(ownerId) : [];
  const live = await reminders.liveTokens(ownerId, now);
  return live
    .filter(({ workspaceId }) => !memberships.some((membership) => membership.workspaceId === workspaceId))
    .map((place) => ({ ...place, owner, since }));
}

/** Asks once of each owner, however many of their tokens are looked at. */
function knownOwners(owners: OwnerReads) {
  const standing = new Map<string, Promise<boolean>>();
  const told = new Map<string, Promise<readonly string[]>>();
  return {
    stands({ ownerId, workspaceId }: TokenRecord) {
      return kept(standing, `${ownerId} ${workspaceId}`, () => ownerStands(owners, { ownerId, workspaceId }));
    },
    recipients(token: TokenRecord) {
      const { ownerId, workspaceId, rotation } = token;
      const key = JSON.stringify([ownerId, workspaceId, rotation.notificationEmail]);
      return kept(told, key, () => recipientsOf(owners, { ...token, ...rotation }));
    },
  };
}

type KnownOwners = ReturnType<typeof knownOwners>;

function kept<Value>(known: Map<string, Promise<Value>>, key: string, ask: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? ask();
  known.set(key, value);
  return value;
}

import { type Engine, ownerStands } from '../manage/index.ts';
import { formatInstant, reminderDay, tokenState } from '../policy/index.ts';
import type { Instant, Reminder, Transaction } from '../ports/index.ts';
import { reminderPlanOf } from '../profile/index.ts';
import { endedIn } from './note-reminders.ts';
import { putMail } from './put-mail.ts';

/** What one mail lists; the rest is counted. */
const LISTED_MAX = 25;

/** One line of the mail. */
export interface DigestItem {
  readonly kind: Reminder['kind'];
  /** Of the token, or of the owner. */
  readonly name: string;
  /** What is shown of the token; null of an owner. */
  readonly hint: string | null;
  /** Whose token it is, for those who look after somebody else's. */
  readonly owner: string | null;
  readonly at: string;
  /** Of an owner: tokens that are not revoked. */
  readonly tokens: number | null;
  /** The page of the dashboard. */
  readonly path: string;
}

export interface Digest {
  readonly to: string;
  /** How many there are in all. */
  readonly count: number;
  readonly items: readonly DigestItem[];
}

/**
 * Puts the mail of the day to one person into the outbox, with everything that waits for them; null where there is nothing
 * worth telling any more, or where they had one that day: then it waits for the next.
 */
export async function writeDigest(
  engine: Engine,
  transaction: Transaction,
  to: string,
  now: Instant,
): Promise<Digest | null> {
  const { notices, digests } = transaction;
  const { from, until } = reminderDay(now, reminderPlanOf(engine.authenticator.profile.profile).hour);
  if (!(await notices.once(`digest:${to}:${from}`, now))) {
    await digests.hold(to, until);
    return null;
  }
  await digests.dropEnded(to, now);
  const items = await mostUrgent(transaction, to, now);
  const count = await digests.removeAll(to, now);
  if (items.length === 0) return null;
  const data = { count: String(count), items: JSON.stringify(items), at: formatInstant(now) };
  await putMail(engine, transaction, { template: 'reminders', to, data });
  return { to, count, items };
}

async function mostUrgent(transaction: Transaction, to: string, now: Instant): Promise<readonly DigestItem[]> {
  for (;;) {
    const reminders = await transaction.digests.mostUrgent(to, now, LISTED_MAX);
    const items: DigestItem[] = [];
    for (const reminder of reminders) {
      const item = await itemOf(transaction, reminder, now);
      if (item === null) await transaction.digests.remove(reminder);
      else items.push(item);
    }
    if (items.length === reminders.length) return items;
  }
}

/** null for what is not so any more. */
async function itemOf(
  transaction: Transaction,
  { recipient, kind, subjectId, workspaceId, about }: Reminder,
  now: Instant,
): Promise<DigestItem | null> {
  const at = formatInstant(about);
  if (kind === 'owner_ended') {
    const place = (await endedIn(transaction, subjectId, now)).find((one) => one.workspaceId === workspaceId);
    if (place === undefined) return null;
    const page = { user: 'users', service_account: 'service-accounts', external: 'owners' }[place.owner.kind];
    const path = `/${page}/${encodeURIComponent(place.owner.externalId ?? place.owner.id)}`;
    return { kind, name: ownerName(place.owner), hint: null, owner: null, at, tokens: place.count, path };
  }
  const token = await transaction.tokens.findById(subjectId);
  if (token === null || tokenState(token, now) !== 'active') return null;
  if (kind === 'expiring' && token.expiresAt !== about) return null;
  if (kind === 'rotation_overdue' && token.rotation.autoRotate) return null;
  if (!(await ownerStands(transaction.owners, token))) return null;
  const owner = await transaction.owners.find({ id: token.ownerId });
  return {
    kind,
    name: token.name,
    hint: token.hint,
    owner: owner === null || owner.email === recipient ? null : ownerName(owner),
    at,
    tokens: null,
    path: `/tokens/${token.id}`,
  };
}

function ownerName(owner: {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly externalId: string | null;
}): string {
  return owner.name ?? owner.email ?? owner.externalId ?? owner.id;
}

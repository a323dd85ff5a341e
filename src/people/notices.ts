import type { Caller, Engine } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { OwnerRecord, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';

/** What people are told happened to their account. */
export type Notice = 'password_changed' | 'second_factor_added' | 'second_factor_removed' | 'new_sign_in';

const BROWSER_MAX = 300;

/**
 * Puts a mail into the outbox that tells a person what happened to the account, in the transaction in which it happens. From
 * where is told of what the person did; nothing is put where nobody sends mail.
 */
export async function mailNotice(
  engine: Engine,
  { outbox }: Transaction,
  { actor, circumstances }: Pick<Caller, 'actor' | 'circumstances'>,
  user: Pick<OwnerRecord, 'id' | 'email'>,
  template: Notice,
): Promise<void> {
  if (!engine.sendsMail || user.email === null) return;
  const now = engine.clock.now();
  const isOwn = actor.kind !== 'user' ? actor.kind === 'system' : actor.id === user.id;
  const { ip, browser } = circumstances;
  const userAgent = browser?.userAgent ?? null;
  await outbox.put({
    id: generateId('mal', engine.random),
    template,
    to: user.email,
    locale: null,
    data: {
      at: formatInstant(now),
      ...(isOwn && ip !== null && { ip }),
      ...(isOwn && userAgent !== null && { browser: userAgent.slice(0, BROWSER_MAX) }),
    },
    sealed: null,
    createdAt: now,
  });
}

import type { Engine } from '../manage/index.ts';
import type { MailDraft, Transaction } from '../ports/index.ts';
import { generateId } from '../token/index.ts';

/** Puts a mail without a link of its own into the outbox, in the transaction of what it tells about. */
export async function putMail(
  engine: Engine,
  { outbox }: Transaction,
  { template, to, data }: Pick<MailDraft, 'template' | 'to' | 'data'>,
): Promise<void> {
  const id = generateId('mal', engine.random);
  await outbox.put({ id, template, to, locale: null, data, sealed: null, createdAt: engine.clock.now() });
}

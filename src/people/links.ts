import type { Engine } from '../manage/index.ts';
import type { MailDraft, Transaction } from '../ports/index.ts';
import { generateId, sealUnderPepper } from '../token/index.ts';
import { newSecret } from './one-time-secret.ts';

export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;
export const RESET_LIFETIME_MS = 60 * 60_000;

/** A secret that lets somebody in once. */
export function newLinkSecret(engine: Engine): string {
  return newSecret(engine, 'claim');
}

/**
 * Where the page is, below the dashboard's address. The secret stands behind the #: browsers send that part to nobody, so it
 * is in no log and no Referer.
 */
export function linkTo(page: 'invitation' | 'reset-password' | 'portal' | 'staff' | 'claim', secret: string): string {
  return `/${page}#${secret}`;
}

/** The mails with a link, and the pages that these lead to. */
const PAGES = {
  invitation: 'invitation',
  password_reset: 'reset-password',
  rotation_due: 'claim',
  rotation_reminder: 'claim',
  rotation_overdue: 'claim',
} as const;

export type LinkMail = keyof typeof PAGES;

/** Puts a mail with a link into the outbox, in the transaction that makes the link. */
export async function mailLink(
  engine: Engine,
  { outbox }: Transaction,
  mail: Pick<MailDraft, 'to' | 'data'> & { readonly template: LinkMail; readonly secret: string },
): Promise<void> {
  const { template, to, data, secret } = mail;
  await outbox.put({
    id: generateId('mal', engine.random),
    template,
    to,
    locale: null,
    data,
    sealed: sealUnderPepper(linkTo(PAGES[template], secret), 'mail', engine.pepper(), engine.random),
    createdAt: engine.clock.now(),
  });
}

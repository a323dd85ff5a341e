import type { Engine } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { MailDraft, Transaction } from '../ports/index.ts';
import { type LinkMail, mailLink, newLinkSecret } from './links.ts';
import { digestSecret } from './one-time-secret.ts';

const CLAIM_LINK_LIFETIME_MS = 30 * 24 * 60 * 60_000;

/** A mail with a link to the successor of a token whose rotation is due. */
export interface ClaimMail extends Pick<MailDraft, 'to' | 'data'> {
  readonly template: Extract<LinkMail, 'rotation_due' | 'rotation_reminder' | 'rotation_overdue'>;
  readonly tokenId: string;
}

/** Makes a link of its own for one recipient and mails it, in one transaction. What it leads to does not exist yet. */
export async function mailClaimLink(
  engine: Engine,
  transaction: Transaction,
  { template, tokenId, to, data }: ClaimMail,
): Promise<void> {
  const now = engine.clock.now();
  const secret = newLinkSecret(engine);
  const expiresAt = now + CLAIM_LINK_LIFETIME_MS;
  const digest = digestSecret(secret);
  await transaction.rotations.insertLink({ digest, tokenId, recipient: to, createdAt: now, expiresAt });
  await mailLink(engine, transaction, {
    template,
    to,
    data: { ...data, expires_at: formatInstant(expiresAt) },
    secret,
  });
}

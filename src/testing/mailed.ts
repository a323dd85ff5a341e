import { openUnderPepper } from '../token/index.ts';
import type { TestEngine } from './engine.ts';

/** A mail as it lies in the outbox. */
export interface Mailed {
  readonly template: string;
  readonly to: string;
  readonly data: Readonly<Record<string, string>>;
  /** What stands behind the # of its link; null without a link. */
  readonly secret: string | null;
}

/** Takes all mails that are in the outbox, oldest first, as a mail server would. */
export async function takeMails(house: TestEngine): Promise<readonly Mailed[]> {
  const { mailQueue } = house.opened.upkeep;
  const now = house.clock.now();
  const mails = await mailQueue.claim(now, now + 1, { count: 1_000 });
  for (const mail of mails) await mailQueue.settle(mail, { state: 'sent', at: now });
  return mails
    .toSorted((one, other) => one.createdAt - other.createdAt)
    .map(({ template, to, data, sealed }) => {
      const link = sealed === null ? null : openUnderPepper(sealed, 'mail', house.engine.pepper());
      return { template, to, data, secret: link?.split('#')[1] ?? null };
    });
}

import type { Engine } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { Transaction, WebhookRecord } from '../ports/index.ts';
import { putMail } from './put-mail.ts';
import { administratorsOf } from './recipients.ts';

const FAILING_MAX_MS = 5 * 24 * 60 * 60_000;

/**
 * Disables an endpoint that has taken nothing for five days, or that says it is gone, and tells the administrators. Does
 * nothing where that is not so, or where it is disabled already.
 */
export async function stopFailingWebhook(engine: Engine, webhookId: string, isGone: boolean): Promise<void> {
  const now = engine.clock.now();
  const isDue = (webhook: WebhookRecord | null): webhook is WebhookRecord =>
    webhook !== null &&
    webhook.disabledAt === null &&
    (isGone || (webhook.failingSince !== null && webhook.failingSince <= now - FAILING_MAX_MS));
  if (!isDue(await engine.store.webhooks.find(webhookId))) return;
  await engine.changes.commit(async (transaction) => {
    const webhook = await transaction.webhooks.lock(webhookId);
    const stops = isDue(webhook);
    const disabledWhy = isGone ? ('gone' as const) : ('failing' as const);
    if (stops) {
      await transaction.webhooks.update(webhookId, { disabledAt: now, disabledWhy });
      await transaction.webhooks.giveUpAll(webhookId, 'The endpoint was disabled.');
      await mailAdministrators(engine, transaction, webhook, now);
    }
    const subject = { kind: 'webhook' as const, id: webhookId };
    return {
      value: null,
      subjects: [subject],
      unchanged: !stops,
      tightening: false,
      audit: {
        at: now,
        action: 'webhook.disabled',
        actor: { kind: 'system', id: null },
        onBehalfOf: null,
        subject,
        workspaceId: webhook?.workspaceId ?? null,
        requestId: null,
        details: { why: disabledWhy, failing_since: webhook?.failingSince ?? null },
        personal: {},
      },
    };
  });
}

async function mailAdministrators(
  engine: Engine,
  transaction: Transaction,
  { workspaceId, url, failingSince }: WebhookRecord,
  now: number,
): Promise<void> {
  if (!engine.sendsMail) return;
  const home = workspaceId ?? (await transaction.owners.findWorkspace({ home: true }))?.id;
  if (home === undefined) return;
  const data = {
    at: formatInstant(now),
    host: new URL(url).host,
    ...(failingSince !== null && { failing_since: formatInstant(failingSince) }),
  };
  for (const to of await administratorsOf(transaction.owners, home)) {
    await putMail(engine, transaction, { template: 'webhook_disabled', to, data });
  }
}

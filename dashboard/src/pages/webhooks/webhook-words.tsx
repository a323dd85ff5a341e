import type { Webhook } from '../../api/operations.ts';
import { Badge } from '../../ui/index.ts';

export const SETTINGS = 'Settings';

/** The part of its address that people know it by. */
export function webhookName({ url }: Pick<Webhook, 'url'>): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : `${host}${pathname}`;
}

/** Whether it is told anything, and if not, why. */
export function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  if (webhook.state === 'enabled') {
    return webhook.failing_since === null ? (
      <Badge look="good">Enabled</Badge>
    ) : (
      <Badge look="warn">Enabled, failing</Badge>
    );
  }
  return <Badge look="bad">{WHY[webhook.disabled_why ?? 'by_hand']}</Badge>;
}

const WHY = {
  by_hand: 'Disabled',
  failing: 'Disabled: failed for five days',
  gone: 'Disabled: it says it is gone',
} as const;

import type { Webhook } from '../../api/operations.ts';
import { SecretOnce } from '../../ui/index.ts';
import { webhookName } from './webhook-words.tsx';

interface WebhookSecretProps {
  readonly webhook: Webhook;
  readonly secret: string;
  readonly onDone: () => void;
}

/** What deliveries are signed with, this one time. */
export function WebhookSecret({ webhook, secret, onDone }: WebhookSecretProps) {
  return (
    <section className="grid gap-3" aria-label="Secret">
      <h2 className="text-lg font-semibold break-all">The secret of {webhookName(webhook)}</h2>
      <SecretOnce value={secret} word="secret" variable="WEBHOOK_SECRET" kept="what is kept is sealed" onDone={onDone}>
        <p className="text-soft">
          The receiver checks with it that a delivery is genuine, by Standard Webhooks, for which there are libraries in
          most languages.
        </p>
      </SecretOnce>
    </section>
  );
}

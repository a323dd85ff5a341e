import { createHmac } from 'node:crypto';
import { webhookKey } from '../token/index.ts';

/**
 * The headers of one delivery by Standard Webhooks 1.0.0: one signature for each secret, the newest first.
 * @param sentAt milliseconds since 1970; sent as whole seconds.
 */
export function webhookHeaders(
  id: string,
  sentAt: number,
  body: string,
  secrets: readonly string[],
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(sentAt / 1_000));
  const signed = `${id}.${timestamp}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map((secret) => `v1,${signatureOf(signed, secret)}`).join(' '),
  };
}

function signatureOf(text: string, secret: string): string {
  return createHmac('sha256', webhookKey(secret)).update(text).digest('base64');
}

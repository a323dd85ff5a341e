import type { RandomSource } from './random.ts';

const PREFIX = 'whsec_';
const KEY_BYTES = 32;

/** A secret that webhooks are signed with, as Standard Webhooks 1.0.0 writes it. */
export function generateWebhookSecret(random: RandomSource): string {
  return `${PREFIX}${Buffer.from(random.bytes(KEY_BYTES)).toString('base64')}`;
}

/** The key that such a secret stands for. */
export function webhookKey(secret: string): Uint8Array {
  return Buffer.from(secret.slice(PREFIX.length), 'base64');
}

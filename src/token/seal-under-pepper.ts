import { createHmac } from 'node:crypto';
import type { PepperRing } from './digest.ts';
import type { RandomSource } from './random.ts';
import { openSealed, sealValue } from './seal.ts';

/** What a secret at rest is for: one that was sealed for one purpose opens for no other. */
export type SealPurpose = 'second factor' | 'mail' | 'single sign-on' | 'webhook';

/** Locks a secret that must be read again, under the newest pepper: the database alone does not give it away. */
export function sealUnderPepper(
  value: string,
  purpose: SealPurpose,
  { current, versions }: PepperRing,
  random: RandomSource,
): string {
  return `${current}.${sealValue(value, keyOf(versions.get(current) as Uint8Array, purpose), random)}`;
}

/** The secret; null when its pepper is gone, it was altered or sealed for something else. */
export function openUnderPepper(sealed: string, purpose: SealPurpose, { versions }: PepperRing): string | null {
  const [version = '', text = ''] = sealed.split('.');
  const pepper = versions.get(Number(version));
  return pepper === undefined ? null : openSealed(text, keyOf(pepper, purpose));
}

function keyOf(pepper: Uint8Array, purpose: SealPurpose): string {
  return createHmac('sha256', pepper).update(`keyhouse seal ${purpose}`).digest('base64url');
}

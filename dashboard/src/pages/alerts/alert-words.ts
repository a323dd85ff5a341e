import type { Alert } from '../../api/operations.ts';
import type { Words } from '../../words.ts';

type Kind = Alert['kind'];

const TITLES: Readonly<Record<Kind, (token: string) => string>> = {
  new_network: () => 'Used from a new network',
  denial_burst: () => 'Many requests refused',
  used_after_end: () => 'Used after its end',
  failures_from_address: (token) => `Somebody tries out ${token} values`,
  rotated_from_new_address: () => 'Rotated itself from a new network',
  token_in_url: (token) => `A ${token} was sent in an address`,
};

const ADVICE: Readonly<Record<Kind, (token: string) => string>> = {
  new_network: (token) => `If a server has moved, all is well. If nobody knows it, revoke the ${token}.`,
  denial_burst: (token) => `A program needs more than its ${token} may do, or somebody tries out what it may.`,
  used_after_end: () => 'A program was forgotten, or somebody has a copy. Every such request is refused.',
  failures_from_address: () => 'None was accepted. If it goes on, keep the network out where requests come in.',
  rotated_from_new_address: (token) => `Whoever did it has the new value. If nobody knows it, revoke the ${token}.`,
  token_in_url: () => 'Logs of proxies keep addresses: have it sent in the Authorization header, and rotate it.',
};

export const KINDS = Object.keys(TITLES) as readonly Kind[];

/** What an alert says, in a few words. */
export function alertTitle(kind: Kind, { token }: Pick<Words, 'token'>): string {
  return TITLES[kind](token);
}

/** What to do about it. */
export function alertAdvice(kind: Kind, { token }: Pick<Words, 'token'>): string {
  return ADVICE[kind](token);
}

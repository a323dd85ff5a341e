import { canonicalAddress } from './ip-address.ts';
import { allowsAddress, type IpAllowlist } from './ip-allowlist.ts';
import { isPublicAddress } from './public-address.ts';

const URL_MAX = 2_000;

/** Whether a request of ours may go to that address; `own` are networks that whoever runs Keyhouse has named. */
export function mayReach(address: string, own: IpAllowlist | null): boolean {
  return isPublicAddress(address) || isOwn(address, own);
}

/** Whether whoever runs Keyhouse has named the network of that address. */
export function isOwn(address: string, own: IpAllowlist | null): boolean {
  return own !== null && allowsAddress(own, address);
}

/**
 * What is wrong with the address of a webhook, as far as its text tells: where a name leads is found out at each delivery.
 * @returns a sentence, or null.
 */
export function webhookUrlProblem(text: string, own: IpAllowlist | null): string | null {
  if (text.length > URL_MAX) return `must not be longer than ${URL_MAX} characters.`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an address such as https://example.com/hooks.';
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password.';
  if (url.hash !== '') return 'must not end in a fragment, which is never sent.';
  if (url.protocol === 'http:' && own === null) return 'must begin with https://.';
  const address = canonicalAddress(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  if (address !== null && !mayReach(address, own)) return 'must not lead to a private, local or reserved address.';
  if (address !== null && url.protocol === 'http:' && !isOwn(address, own)) return 'must begin with https://.';
  return null;
}

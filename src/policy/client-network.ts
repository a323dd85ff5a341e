import { formatAddress, readAddress } from './ip-address.ts';

/**
 * What counts as one client where failures are counted: an IPv4 address itself, the /64 of an IPv6 address, of which one
 * customer has every address.
 * @param address canonical, as `clientAddress` gives it.
 */
export function clientNetwork(address: string): string {
  const words = readAddress(address);
  if (words === null || words.length === 1) return address;
  return `${formatAddress([words[0] as number, words[1] as number, 0, 0])}/64`;
}

/**
 * The network that an address is counted under: the /24 of an IPv4 address, the /64 of an IPv6 address.
 * @param address canonical, as `clientAddress` gives it.
 */
export function countedNetwork(address: string): string {
  const words = readAddress(address);
  if (words?.length !== 1) return clientNetwork(address);
  return `${formatAddress([((words[0] as number) & 0xffffff00) >>> 0])}/24`;
}

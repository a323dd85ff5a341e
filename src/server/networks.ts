import { type IpAllowlist, parseIpAllowlist } from '../policy/index.ts';

/** `problem` is told of every entry that is no network. @returns null where none is named. */
export function readNetworks(entries: readonly string[], problem: (message: string) => void): IpAllowlist | null {
  if (entries.length === 0) return null;
  const parsed = parseIpAllowlist(entries);
  if (parsed.ok) return parsed.list;
  for (const { index, message } of parsed.errors) problem(`${entries[index] ?? 'the list'}: ${message}`);
  return null;
}

/** A sentence for who reads the log, where webhooks reach more than public addresses. */
export function reachableByWebhooks(networks: IpAllowlist | null): readonly string[] {
  if (networks === null) return [];
  return [`--webhook-networks: whoever may create webhooks reaches ${networks.entries.join(', ')} from here.`];
}

/** Networks as an application hands them in. @throws {TypeError} one is none. */
export function networksOf(option: string, entries: readonly string[] = []): IpAllowlist | null {
  return readNetworks(entries, (message) => {
    throw new TypeError(`${option}: ${message}`);
  });
}

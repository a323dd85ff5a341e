import type { Clock, NetworkSightings, UsageLog } from '../ports/index.ts';

/**
 * The same log, with the networks of accepted uses noted as they are written: behind every decision, and known as soon as
 * the uses themselves are.
 */
export function watchedUsage(log: UsageLog, networks: Pick<NetworkSightings, 'note'>, clock: Clock): UsageLog {
  return {
    async add(counts, lastUses, details = []) {
      const seen = new Map<string, { readonly tokenId: string; readonly network: string }>();
      for (const { tokenId, aspect, value: network, outcome } of details) {
        const isNetwork = aspect === 'network' && outcome === 'ok' && network.includes('/');
        if (isNetwork) seen.set(`${tokenId} ${network}`, { tokenId, network });
      }
      // First: noting it again changes nothing, and counting uses again would.
      if (seen.size > 0) await networks.note([...seen.values()], clock.now());
      await log.add(counts, lastUses, details);
    },
    readDetails: (tokenIds, aspect, span) => log.readDetails(tokenIds, aspect, span),
    detailsSince: () => log.detailsSince(),
    trimDetails: (hoursBefore, daysBefore) => log.trimDetails(hoursBefore, daysBefore),
    read: (tokenId, from, to) => log.read(tokenId, from, to),
    lastUses: (tokenIds) => log.lastUses(tokenIds),
    close: () => log.close(),
  };
}

import type { Server } from 'node:http';
import { allowsAddress, canonicalAddress, type IpAllowlist } from '../policy/index.ts';

const CONNECTIONS_MAX = 10_000;
const CONNECTIONS_PER_ADDRESS_MAX = 256;

/**
 * Bounds how many connections a listener holds, and how many of them one address may have, so that a single client cannot
 * take them all. This machine's own address and trusted proxies stand for many clients and are not capped.
 */
export function capConnections(server: Server, trustedProxies: IpAllowlist | null): void {
  server.maxConnections = CONNECTIONS_MAX;
  const held = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = canonicalAddress(socket.remoteAddress ?? '');
    if (
      address === null ||
      isLoopback(address) ||
      (trustedProxies !== null && allowsAddress(trustedProxies, address))
    ) {
      return;
    }
    const count = (held.get(address) ?? 0) + 1;
    held.set(address, count);
    socket.once('close', () => {
      const left = (held.get(address) ?? 1) - 1;
      if (left === 0) held.delete(address);
      else held.set(address, left);
    });
    if (count > CONNECTIONS_PER_ADDRESS_MAX) socket.destroy();
  });
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

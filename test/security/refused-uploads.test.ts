/** Prevents that a body is taken in before it is known whether anybody wants it (row 48). */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listeners, startListeners } from '../../src/server/listeners.ts';
import { type GatewayHouse, openGatewayHouse } from '../gateway/house.ts';
import { requestText } from '../http/raw-socket.ts';
import { within } from '../services/deadline.ts';

const GIGABYTE = 1024 ** 3;
/**
 * What a listener may have taken when it ends the connection: reads come in pieces of 64 KiB, one or two are under way
 * while the refusal is written, and none is asked for afterwards.
 */
const TAKEN_MAX = 4 * 64 * 1024;

let house: GatewayHouse;
let api: Listeners;
beforeAll(async () => {
  house = await openGatewayHouse();
  api = await startListeners({
    api: { host: '127.0.0.1', port: 0, tls: null, answer: house.handler.answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
  });
});
afterAll(async () => {
  await api.close();
  await house.close();
});

/** Offers a gigabyte as fast as it is taken. @returns the answer, and how many bytes the listener read. */
async function offer(port: number, firstLine: string, lines: readonly string[], piece: Buffer) {
  let server: Socket | null = null;
  const note = (message: unknown): void => {
    server ??= (message as { readonly socket: Socket }).socket;
  };
  subscribe('net.server.socket', note);
  const client = connect(port, '127.0.0.1');
  let text = '';
  let sent = 0;
  const push = (): void => {
    while (client.writable && sent < GIGABYTE) {
      sent += piece.length;
      if (!client.write(piece)) return void client.once('drain', push);
    }
  };
  const ended = new Promise<void>((resolve) => {
    client.on('data', (chunk) => (text += chunk));
    client.on('error', () => {});
    client.once('close', () => resolve());
  });
  client.write(requestText(firstLine, lines));
  push();
  await within(ended, 30_000, 'the connection ends');
  unsubscribe('net.server.socket', note);
  return { text, taken: (server as Socket | null)?.bytesRead ?? Number.NaN, sent };
}

const DOORS = {
  'the API listener': { port: () => api.api?.port as number, target: '/v1/tokens' },
  'the gateway': { port: () => house.port, target: '/v1/servers/1' },
} as const;

const LENGTH = [`Content-Length: ${GIGABYTE}`, Buffer.alloc(64 * 1024, 'x')] as const;
const CHUNKED = ['Transfer-Encoding: chunked', Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`)] as const;

describe.each(Object.keys(DOORS) as (keyof typeof DOORS)[])('row 48: of a gigabyte behind a bad token, %s', (name) => {
  it.each([
    ['announced', LENGTH],
    ['in chunks', CHUNKED],
  ])('takes a few pieces and no more, %s', async (_how, [line, piece]) => {
    const { port, target } = DOORS[name];
    const lines = ['Authorization: Bearer nonsense', 'Content-Type: application/json', line];
    const { text, taken, sent } = await offer(port(), `POST ${target} HTTP/1.1`, lines, piece);
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(text).toMatch(/\r\nConnection: close\r\n/i);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(TAKEN_MAX);
    expect(sent).toBeLessThan(GIGABYTE);
    expect(house.upstream.text()).toBe('');
  });
});

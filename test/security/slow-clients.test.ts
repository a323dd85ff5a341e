/** Prevents that clients who take their time, or too many connections, stand in the way of those who do not (row 77). */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseIpAllowlist } from '../../src/policy/index.ts';
import { type Listeners, type ListenersOptions, startListeners } from '../../src/server/listeners.ts';
import { type House, openHouse } from '../http/house.ts';
import { exchange, requestText } from '../http/raw-socket.ts';
import { eventually, within } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';

let house: House;
let token: string;
let listeners: Listeners;

async function listen(more: Partial<ListenersOptions> = {}, host = '127.0.0.1'): Promise<Listeners> {
  return startListeners({
    api: { host, port: 0, tls: null, answer: house.handler.answer },
    dashboard: null,
    operator: null,
    trustedProxies: null,
    onDraining: () => {},
    drainMs: 0,
    ...more,
  });
}

beforeAll(async () => {
  house = await openHouse();
  token = (await house.mint({ permissions: ['keyhouse-tokens:write'], tier: 'unlimited' })).value;
  listeners = await listen({ timeouts: { headersMs: 200, requestMs: 400, keepAliveMs: 200, silentMs: 200 } });
});
afterAll(async () => {
  await listeners.close();
  await house.close();
});

/** A connection that sends this, and then one more byte whenever it may, for as long as it is let. */
function trickle(port: number, begin: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  if (begin !== '') socket.write(begin);
  const timer = setInterval(() => socket.writable && begin !== '' && socket.write('a'), 10);
  socket.once('close', () => clearInterval(timer));
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** However it ends: what is still being sent may be answered with a reset. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once('close', () => resolve());
  });
}

const SLOW: Readonly<Record<string, string>> = {
  'that says nothing at all': '',
  'whose first line never ends': 'GET /',
  'whose header lines never end': 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  'whose body never ends': `POST /v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer $\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"name":"`,
};

describe('row 77: a client', () => {
  it.each(Object.keys(SLOW))('%s loses its connection, however steadily it goes on', async (name) => {
    const socket = trickle(listeners.api?.port as number, (SLOW[name] as string).replace('$', token));
    await within(ended(socket), 15_000, 'the connection is ended');
    expect(house.faults).toEqual([]);
  });

  it('is answered at once while two hundred others take their time', async () => {
    const port = listeners.api?.port as number;
    const slow = Array.from({ length: 200 }, () => trickle(port, SLOW['whose header lines never end'] as string));
    await Promise.all(slow.map((socket) => new Promise((begun) => socket.once('connect', begun).once('close', begun))));
    const request = requestText('GET /v1/auth/test HTTP/1.1', [`Authorization: Bearer ${token}`]);
    expect((await exchange(port, request, { answers: 1 })).statuses).toEqual([200]);
    await within(Promise.all(slow.map(ended)), 15_000, 'all are ended');
  });
});

const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

suiteNeeding(
  [{ missing: outside === undefined ? 'this machine has no address but its own' : null }],
  'one address',
  () => {
    const connectMany = async (port: number, count: number): Promise<Socket[]> => {
      const sockets = Array.from({ length: count }, () => connect(port, outside as string));
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
      });
      for (const socket of sockets) socket.on('error', () => {}).resume();
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      return sockets;
    };
    const stillOpen = (sockets: readonly Socket[]) => sockets.filter((socket) => !socket.closed).length;

    it('row 77: holds 256 connections at most, and gets one for each it ends', async () => {
      const capped = await listen({}, '0.0.0.0');
      onTestFinished(() => capped.close());
      const port = capped.api?.port as number;
      const sockets = await connectMany(port, 300);
      await eventually(() => stillOpen(sockets) === 256, 15_000, 'what is beyond the cap is ended');
      const healthz = await exchange(port, requestText('GET /healthz HTTP/1.1', []), { answers: 1 });
      expect(healthz.statuses, 'from another address').toEqual([200]);
      const [first] = sockets.filter((socket) => !socket.closed);
      first?.destroy();
      await eventually(
        async () => {
          const [socket] = await connectMany(port, 1);
          socket?.write(requestText('GET /healthz HTTP/1.1', []));
          await once(socket as Socket, 'readable');
          return true;
        },
        15_000,
        'another one is taken in its place',
      );
    });

    it('row 77: is not capped where it is a proxy that stands for many', async () => {
      const trusted = parseIpAllowlist([outside as string]);
      const free = await listen({ trustedProxies: trusted.ok ? trusted.list : null }, '0.0.0.0');
      onTestFinished(() => free.close());
      const port = free.api?.port as number;
      const sockets = await connectMany(port, 300);
      const last = sockets.at(-1) as Socket;
      last.pause().write(requestText('GET /healthz HTTP/1.1', []));
      await within(once(last, 'readable'), 15_000, 'an answer on the last of them');
      expect(stillOpen(sockets)).toBe(300);
    });
  },
);

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, requestText } from '../../test/http/raw-socket.ts';
import { within } from '../../test/services/deadline.ts';
import type { Eventually } from '../ports/index.ts';
import type { Answer, DoorRequest } from './door.ts';
import { nodeDoor } from './node-door.ts';

describe('the door on node:http', () => {
  let server: Server;
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const open = async (
    answer: (request: DoorRequest) => Eventually<Answer>,
    isDraining = () => false,
  ): Promise<number> => {
    server = createServer({ highWaterMark: 16 * 1024 }, nodeDoor(answer, { callerOf: null, isDraining }));
    server.on('clientError', (_error, socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const ok: Answer = { status: 200, headers: { 'X-A': '1' }, body: 'é' };

  it('hands over every line as it came, and the address of the connection', async () => {
    let seen: DoorRequest | null = null;
    const port = await open(async (request) => {
      seen = request;
      return ok;
    });
    await exchange(port, requestText('GET /a%2Fb?x=%20 HTTP/1.1', ['A: 1', 'a: 2']), { answers: 1 });
    expect(seen).toMatchObject({
      method: 'GET',
      target: '/a%2Fb?x=%20',
      rawHeaders: ['Host', 'localhost', 'A', '1', 'a', '2'],
      peer: '127.0.0.1',
      body: null,
    });
  });

  it('takes the path out of an absolute target that names this host', async () => {
    const targets: string[] = [];
    const port = await open(async ({ target }) => {
      targets.push(target);
      return ok;
    });
    for (const url of ['http://LOCALHOST/x?y', 'http://localhost', 'http://localhost?z']) {
      await exchange(port, requestText(`GET ${url} HTTP/1.1`, []), { answers: 1 });
    }
    expect(targets).toEqual(['/x?y', '/', '/?z']);
  });

  it('ends the connection of an answer that cannot be written, and no other that is sent together with it', async () => {
    const waiting: ((answer: Answer) => void)[] = [];
    const port = await open(
      () =>
        new Promise((resolve) => {
          if (waiting.push(resolve) < 2) return;
          const [first, second] = waiting;
          first?.({ ...ok, headers: { 'X-A': 'line\nbreak' } });
          second?.(ok);
        }),
    );
    const ask = () => exchange(port, requestText('GET / HTTP/1.1', ['Connection: close']));
    const exchanges = await Promise.all([ask(), ask()]);
    expect(exchanges.map(({ statuses }) => statuses).sort()).toEqual([[], [200]]);
  });

  it('row 99: ends that connection alone also while its client is still sending', async () => {
    const port = await open(({ method }) => (method === 'GET' ? ok : { ...ok, headers: { 'X-A': 'line\nbreak' } }));
    const sending = requestText('POST / HTTP/1.1', ['Content-Length: 100']);
    expect((await exchange(port, sending)).statuses).toEqual([]);
    expect((await exchange(port, requestText('GET / HTTP/1.1', ['Connection: close']))).statuses).toEqual([200]);
  });

  it('answers in the turn of the request where nothing has to be waited for', async () => {
    const port = await open(() => ok);
    const { statuses, text } = await exchange(port, requestText('GET / HTTP/1.1', ['Connection: close']));
    expect(statuses).toEqual([200]);
    expect(text).toContain('X-A: 1\r\n');
  });

  it('row 48: takes next to nothing of a gigabyte that nobody reads', async () => {
    const port = await open(async () => ({ ...ok, status: 401 }));
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const client = connect(port, '127.0.0.1');
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let text = '';
    client.on('data', (data) => {
      text += data.toString();
    });
    client.on('error', () => {});
    client.write(requestText('POST / HTTP/1.1', [`Content-Length: ${1024 ** 3}`]));
    const push = (): void => {
      while (!client.destroyed && client.writable && client.write(chunk));
    };
    client.on('drain', push);
    push();
    const [socket] = await accepted;
    await within(once(socket, 'close'), 15_000, 'the server closes the connection');
    client.destroy();
    expect(text).toMatch(/^HTTP\/1\.1 401 /);
    expect(socket.bytesRead).toBeLessThan(256 * 1024);
  });

  it('keeps a connection whose body was small, whether anybody read it or not', async () => {
    const port = await open(async () => ok);
    const request = requestText('POST / HTTP/1.1', ['Content-Length: 2'], '{}');
    const { statuses } = await exchange(port, request + request, { answers: 2 });
    expect(statuses).toEqual([200, 200]);
  });

  it('sends its answer to a client whose body it stopped reading half-way', async () => {
    const port = await open(async ({ body }) => {
      for await (const _chunk of body?.() ?? []) break;
      return { ...ok, status: 413 };
    });
    const chunks = `8000\r\n${'x'.repeat(0x8000)}\r\n`.repeat(20);
    const { statuses, closed } = await exchange(
      port,
      requestText('POST / HTTP/1.1', ['Transfer-Encoding: chunked'], chunks),
    );
    expect(statuses).toEqual([413]);
    expect(closed).toBe(true);
  });

  it('closes every connection while the process is on its way out', async () => {
    const port = await open(
      async () => ok,
      () => true,
    );
    const { text, closed } = await exchange(port, requestText('GET / HTTP/1.1', []));
    expect(text).toMatch(/Connection: close/);
    expect(closed).toBe(true);
  });

  it('cuts the connection when there is no answer at all', async () => {
    const port = await open(() => Promise.reject(new Error('bug')));
    const { statuses, closed } = await exchange(port, requestText('GET / HTTP/1.1', []));
    expect(statuses).toEqual([]);
    expect(closed).toBe(true);
  });

  it('measures bodies in bytes', async () => {
    const port = await open(async () => ok);
    const { text } = await exchange(port, requestText('GET / HTTP/1.1', []), { answers: 1 });
    expect(text).toMatch(/Content-Length: 2\r\n/);
  });
});

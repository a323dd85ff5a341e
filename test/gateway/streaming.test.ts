import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { exchange, requestText } from '../http/raw-socket.ts';
import { eventually, within } from '../services/deadline.ts';
import { type GatewayHouse, openGatewayHouse } from './house.ts';
import { OK } from './recording-upstream.ts';

let house: GatewayHouse;
let impatient: GatewayHouse;
let hasty: GatewayHouse;
beforeAll(async () => {
  house = await openGatewayHouse();
  impatient = await openGatewayHouse({ patience: { connectMs: 5_000, answerMs: 200, silentMs: 200 } });
  hasty = await openGatewayHouse({}, {}, {}, { timeouts: { headersMs: 50, requestMs: 50 } });
});
afterAll(async () => {
  await house.close();
  await impatient.close();
  await hasty.close();
});
beforeEach(() => {
  for (const { upstream } of [house, impatient, hasty]) {
    upstream.forget();
    upstream.answer = null;
  }
});

interface Client {
  readonly socket: Socket;
  readonly text: () => string;
  readonly until: (part: string) => Promise<void>;
  readonly closed: () => Promise<void>;
}

/** A connection on which a request has been begun. */
function begin(at: GatewayHouse, firstLine: string, lines: readonly string[] = [], body = ''): Client {
  const socket = connect({ host: '127.0.0.1', port: at.port });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(requestText(firstLine, [`Authorization: Bearer ${at.token}`, ...lines], body));
  return {
    socket,
    text: () => text,
    until: async (part) => {
      await eventually(() => text.includes(part), 10_000, `${JSON.stringify(part)} comes back`);
    },
    closed: () => within(closed, 10_000, 'the connection ends'),
  };
}

describe('bodies', () => {
  it('go both ways piece by piece, as they come', async () => {
    const { upstream } = house;
    const client = begin(house, 'POST /v1/servers HTTP/1.1', ['Transfer-Encoding: chunked']);
    await upstream.until('\r\n\r\n');
    client.socket.write('3\r\none\r\n');
    await upstream.until('one');
    upstream.socket().write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n');
    await client.until('text/event-stream');
    upstream.socket().write('7\r\ndata: 1\r\n');
    await client.until('data: 1');
    client.socket.write('3\r\ntwo\r\n');
    await upstream.until('two');
    upstream.socket().write('7\r\ndata: 2\r\n');
    await client.until('data: 2');
    client.socket.write('0\r\n\r\n');
    await upstream.until('0\r\n\r\n');
    upstream.socket().write('0\r\n\r\n');
    await client.until('0\r\n\r\n');
  });

  it('are held back where the other side does not read', async () => {
    const { upstream } = house;
    const client = begin(house, 'GET /v1/servers HTTP/1.1');
    await upstream.until('\r\n\r\n');
    client.socket.pause();
    const total = 64 * 1024 * 1024;
    const answering = upstream.socket();
    answering.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    const piece = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent < total; sent += piece.length) answering.write(piece);
    // What is neither in our memory nor in the kernel's waits where it came from.
    await eventually(() => answering.bytesWritten > 0, 5_000, 'the answer begins');
    let read = 0;
    const done = new Promise<void>((resolve) => {
      client.socket.on('data', (chunk) => {
        read += chunk.length;
        if (read >= total) resolve();
      });
    });
    expect(answering.writableLength).toBeGreaterThan(total / 2);
    client.socket.resume();
    await within(done, 20_000, 'everything is read');
  });

  it('of an upload that the upstream refuses half-way stop there, and the client learns why', async () => {
    const { upstream } = house;
    const client = begin(house, 'POST /v1/servers HTTP/1.1', ['Content-Length: 1000000'], 'first');
    await upstream.until('first');
    upstream.socket().write('HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig');
    await client.until('big');
    expect(client.text()).toContain('Connection: close');
    await client.closed();
    await eventually(() => upstream.socket().destroyed, 10_000, 'the upstream connection ends too');
  });
});

describe('when one side goes', () => {
  it('an answer that breaks off breaks off for the client, in chunks and by length', async () => {
    for (const framing of ['Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n', 'Content-Length: 100\r\n\r\npart']) {
      house.upstream.forget();
      const client = begin(house, 'GET /v1/servers HTTP/1.1');
      await house.upstream.until('\r\n\r\n');
      house.upstream.socket().write(`HTTP/1.1 200 OK\r\n${framing}`);
      await client.until('part');
      house.upstream.socket().resetAndDestroy();
      await client.closed();
      expect(client.text()).not.toMatch(/0\r\n\r\n$/);
    }
  });

  it('and for one of HTTP/1.0, to whom an end would look whole, with a reset', async () => {
    const socket = connect({ host: '127.0.0.1', port: house.port });
    onTestFinished(() => void socket.destroy());
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve));
    socket.write(`GET /v1/servers HTTP/1.0\r\nAuthorization: Bearer ${house.token}\r\n\r\n`);
    await house.upstream.until('\r\n\r\n');
    const read = new Promise<void>((resolve) => socket.once('data', () => resolve()));
    house.upstream.socket().write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n');
    await within(read, 10_000, 'the part');
    house.upstream.socket().resetAndDestroy();
    expect((await within(failed, 10_000, 'the reset')).code).toBe('ECONNRESET');
  });

  it('the upstream is told that the client has gone, while it thinks and while it answers', async () => {
    for (const answer of ['', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n']) {
      house.upstream.forget();
      const client = begin(house, 'GET /v1/servers HTTP/1.1');
      await house.upstream.until('\r\n\r\n');
      const { upstream } = house;
      const gone = new Promise<void>((resolve) => upstream.socket().once('close', () => resolve()));
      if (answer !== '') {
        upstream.socket().write(answer);
        await client.until('part');
      }
      client.socket.destroy();
      await within(gone, 10_000, 'the upstream connection ends');
    }
  });

  it('also of the requests that wait for their turn on its connection', async () => {
    const { upstream } = house;
    const get = requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${house.token}`]);
    const client = begin(house, 'GET /v1/servers HTTP/1.1', [], get + get);
    await eventually(() => upstream.requestLines().length === 3, 10_000, 'three requests reach the upstream');
    client.socket.destroy();
    await eventually(() => upstream.openConnections() === 0, 10_000, 'all connections to the upstream end');
  });

  it('an upload that breaks off is no whole request to the upstream', async () => {
    const client = begin(house, 'POST /v1/servers HTTP/1.1', ['Transfer-Encoding: chunked'], '4\r\npart\r\n');
    await house.upstream.until('part');
    const { upstream } = house;
    const gone = new Promise<void>((resolve) => upstream.socket().once('close', () => resolve()));
    client.socket.destroy();
    await within(gone, 10_000, 'the upstream connection ends');
    expect(upstream.text()).not.toContain('0\r\n\r\n');
  });

  it('what is no HTTP, and a protocol that nobody asked for, are 502 in the profile’s words', async () => {
    const strange = [
      'SSH-2.0-OpenSSH\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n',
      `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(70_000)}\r\n\r\n`,
    ];
    for (const answer of strange) {
      house.upstream.forget();
      const client = begin(house, 'GET /v1/servers HTTP/1.1', ['Connection: close']);
      await house.upstream.until('\r\n\r\n');
      house.upstream.socket().write(answer);
      await client.closed();
      expect(client.text(), answer.slice(0, 60)).toMatch(/^HTTP\/1\.1 502 /);
      expect(client.text()).toContain('"code":"upstream_unreachable"');
      expect(client.text()).toMatch(/"request_id":"req_\w+"/);
    }
  });
});

describe('patience', () => {
  it('ends with 504 for an upstream that does not begin to answer, and a late answer goes nowhere', async () => {
    const text = requestText('GET /v1/servers HTTP/1.1', [`Authorization: Bearer ${impatient.token}`]);
    const answer = await exchange(impatient.port, text, { answers: 1 });
    expect(answer.statuses).toEqual([504]);
    expect(answer.text).toContain('"code":"upstream_timeout"');
    const { upstream } = impatient;
    await eventually(() => upstream.socket().destroyed, 10_000, 'the upstream connection ends');
    upstream.answer = OK;
    expect((await exchange(impatient.port, text, { answers: 1 })).statuses).toEqual([200]);
  });

  it('has no end for an upstream that has begun: a stream of events may be silent', async () => {
    const client = begin(impatient, 'GET /v1/servers HTTP/1.1');
    await impatient.upstream.until('\r\n\r\n');
    impatient.upstream.socket().write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7\r\ndata: 1\r\n');
    await client.until('data: 1');
    // Another client is given up meanwhile, which takes as long as this one would have been given.
    const stalled = begin(impatient, 'POST /v1/servers HTTP/1.1', ['Content-Length: 100'], 'part');
    await stalled.closed();
    const again = begin(impatient, 'POST /v1/servers HTTP/1.1', ['Content-Length: 100'], 'part');
    await again.closed();
    expect(client.socket.destroyed).toBe(false);
  });

  it('row 77: ends for one that does not come to the end of its header lines, not for an upload that goes on', async () => {
    const client = begin(hasty, 'POST /v1/servers HTTP/1.1', ['Content-Length: 8'], 'part');
    await hasty.upstream.until('part');
    for (const _turn of [1, 2]) {
      expect((await exchange(hasty.port, 'GET /v1/servers HTTP/1.1\r\nHost: localhost\r\n')).statuses).toEqual([408]);
    }
    client.socket.write('done');
    await hasty.upstream.until('partdone');
    hasty.upstream.socket().write(OK);
    await client.until('ok');
  });

  it('ends for a client that does not read what there is', async () => {
    const client = begin(impatient, 'GET /v1/servers HTTP/1.1');
    await impatient.upstream.until('\r\n\r\n');
    client.socket.pause();
    const answering = impatient.upstream.socket();
    const gone = new Promise<void>((resolve) => answering.once('close', () => resolve()));
    answering.write('HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n');
    answering.write(Buffer.alloc(64 * 1024 * 1024));
    await within(gone, 10_000, 'the exchange is given up');
  });
});

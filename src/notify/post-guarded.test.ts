import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { parseIpAllowlist } from '../policy/index.ts';
import { PostFailed, postGuarded } from './post-guarded.ts';

const parsed = parseIpAllowlist(['127.0.0.1']);
const own = parsed.ok ? parsed.list : null;
const servers: (Server | TcpServer)[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** What came in at an address of this machine, as `Host` and path. */
async function listen(address: string, port = 0, location?: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    response.writeHead(location === undefined ? 200 : 307, location === undefined ? {} : { location });
    // An answer without an end: nobody waits for more than a little of it.
    const pour = () => response.destroyed || response.write('x'.repeat(8_192), pour);
    pour();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  return { asked, port: (server.address() as AddressInfo).port };
}

/** Answers with each list of addresses in turn, and goes on with the last one. */
function resolver(...answers: string[][]) {
  const asked: string[] = [];
  return {
    asked,
    resolve: async (name: string) => {
      asked.push(name);
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
  };
}

const never = new AbortController().signal;
const post = (url: string, names: ReturnType<typeof resolver>, networks = own) =>
  postGuarded(url, {}, '{}', { own: networks, resolve: names.resolve }, never);

describe('row 100f: a webhook', () => {
  it.each([
    ['a private address', ['10.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['this machine', ['127.0.0.1']],
    ['this machine as a mapped address', ['::ffff:127.0.0.1']],
    ['this machine by NAT64', ['64:ff9b::7f00:1']],
    ['a link-local address', ['fe80::1%eth0']],
    ['a public address and a private one', ['93.184.216.34', '192.168.0.1']],
    ['what is no address', ['0x7f.1']],
  ])('is not sent where the name leads to %s', async (_what, addresses) => {
    const failure = await post('https://hooks.example.com/', resolver(addresses), null).catch((error) => error);
    expect(failure).toBeInstanceOf(PostFailed);
    expect(failure).toMatchObject({ isBlocked: true, message: expect.stringMatching(/private, local or reserved/) });
  });

  it('goes where the name led when it was checked, though it leads elsewhere a moment later', async () => {
    const first = await listen('127.0.0.1');
    const inside = await listen('127.0.0.2', first.port);
    const names = resolver(['127.0.0.1'], ['127.0.0.2']);
    const url = `http://hooks.example.com:${first.port}/a`;
    expect(await post(url, names)).toMatchObject({ status: 200 });
    expect({ asked: names.asked, first: first.asked, inside: inside.asked }).toEqual({
      asked: ['hooks.example.com'],
      first: [`hooks.example.com:${first.port} /a`],
      inside: [],
    });
    await expect(post(url, names)).rejects.toMatchObject({ isBlocked: true });
    expect(inside.asked).toEqual([]);
  });

  it('follows no redirect, and reads no answer to its end', async () => {
    const inside = await listen('127.0.0.2');
    const outside = await listen('127.0.0.1', 0, `http://127.0.0.2:${inside.port}/`);
    const answer = await post(`http://hooks.example.com:${outside.port}/`, resolver(['127.0.0.1']));
    expect(answer).toEqual({ status: 307, retryAfterMs: null });
    expect(inside.asked).toEqual([]);
  });

  it('is sent in the clear to networks that were named, and nowhere else', async () => {
    const names = resolver(['93.184.216.34']);
    await expect(post('http://hooks.example.com/', names)).rejects.toThrow('must begin with https://');
    await expect(post('http://hooks.example.com/', names, null)).rejects.toThrow('must begin with https://');
    await expect(post('http://127.0.0.1/', names, null)).rejects.toMatchObject({ isBlocked: true });
  });

  it('begins a TLS connection in the name of its address', async () => {
    const greeted: Buffer[] = [];
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        greeted.push(bytes);
        socket.destroy();
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await expect(post(`https://hooks.example.com:${port}/`, resolver(['127.0.0.1']))).rejects.toThrow(PostFailed);
    expect(Buffer.concat(greeted).toString('latin1')).toContain('hooks.example.com');
  });

  it('ends when Keyhouse stops, also while a name is looked up', async () => {
    const stop = new AbortController();
    const guard = { own, resolve: () => new Promise<string[]>(() => {}) };
    const sending = postGuarded('https://hooks.example.com/', {}, '{}', guard, stop.signal);
    stop.abort();
    await expect(sending).rejects.toThrow('Keyhouse was stopped meanwhile.');
  });
});

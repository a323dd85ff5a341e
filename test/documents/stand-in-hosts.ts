/**
 * Lets printed commands reach the example under the company's own host names: a proxy that passes what is for those on to a
 * local port, ending TLS with a throw-away certificate where the command speaks it. Prevents commands from being rewritten to run, and a test run from
 * ever talking to a host that is not this machine: every other name is refused.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { runProcess } from '../services/process.ts';

export interface StandInHosts {
  /** For `HTTPS_PROXY` and `http_proxy`. */
  readonly proxy: string;
  /** Certificate of the throw-away authority, for `CURL_CA_BUNDLE` and `REQUESTS_CA_BUNDLE`. */
  readonly authorityFile: string;
  close(): Promise<void>;
}

/**
 * @param ports the local port that stands for each host: `api.example.com` is reached over TLS on port 443,
 * `localhost:8000` in the clear.
 */
export async function standInFor(ports: Readonly<Record<string, number>>, folder: string): Promise<StandInHosts> {
  const names = Object.keys(ports).map((host) => host.split(':', 1)[0] ?? '');
  const { authorityFile, cert, key } = await throwAwayCertificate(names, folder);
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const proxy = createServer((incoming, answer) => passOn(incoming, answer, ports));
  proxy.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => {
    track(socket);
    if (head.length > 0) socket.unshift(head);
    const port = ports[url] ?? (url.endsWith(':443') ? ports[url.slice(0, -':443'.length)] : undefined);
    if (port === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const inside = ports[url] === undefined ? new TLSSocket(socket, { isServer: true, cert, key }) : socket;
    const onward = connect(port, '127.0.0.1');
    track(inside);
    track(onward);
    inside.once('close', () => onward.destroy());
    onward.once('close', () => inside.destroySoon());
    inside.pipe(onward).pipe(inside);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    authorityFile,
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A request in the clear, in absolute form (RFC 9112 section 3.2.2). */
function passOn(incoming: IncomingMessage, answer: ServerResponse, ports: Readonly<Record<string, number>>): void {
  const { host, pathname, search } = new URL(incoming.url ?? '', 'http://nowhere.invalid');
  const port = ports[host];
  if (port === undefined) {
    answer.writeHead(403).end();
    return;
  }
  const { method, rawHeaders } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, path: pathname + search, headers: [...rawHeaders] });
  onward.once('response', (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
    reply.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  incoming.pipe(onward);
}

/** A certificate for these names, and the file of the authority that made it. */
export async function throwAwayCertificate(hosts: readonly string[], folder: string) {
  const at = (name: string): string => join(folder, name);
  const openssl = async (...args: string[]): Promise<void> => {
    const { code, stderr } = await runProcess('openssl', args);
    if (code !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr}`);
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', '/CN=throw-away'];
  writeFileSync(at('names.cnf'), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}\n`);
  await openssl('req', '-x509', ...newKey, ...subject, '-days', '2', '-keyout', at('ca.key'), '-out', at('ca.pem'));
  await openssl('req', ...newKey, ...subject, '-keyout', at('host.key'), '-out', at('host.csr'));
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names.cnf')];
  await openssl('x509', '-req', '-in', at('host.csr'), ...signing, '-days', '2', '-out', at('host.pem'));
  return {
    authorityFile: at('ca.pem'),
    cert: await readFile(at('host.pem')),
    key: await readFile(at('host.key')),
  };
}

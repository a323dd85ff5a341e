/**
 * Lets printed commands reach the example under the company's own host names: a CONNECT proxy that ends TLS with a throw-away
 * certificate and passes everything on to a local port. Prevents commands from being rewritten to run, and a test run from
 * ever talking to a host that is not this machine: every other name is refused.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { runProcess } from '../services/process.ts';

export interface StandInHosts {
  /** For `HTTPS_PROXY`. */
  readonly proxy: string;
  /** Certificate of the throw-away authority, for `CURL_CA_BUNDLE` and `REQUESTS_CA_BUNDLE`. */
  readonly authorityFile: string;
  close(): Promise<void>;
}

/** @param ports the local port that stands for each host name, on its port 443. */
export async function standInFor(ports: Readonly<Record<string, number>>, folder: string): Promise<StandInHosts> {
  const { authorityFile, cert, key } = await throwAwayCertificate(Object.keys(ports), folder);
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  };
  const proxy = createServer((_request, response) => response.writeHead(403).end());
  proxy.on('connect', ({ url = '' }, socket: Socket, head: Buffer) => {
    track(socket);
    if (head.length > 0) socket.unshift(head);
    const port = url.endsWith(':443') ? ports[url.slice(0, -':443'.length)] : undefined;
    if (port === undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const inside = new TLSSocket(socket, { isServer: true, cert, key });
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

async function throwAwayCertificate(hosts: readonly string[], folder: string) {
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

import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FixedAnswer } from './role.ts';

export const FORM = 'application/x-www-form-urlencoded';

/** Sends one answer to everything; what is posted is read and parsed first. */
export function startBare({ headers, body }: FixedAnswer): Promise<number> {
  const answer: RequestListener = (_incoming, outgoing) => {
    outgoing.writeHead(200, [...headers]);
    outgoing.end(body);
  };
  const parseFirst: RequestListener = (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      if (incoming.headers['content-type'] === FORM) new URLSearchParams(text).get('token');
      else JSON.parse(text);
      answer(incoming, outgoing);
    });
  };
  return listen((incoming, outgoing) => (incoming.method === 'POST' ? parseFirst : answer)(incoming, outgoing));
}

/** Passes everything on as it came, over connections that are kept, and brings back what it gets. */
export function startBareProxy(upstream: string): Promise<number> {
  const { hostname: host, port } = new URL(upstream);
  const agent = new Agent({ keepAlive: true });
  return listen((incoming, outgoing) => {
    const { method, url: path, rawHeaders } = incoming;
    const onward = httpRequest({ agent, host, port, method, path, headers: rawHeaders as never }, (back) => {
      outgoing.writeHead(back.statusCode ?? 502, back.rawHeaders);
      back.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
}

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

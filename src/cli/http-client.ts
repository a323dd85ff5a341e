import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Ask, contentOf, type Reply, replyOf, targetOf } from './client.ts';
import { CommandFailure } from './failure.ts';

/** Where requests go: the private socket of the owner of a data folder, or an address on the network. */
export type Endpoint =
  | { readonly by: 'socket'; readonly path: string }
  | { readonly by: 'network'; readonly url: URL; readonly token: string };

/** Nobody took the connection, so nothing was sent: it is safe to ask again, or to ask somebody else. */
export class NobodyThere extends Error {
  override readonly name = 'NobodyThere';
}

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const CONNECT_MS = 15_000;

/**
 * One request over a connection of its own.
 * @throws {NobodyThere} the connection was not taken.
 * @throws {CommandFailure} it broke before the answer was complete.
 */
export async function sendRequest(endpoint: Endpoint, ask: Ask): Promise<Reply> {
  const { headers, body } = contentOf(ask);
  const options: RequestOptions = { method: ask.method, headers, agent: false };
  const { incoming, isSecure } = await connect(endpoint, options, ask, body);
  const status = incoming.statusCode ?? 0;
  if (endpoint.by === 'network' && status >= 300 && status < 400) {
    incoming.destroy();
    throw new CommandFailure('unavailable', `${endpoint.url.origin} answered with a redirect (${status}).`, {
      hint: 'The token is not sent on to another address: give the address it leads to as --url.',
    });
  }
  const text = await readAll(incoming, ask, isSecure);
  const [requestId = null] = [incoming.headers['x-request-id']].flat();
  return replyOf(status, text, requestId);
}

function connect(
  endpoint: Endpoint,
  options: RequestOptions,
  ask: Ask,
  body: Buffer | null,
): Promise<{ incoming: IncomingMessage; isSecure: boolean }> {
  return new Promise((resolve, reject) => {
    const target = targetOf(ask);
    const isSecure = endpoint.by === 'network' && endpoint.url.protocol === 'https:';
    const outgoing =
      endpoint.by === 'socket'
        ? requestHttp({ ...options, socketPath: endpoint.path, path: target })
        : (isSecure ? requestHttps : requestHttp)(`${endpoint.url.origin}${basePath(endpoint.url)}${target}`, {
            ...options,
            headers: { ...(options.headers as object), Authorization: `Bearer ${endpoint.token}` },
          });
    let isConnected = false;
    const patience = setTimeout(() => {
      if (!isConnected) outgoing.destroy(new Error('the connection was not taken in time'));
    }, CONNECT_MS);
    outgoing.once('socket', (socket) => {
      const taken = () => {
        isConnected = true;
        clearTimeout(patience);
        // Only now: what was read for somebody who is not there could not be read again.
        if (ask.upload !== undefined) void pipeline(Readable.from(ask.upload()), outgoing).catch(endEarly);
      };
      socket.once(isSecure ? 'secureConnect' : 'connect', taken);
    });
    outgoing.once('response', (incoming) => resolve({ incoming, isSecure }));
    outgoing.once('error', (error) => {
      clearTimeout(patience);
      reject(isConnected ? brokenOff(ask, error) : new NobodyThere(error.message, { cause: error }));
    });
    // An early refusal ends the upload; its answer is what counts then.
    const endEarly = (error: NodeJS.ErrnoException): void => {
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'EPIPE') reject(error);
    };
    if (ask.upload === undefined) outgoing.end(body ?? undefined);
    else outgoing.flushHeaders();
  });
}

async function readAll(incoming: IncomingMessage, ask: Ask, isSecure: boolean): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw brokenOff(ask, error);
  }
  if (!incoming.complete) throw brokenOff(ask, new Error(isSecure ? 'the TLS connection was cut' : 'it was cut'));
  return Buffer.concat(chunks).toString('utf8');
}

function brokenOff(ask: Ask, error: unknown): CommandFailure {
  const what = error instanceof Error ? error.message : String(error);
  const isSafe = ask.method === 'GET';
  return new CommandFailure('unavailable', `The connection broke before the answer came: ${what}.`, {
    hint: isSafe ? 'Run the command again.' : 'Whether it was done is not known: look before you repeat it.',
    cause: error,
  });
}

function basePath(url: URL): string {
  return url.pathname.replace(/\/+$/, '');
}

import { Agent, type IncomingMessage, request as sendRequest } from 'node:http';
import { StorageUnavailable } from '../ports/index.ts';
import { findPrivateSocket } from '../stores/data-folder/index.ts';

/** Connections to the owner at most; requests beyond wait for one, and their deadline goes on. */
const CONNECTIONS_MAX = 64;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface OwnerRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Buffer;
  readonly type?: 'application/json' | 'application/x-ndjson';
  /** From asking to the last byte of the answer. */
  readonly deadlineMs: number;
  /** Asking twice does no harm: it is asked again where the owner closed the connection that it would have come on. */
  readonly isRepeatable: boolean;
}

/**
 * The private socket of whoever owns a data folder, over connections that are kept. The owner may end and another begin at
 * any time: the next request looks for it again.
 */
export class OwnerConnection {
  readonly #dataDir: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX });
  #socket: string | null = null;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /**
   * One request and the JSON of its answer.
   * @throws {StorageUnavailable} nobody owns the folder, or its owner did not answer in time or not with success. Whether
   *   it did what was asked is not known then.
   */
  async ask(request: OwnerRequest): Promise<unknown> {
    try {
      return await this.#send(request);
    } catch (error) {
      if (!request.isRepeatable || !(error instanceof ClosedConnection)) throw error;
      return this.#send(request);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send({ method, path, body, type = 'application/json', deadlineMs }: OwnerRequest): Promise<unknown> {
    const socketPath = this.#findSocket();
    const headers = body === undefined ? {} : { 'Content-Type': type, 'Content-Length': body.length };
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const outgoing = sendRequest({
        socketPath,
        path,
        method,
        agent: this.#agent,
        headers: { ...headers, Host: 'keyhouse' },
      });
      const deadline = setTimeout(() => outgoing.destroy(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
      const fail = (error: Error): void => {
        clearTimeout(deadline);
        this.#socket = null;
        const message = `The process that owns ${this.#dataDir} cannot be asked: ${error.message}`;
        reject(new (outgoing.reusedSocket && isClosed(error) ? ClosedConnection : StorageUnavailable)(message));
      };
      outgoing.once('error', fail);
      outgoing.once('response', (incoming) => {
        readText(incoming).then((answer) => {
          clearTimeout(deadline);
          resolve({ status: incoming.statusCode ?? 0, text: answer });
        }, fail);
      });
      outgoing.end(body);
    });
    if (status < 200 || status > 299)
      throw new StorageUnavailable(`The process that owns ${this.#dataDir} answered ${status}.`);
    return JSON.parse(text);
  }

  /** @throws {StorageUnavailable} nobody says where it listens. */
  #findSocket(): string {
    this.#socket ??= findPrivateSocket(this.#dataDir);
    if (this.#socket !== null) return this.#socket;
    throw new StorageUnavailable(`No process owns ${this.#dataDir}.`);
  }
}

/** The owner had closed a kept connection before the request reached it. */
class ClosedConnection extends StorageUnavailable {}

function isClosed(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

async function readText(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** No answer of ours is longer; another server's is not read to its end. */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** Fewer than a Keyhouse listener takes from one address. */
const CONNECTIONS_MAX = 64;

export interface Posted {
  readonly status: number;
  readonly text: string;
}

/** Connections to one server, kept open between requests. */
export class Connections {
  readonly #url: URL;
  readonly #agent: HttpAgent | HttpsAgent;

  /** @param ca certificates of authorities to believe instead of the system's. */
  constructor(url: URL, ca: string | readonly string[] | undefined) {
    this.#url = url;
    const kept = { keepAlive: true, maxSockets: CONNECTIONS_MAX };
    this.#agent =
      url.protocol === 'https:'
        ? new HttpsAgent({ ...kept, ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }) })
        : new HttpAgent(kept);
  }

  /**
   * Posts JSON and reads the whole answer. A kept connection that the server closed at that moment is no failure: the
   * request goes once more, over a new one.
   * @throws {Error} no whole answer within `timeoutMs`; its message names neither headers nor body.
   */
  async post(body: string, token: string, timeoutMs: number): Promise<Posted> {
    const signal = AbortSignal.timeout(timeoutMs);
    for (;;) {
      const { posted, wasReused } = this.#once(body, token, signal);
      try {
        return await posted;
      } catch (error) {
        if (signal.aborted) throw new Error('no answer in time');
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'ECONNRESET' || !wasReused()) throw new Error(code ?? 'the connection failed');
      }
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(body: string, token: string, signal: AbortSignal) {
    const options: RequestOptions = {
      method: 'POST',
      agent: this.#agent,
      signal,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        Accept: 'application/json',
      },
    };
    const send = this.#url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(this.#url, options);
    const posted = new Promise<Posted>((resolve, reject) => {
      request.on('error', reject);
      request.on('response', (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      request.end(body);
    });
    return { posted, wasReused: () => request.reusedSocket };
  }
}

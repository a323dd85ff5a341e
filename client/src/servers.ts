import { Circuit } from './circuit.ts';
import { Connections } from './post.ts';

/** A server that was asked and gave no verdict. */
export interface ServerProblem {
  readonly url: string;
  /** What happened, in a few words and without any header or body. */
  readonly problem: string;
}

export interface ServersOptions {
  /** Where to ask, in the order of preference. */
  readonly addresses: readonly URL[];
  readonly token: () => string;
  /** For one question altogether, whichever servers are asked. */
  readonly timeoutMs: number;
  readonly ca: string | readonly string[] | undefined;
  readonly onProblem: (problem: ServerProblem) => void;
}

/** The servers that can be asked. The first one that answers is the one that counts. */
export class Servers {
  readonly #options: ServersOptions;
  readonly #servers: readonly { readonly url: string; readonly circuit: Circuit; readonly connections: Connections }[];

  constructor(options: ServersOptions) {
    this.#options = options;
    const now = () => performance.now();
    this.#servers = options.addresses.map((address) => ({
      url: address.origin,
      circuit: new Circuit(now),
      connections: new Connections(address, options.ca),
    }));
  }

  /** The first answer that `read` can read; null when there is none in time. Never rejects. */
  async ask<Verdict>(body: string, read: (text: string) => Verdict | null): Promise<Verdict | null> {
    const deadline = performance.now() + this.#options.timeoutMs;
    for (const [index, { url, circuit, connections }] of this.#servers.entries()) {
      const leftMs = deadline - performance.now();
      if (leftMs < 1) return null;
      const others = this.#servers.slice(index + 1).filter((other) => !other.circuit.rests).length;
      if (!circuit.enter()) continue;
      let verdict: Verdict | null = null;
      let problem = '';
      let isDown = true;
      try {
        // A server that does not answer leaves the others their share of the time.
        const timeoutMs = Math.ceil(leftMs / (others + 1));
        const { status, text } = await connections.post(body, this.#options.token(), timeoutMs);
        // What it refuses may be the fault of this very question, and says nothing about the next one.
        isDown = status === 200 || status >= 500;
        verdict = status === 200 ? read(text) : null;
        problem = status === 200 ? 'the answer is no verdict' : `status ${status}`;
      } catch (error) {
        problem = (error as Error).message;
      }
      if (verdict !== null || !isDown) circuit.succeeded();
      else circuit.failed();
      if (verdict !== null) return verdict;
      this.#report({ url, problem });
    }
    return null;
  }

  close(): void {
    for (const { connections } of this.#servers) connections.close();
  }

  #report(problem: ServerProblem): void {
    try {
      this.#options.onProblem(problem);
    } catch {
      // Whoever is told has no say in the decision.
    }
  }
}

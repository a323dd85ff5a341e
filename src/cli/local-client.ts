import { setTimeout as delay } from 'node:timers/promises';
import type { Config, LocalDoor } from '../server/operator.ts';
import type { Call } from './call.ts';
import { type Ask, type Client, contentOf, type Reply, replyOf, targetOf } from './client.ts';
import { NobodyThere, sendRequest } from './http-client.ts';

/** Longer than an owner takes to finish its requests on its way out, or to begin. */
const OWNER_CHANGES_MS = 30_000;
const ASK_AGAIN_MS = 100;
/** Tries after which somebody who watches is told what the command waits for. */
const SILENT_TRIES = 10;

/**
 * Works on the store of this machine as its operator: through the process that owns the data folder, or, where none
 * does, by opening the store for the length of the command. An owner that is just starting or ending is waited for.
 */
export async function openLocalClient(
  config: Config,
  around: Around,
  { makes }: { /** Makes the store where there is none. */ readonly makes: boolean },
): Promise<Client> {
  const operator = await import('../server/operator.ts');
  if (!makes) operator.requireStore(config);
  return new LocalClient(config, around, operator, makes);
}

type Around = Pick<Call, 'terminal' | 'warn'>;
type Operator = typeof import('../server/operator.ts');

class LocalClient implements Client {
  readonly #config: Config;
  readonly #around: Around;
  readonly #operator: Operator;
  readonly #makes: boolean;
  #door: LocalDoor | null = null;
  isThroughServer: boolean | null = null;

  constructor(config: Config, around: Around, operator: Operator, makes: boolean) {
    this.#config = config;
    this.#around = around;
    this.#operator = operator;
    this.#makes = makes;
  }

  async request(ask: Ask): Promise<Reply> {
    const deadline = AbortSignal.timeout(OWNER_CHANGES_MS);
    for (let tries = 1; ; tries++) {
      if (this.#door !== null) return askDoor(this.#door, ask);
      const throughOwner = await this.#askOwner(ask);
      if (throughOwner !== null) {
        this.isThroughServer = true;
        return throughOwner;
      }
      try {
        this.#door = await this.#operator.openLocalDoor(this.#config, {
          makes: this.#makes,
          warn: (message) => this.#around.warn(message),
        });
        this.isThroughServer = false;
      } catch (error) {
        const isOwned = error instanceof Error && error.name === 'FolderOwned';
        if (!isOwned || deadline.aborted) throw error;
        if (tries === SILENT_TRIES && this.#around.terminal.isInteractive) {
          this.#around.warn('The data folder is in use. Waiting for its owner to answer or to end …');
        }
        await delay(ASK_AGAIN_MS);
      }
    }
  }

  async close(): Promise<void> {
    const door = this.#door;
    this.#door = null;
    await door?.close();
  }

  /** null when no owner answers on its socket: there is none, or it was killed, or it does not listen yet. */
  async #askOwner(ask: Ask): Promise<Reply | null> {
    const socket = this.#operator.findOwnerSocket(this.#config);
    if (socket === null) return null;
    try {
      return await sendRequest({ by: 'socket', path: socket }, ask);
    } catch (error) {
      if (!(error instanceof NobodyThere)) throw error;
      const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
      if (code === 'EACCES' || code === 'EPERM') throw error.cause;
      return null;
    }
  }
}

async function askDoor(door: LocalDoor, ask: Ask): Promise<Reply> {
  const { headers, body } = contentOf(ask);
  const { upload } = ask;
  const answer = await door.answer({
    method: ask.method,
    target: targetOf(ask),
    rawHeaders: Object.entries(headers).flat(),
    peer: null,
    body: upload ?? (body === null ? null : () => once(body)),
  });
  const text = answer.body === null ? '' : Buffer.from(answer.body as string).toString('utf8');
  return replyOf(answer.status, text, answer.headers['X-Request-Id'] ?? null);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

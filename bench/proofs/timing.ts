import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_FILE } from '../../src/stores/data-folder/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { startServer } from '../http/running-server.ts';
import type { Amounts } from '../proofs.ts';
import { seedFolder } from '../seeded-engine.ts';
import { quantile, welch } from '../statistics.ts';

const FORMAT = { prefix: 'kh', environments: ['live', 'test'] as const };
const PATHS = ['/v1/auth/test', '/forward-auth/needs/servers:read'];
const WARM = 2_000;

/**
 * Answers about tokens that were revoked and about ones that never were, over a connection on the loopback, in random order,
 * each from a client address of its own. *Again* asks about one of each over and over, as somebody who has found a token does;
 * *first* about another one each time, as nobody has asked before.
 */
export async function timing({ samples }: Amounts): Promise<void> {
  const folder = await seedFolder(samples + WARM * PATHS.length * 2);
  revokeAll(folder.dataDir);
  const [one = '', ...fresh] = folder.tokens;
  const unknown = () => generateToken(FORMAT, 'token', 'live', systemRandom);
  const role = {
    is: 'keyhouse',
    dataDir: folder.dataDir,
    upstream: null,
    warmedBy: null,
    isBehindProxy: true,
  } as const;
  const server = await startServer(role);
  const door = new Door(server.port);
  const never = unknown();
  const manners = {
    again: { revoked: () => one, never: () => never, count: samples },
    first: { revoked: () => fresh.pop() as string, never: unknown, count: Math.floor(samples / PATHS.length) },
  };
  try {
    for (const path of PATHS) {
      for (const [manner, { revoked, never: unheard, count }] of Object.entries(manners)) {
        const times: Record<'revoked' | 'never', number[]> = { revoked: [], never: [] };
        for (let at = -WARM; at < count; at++) {
          const which = Math.random() < 0.5 ? 'revoked' : 'never';
          const ns = await door.time(path, which === 'revoked' ? revoked() : unheard());
          if (at >= 0) times[which].push(ns);
        }
        const { t, mean, uncertainty } = welch(times.never, times.revoked);
        const us = (ns: number) => (ns / 1000).toFixed(2);
        console.log(
          `${path}, ${manner}: ${count.toLocaleString('en')} answers, medians never ${us(quantile(times.never, 0.5))} µs, ` +
            `revoked ${us(quantile(times.revoked, 0.5))} µs; means differ by ${us(mean)} ± ${us(uncertainty)} µs; Welch’s t ` +
            `${t.toFixed(1)}${Math.abs(t) < 4.5 ? ', which tells nothing' : ', which tells them apart'}`,
        );
      }
    }
  } finally {
    door.close();
    await server.stop();
    folder.remove();
  }
}

/** As revoking each of them leaves it. */
function revokeAll(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, DATABASE_FILE));
  db.prepare("update token set revoked_at = ? where name like 'deploy %'").run(Date.now());
  db.close();
}

/** A listener ends a connection after 10,000 requests. */
const QUESTIONS_MAX = 5_000;

/** One question at a time over a kept connection. Every question comes from another client. */
class Door {
  readonly #port: number;
  #socket: Socket | null = null;
  #asked = 0;
  #heard: (chunk: Buffer) => void = () => {};

  constructor(port: number) {
    this.#port = port;
  }

  /** Nanoseconds from handing over the question to the last byte of the answer. */
  async time(path: string, token: string): Promise<number> {
    const socket = this.#asked % QUESTIONS_MAX === 0 ? await this.#open() : (this.#socket as Socket);
    const lines = [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', `Authorization: Bearer ${token}`, this.#client()];
    const question = `${lines.join('\r\n')}\r\n\r\n`;
    return new Promise<number>((resolve, reject) => {
      let text = '';
      this.#heard = (chunk) => {
        const ns = Number(process.hrtime.bigint() - began);
        text += chunk.toString('latin1');
        const [head = '', body] = text.split('\r\n\r\n');
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        if (!head.startsWith('HTTP/1.1 401 ')) reject(new Error(`the answer was ${head.split('\r\n')[0]}`));
        else if (body !== undefined && body.length >= length) resolve(ns);
      };
      const began = process.hrtime.bigint();
      socket.write(question);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  async #open(): Promise<Socket> {
    this.close();
    const socket = connect(this.#port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.#socket = socket;
    return socket.setNoDelay(true).on('data', (chunk) => this.#heard(chunk));
  }

  #client(): string {
    const at = this.#asked++;
    return `X-Forwarded-For: 10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
  }
}

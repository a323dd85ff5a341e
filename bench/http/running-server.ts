import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Listening, Role, Spent } from './role.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));

/** A server of a comparison, in a process of its own. */
export class RunningServer {
  readonly port: number;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** CPU time of the process so far, in microseconds, user and system. */
  async cpuMicros(): Promise<number> {
    const answered = once(this.#child, 'message') as Promise<[Spent]>;
    this.#child.send('spent');
    return (await answered)[0].cpuMicros;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

/** @throws {Error} the process ended before it listened. */
export async function startServer(role: Role): Promise<RunningServer> {
  const child = fork(SERVER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const listening = once(child, 'message') as Promise<[Listening]>;
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the ${role.is} server ended before it listened`);
  });
  child.send(role);
  const [{ port }] = await Promise.race([listening, ended]);
  ended.catch(() => {});
  return new RunningServer(child, port);
}

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Listening, Role, Spent } from './role.ts';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));

/** With two processors or more, the server that is measured has the first, and whoever else takes part the second. */
export const [MEASURED, OTHERS] = cpus().length > 1 && hasTaskset() ? (['0', '1'] as const) : [null, null];

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command line that runs a program on this processor alone; null leaves it where the system puts it. */
export function pinned(processor: string | null, command: readonly [string, ...string[]]): [string, ...string[]] {
  return processor === null ? [...command] : ['taskset', '-c', processor, ...command];
}

/** Whatever is compared: it answers at an address and knows what that has cost. */
export interface MeasuredServer {
  readonly url: string;
  /** CPU time so far, in microseconds, user and system. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

/** A server of a comparison, in a process of its own. */
export class RunningServer implements MeasuredServer {
  readonly port: number;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async cpuMicros(): Promise<number> {
    return (await this.spent()).cpuMicros;
  }

  async spent(): Promise<Spent> {
    const answered = once(this.#child, 'message') as Promise<[Spent]>;
    this.#child.send('spent');
    return (await answered)[0];
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

/** @throws {Error} the process ended before it listened. */
export async function startServer(role: Role, processor: string | null = MEASURED): Promise<RunningServer> {
  const child = fork(SERVER, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const listening = once(child, 'message') as Promise<[Listening]>;
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the ${role.is} server ended before it listened`);
  });
  child.send(role);
  const [{ port }] = await Promise.race([listening, ended]);
  ended.catch(() => {});
  if (processor !== null) execFileSync('taskset', ['-acp', processor, String(child.pid)], { stdio: 'ignore' });
  return new RunningServer(child, port);
}

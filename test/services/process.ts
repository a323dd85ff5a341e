/**
 * Child processes of tests. Prevents processes that outlive the run: each one is stopped with its descendants when the
 * test process ends, and on Linux the kernel ends it even when the test process was killed itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { within } from './deadline.ts';

export interface ProcessOptions {
  readonly cwd?: string;
  /** Added to the environment of the test process; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** User to run as; possible for root only. */
  readonly user?: string;
  /** Written to the standard input, which is then closed. */
  readonly input?: string;
  /** What the kernel sends when the test process dies without having cleaned up. */
  readonly orphanSignal?: 'KILL' | 'QUIT';
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProcess {
  readonly pid: number;
  /** Everything written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The first line, already written or still to come, of either stream that matches. Rejects when the process ends before. */
  readonly waitForLine: (pattern: RegExp, deadlineMs?: number) => Promise<RegExpExecArray>;
  readonly waitForEnd: (deadlineMs?: number) => Promise<ProcessEnd>;
  /** To the process itself, not to its descendants. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Ends the process and its descendants: `signal` first, SIGKILL when the deadline passes. Safe to repeat. */
  readonly stop: (signal?: NodeJS.Signals, deadlineMs?: number) => Promise<ProcessEnd>;
}

const running = new Map<ChildProcess, NodeJS.Signals>();

/** Starts a program without a shell, in a process group of its own. Rejects when it cannot be started at all. */
export async function startProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<RunningProcess> {
  const setpriv = findProgram('setpriv');
  if (options.user !== undefined && setpriv === null) throw new Error('running as another user needs setpriv');
  const wrapper =
    setpriv === null
      ? []
      : [
          setpriv,
          ...(options.user === undefined
            ? []
            : [`--reuid=${options.user}`, `--regid=${options.user}`, '--clear-groups']),
          `--pdeathsig=${options.orphanSignal ?? 'KILL'}`,
          '--',
        ];
  const [file = program, ...rest] = [...wrapper, program, ...args];
  const child = spawn(file, rest, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  running.set(child, `SIG${options.orphanSignal ?? 'KILL'}`);
  const output = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  let ended: ProcessEnd | null = null;
  const finished = new Promise<ProcessEnd>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      ended ??= { code, signal };
      running.delete(child);
      resolve(ended);
      for (const look of waiting) look();
    };
    child.once('close', end);
    // A descendant that holds the output open must not keep its parent's end from being seen.
    child.once('exit', (code, signal) => setTimeout(end, 500, code, signal).unref());
  });
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const look of waiting) look();
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve).once('error', reject);
  });
  if (options.input !== undefined) child.stdin?.on('error', () => {}).end(options.input);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${program} has no process id`);

  const waitForLine = (pattern: RegExp, deadlineMs = 20_000): Promise<RegExpExecArray> => {
    let look = (): void => {};
    const found = new Promise<RegExpExecArray>((resolve, reject) => {
      look = () => {
        for (const line of completeLines(output.stdout, ended).concat(completeLines(output.stderr, ended))) {
          const match = pattern.exec(line);
          if (match !== null) return resolve(match);
        }
        if (ended !== null) reject(new Error(`${program} ended before a line matched ${pattern}:\n${tail(output)}`));
      };
      waiting.add(look);
      look();
    });
    return within(found, deadlineMs, `${program} writes a line matching ${pattern}`)
      .catch((error: Error) => {
        throw new Error(`${error.message}\n${tail(output)}`, { cause: error });
      })
      .finally(() => waiting.delete(look));
  };
  const waitForEnd = (deadlineMs = 20_000): Promise<ProcessEnd> =>
    within(finished, deadlineMs, `${program} (process ${pid}) ends`);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM', deadlineMs = 10_000): Promise<ProcessEnd> => {
    if (ended === null) child.kill(signal);
    try {
      return await waitForEnd(deadlineMs);
    } catch {
      signalGroup(child, 'SIGKILL');
      return await waitForEnd(deadlineMs);
    } finally {
      signalGroup(child, 'SIGKILL');
    }
  };
  return {
    pid,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    waitForLine,
    waitForEnd,
    signal: (signal) => void child.kill(signal),
    stop,
  };
}

/** Runs a program to its end and returns what it wrote. Rejects, and stops it, when the deadline passes. */
export async function runProcess(
  program: string,
  args: readonly string[],
  options: ProcessOptions & { readonly deadlineMs?: number } = {},
): Promise<ProcessEnd & { readonly stdout: string; readonly stderr: string }> {
  const child = await startProcess(program, args, options);
  try {
    const end = await child.waitForEnd(options.deadlineMs ?? 60_000);
    return { ...end, stdout: child.stdout(), stderr: child.stderr() };
  } catch (error) {
    await child.stop('SIGKILL');
    throw new Error(`${(error as Error).message}\n${child.stdout()}${child.stderr()}`, { cause: error });
  }
}

/** The absolute path of a program on the PATH, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder === '') continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {}
  }
  return null;
}

function completeLines(text: string, ended: ProcessEnd | null): string[] {
  const lines = text.split('\n');
  if (ended === null) lines.pop();
  return lines;
}

function tail(output: { readonly stdout: string; readonly stderr: string }): string {
  return `${output.stdout.slice(-2_000)}${output.stderr.slice(-2_000)}`;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has no member left.
  }
}

process.once('exit', () => {
  for (const [child, signal] of running) signalGroup(child, signal);
});

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CommandFailure } from '../failure.ts';

const ERROR_MAX = 2_000;

/** A git that runs, and what it says when it ends. */
export interface RunningGit {
  readonly child: ChildProcessWithoutNullStreams;
  /** @throws {CommandFailure} git is not there, or ended with an error. */
  readonly ended: Promise<void>;
}

/** Starts git in this folder. Whoever does waits for `ended`. */
export function startGit(folder: string, args: readonly string[]): RunningGit {
  // Neither a pager nor a question nor a lock for the sake of reading.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const child = spawn('git', ['-C', folder, ...args], { env, stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    if (errors.length < ERROR_MAX) errors += String(chunk);
  });
  // Whoever writes to a git that has ended learns of it here.
  child.stdin.on('error', () => {});
  const ended = (async () => {
    try {
      const [code] = (await once(child, 'close')) as [number | null];
      if (code === 0) return;
    } catch (cause) {
      throw new CommandFailure('usage', 'There is no git on this machine.', { cause });
    }
    const said =
      errors
        .trim()
        .split('\n')[0]
        ?.replace(/^fatal: /, '') ?? '';
    throw new CommandFailure('usage', `git ${args[0]} has failed${said === '' ? '.' : `: ${said}`}`);
  })();
  ended.catch(() => {});
  return { child, ended };
}

/** What git prints, whole. @throws {CommandFailure} the same. */
export async function runGit(folder: string, args: readonly string[]): Promise<Buffer> {
  const { child, ended } = startGit(folder, args);
  child.stdin.end();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  await ended;
  return Buffer.concat(chunks);
}

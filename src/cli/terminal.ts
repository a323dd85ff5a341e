import type { Readable } from 'node:stream';

/** What a command has around it; tests bring their own. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
  /** Somebody sits at both ends: questions can be asked. */
  readonly isInteractive: boolean;
  readonly hasColours: boolean;
  /** Results. Silently nothing once the reader has gone (`| head`). */
  out(text: string): void;
  /** The same for long ones: resolves once whoever reads can take more. */
  outPaced(text: string): Promise<void>;
  /** Everything that is not a result. */
  err(text: string): void;
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const isGone = { stdout: false, stderr: false };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
      isGone[name] = true;
    });
  }
  return {
    env,
    cwd: process.cwd(),
    stdin,
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    hasColours: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    out(text) {
      if (!isGone.stdout) stdout.write(text);
    },
    outPaced(text) {
      if (isGone.stdout || stdout.write(text)) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          stdout.off('drain', done).off('error', done).off('close', done);
          resolve();
        };
        stdout.on('drain', done).on('error', done).on('close', done);
      });
    },
    err(text) {
      if (!isGone.stderr) stderr.write(text);
    },
  };
}

/** What could move the cursor of a terminal, or hide something on it. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** Text for eyes: what could move the cursor or hide something becomes visible. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => (character === '\n' ? character : '\ufffd'));
}

/** The same for text that came from elsewhere and must not begin a line of its own. */
export function printableLine(text: string): string {
  return text.replaceAll(UNPRINTABLE, '\ufffd');
}

/** JSON for programs, on one line, that a terminal shows as it is: JSON itself escapes only some of what moves a cursor. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CommandFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

const SECRET_BYTES_MAX = 16 * 1024;

/**
 * One secret from standard input: typed without echo where somebody sits there, else everything up to the end without its
 * last line break. Nothing else is cut: the secret may end with a space.
 */
export async function readSecret(terminal: Terminal, prompt: string): Promise<string> {
  const text = terminal.isInteractive ? await askHidden(terminal, prompt) : await readAll(terminal);
  if (text === '') throw new CommandFailure('usage', `Nothing came from standard input. ${prompt} is read from there.`);
  return text;
}

/** A visible question; '' when it was answered with nothing. */
export function askVisible(terminal: Terminal, prompt: string): Promise<string> {
  return askLine(terminal, `${prompt}: `, (text) => terminal.err(text));
}

async function askHidden(terminal: Terminal, prompt: string): Promise<string> {
  terminal.err(`${prompt}: `);
  try {
    return await askLine(terminal, '', () => {});
  } finally {
    terminal.err('\n');
  }
}

/** @throws {CommandFailure} the question was left with Ctrl-C or Ctrl-D. */
async function askLine(terminal: Terminal, prompt: string, echo: (text: string) => void): Promise<string> {
  const output = new Writable({
    write(chunk, _encoding, done) {
      echo(String(chunk));
      done();
    },
  });
  const lines = createInterface({ input: terminal.stdin, output, terminal: true });
  const left = new AbortController();
  lines.once('SIGINT', () => left.abort()).once('close', () => left.abort());
  try {
    return await lines.question(prompt, { signal: left.signal });
  } catch (error) {
    if (left.signal.aborted) throw new CommandFailure('refused', 'Nothing was done.');
    throw error;
  } finally {
    lines.close();
  }
}

async function readAll({ stdin }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk as Uint8Array | string);
    size += bytes.length;
    if (size > SECRET_BYTES_MAX) throw new CommandFailure('usage', 'Standard input holds more than one secret.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

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
export async function askVisible(terminal: Terminal, prompt: string): Promise<string> {
  const lines = createInterface({ input: terminal.stdin, output: errorStream(terminal), terminal: true });
  try {
    return (await lines.question(`${prompt}: `)).trim();
  } finally {
    lines.close();
  }
}

async function askHidden(terminal: Terminal, prompt: string): Promise<string> {
  terminal.err(`${prompt}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: terminal.stdin, output: nowhere, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    terminal.err('\n');
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

function errorStream(terminal: Terminal): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      terminal.err(String(chunk));
      done();
    },
  });
}

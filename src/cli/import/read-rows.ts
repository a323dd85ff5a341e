import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCsv } from '../../policy/index.ts';
import { CommandFailure } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

export type Row = Readonly<Record<string, unknown>>;

/**
 * The rows of a file, or of standard input for `-`: CSV with a header, one JSON object per line, or a JSON list.
 * @throws {CommandFailure} it is none of these. What stands in it is not repeated: it may hold tokens.
 */
export async function readRows(terminal: Terminal, path: string): Promise<readonly Row[]> {
  const text = path === '-' ? await readAll(terminal) : readFile(resolve(terminal.cwd, path));
  const start = text.trimStart()[0];
  if (start === '[') return listOf(parse(text, 'The file'));
  return start === '{' ? jsonLines(text) : csvRows(text);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandFailure('usage', `The file cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

async function readAll({ stdin }: Terminal): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function jsonLines(text: string): readonly Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return listOf(lines.map((line, at) => parse(line, `Line ${at + 1}`)));
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure('usage', `${what} is not JSON.`);
  }
}

function listOf(value: unknown): readonly Row[] {
  if (Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row))) {
    return value;
  }
  throw new CommandFailure('usage', 'Every row must be a JSON object.');
}

function csvRows(text: string): readonly Row[] {
  const [header, ...records] = readCsv(text) ?? [];
  if (header === undefined) throw new CommandFailure('usage', 'The file is neither CSV with a header nor JSON.');
  return records.map((record) => Object.fromEntries(header.map((name, at) => [name.trim(), record[at] ?? ''])));
}

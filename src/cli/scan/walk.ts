import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { runGit } from './git-program.ts';
import type { Report } from './report.ts';

const SLASH = 0x2f;
const PIECE_BYTES = 4 * 1024 * 1024;
const piece = Buffer.allocUnsafe(PIECE_BYTES);

/**
 * Looks through a file, or through everything below a folder: hidden, binary and ignored files alike. A link that was named
 * is followed; none below it is: what it leads to is either below too, or was not asked about.
 */
export function walk(cwd: string, path: string, report: Report): void {
  const name = Buffer.from(path);
  attempt(report, name, () => {
    const stats = statSync(opened(cwd, name));
    if (stats.isDirectory()) walkFolder(cwd, name, report);
    else if (stats.isFile()) searchFile(cwd, name, report);
    else report.passed(name, 'it is neither a file nor a folder.');
  });
}

/** The same without what git ignores there, and without git's own folder. */
export async function walkTracked(cwd: string, path: string, report: Report): Promise<void> {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  for (const name of splitAt(await runGit(resolve(cwd, path), listing), 0)) {
    const whole = below(Buffer.from(path), name);
    const stats = lstatSync(opened(cwd, whole), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink()) report.links += 1;
    else if (stats?.isFile()) attempt(report, whole, () => searchFile(cwd, whole, report));
    else if (stats?.isDirectory()) report.passed(whole, 'it is a repository of its own.');
  }
}

function walkFolder(cwd: string, folder: Buffer, report: Report): void {
  const entries = readdirSync(opened(cwd, folder), { withFileTypes: true, encoding: 'buffer' });
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    const name = below(folder, entry.name);
    if (entry.isDirectory()) attempt(report, name, () => walkFolder(cwd, name, report));
    else if (entry.isFile()) attempt(report, name, () => searchFile(cwd, name, report));
    else if (entry.isSymbolicLink()) report.links += 1;
    else report.passed(name, 'it is neither a file nor a folder.');
  }
}

function searchFile(cwd: string, name: Buffer, report: Report): void {
  const file = openSync(opened(cwd, name), 'r');
  try {
    const take = report.begin({ name, commit: null });
    for (;;) {
      let length = 0;
      let count = -1;
      while (count !== 0 && length < PIECE_BYTES) {
        count = readSync(file, piece, length, PIECE_BYTES - length, null);
        length += count;
      }
      take(piece.subarray(0, length), count === 0);
      if (count === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

/** What cannot be read is told, and the rest is looked at all the same. */
function attempt(report: Report, name: Buffer, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    report.failed(name, WHY[code] ?? `it cannot be read (${code}).`);
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this user.',
  ENOENT: 'is not there.',
};

/** As it is opened: names are bytes, and need not be text. */
function opened(cwd: string, name: Buffer): Buffer {
  return name[0] === SLASH ? name : below(Buffer.from(cwd), name);
}

function below(folder: Buffer, name: Buffer): Buffer {
  const separator = folder.at(-1) === SLASH ? '' : '/';
  return Buffer.concat([folder, Buffer.from(separator), name]);
}

/** The parts that end with this byte. */
export function splitAt(bytes: Buffer, end: number): Buffer[] {
  const parts: Buffer[] = [];
  for (let from = 0, at = bytes.indexOf(end); at >= 0; from = at + 1, at = bytes.indexOf(end, from)) {
    parts.push(bytes.subarray(from, at));
  }
  return parts;
}

import { randomBytes } from 'node:crypto';
import { linkSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandFailure } from './failure.ts';

/**
 * Writes a whole file or none: readers see what was there before, or all of the new text. A file that is a link stays one.
 * @param how.replaces without it a file that is there already is not touched.
 * @throws {CommandFailure} it is there already.
 */
export function writeWhole(path: string, text: string, how: { readonly replaces: boolean }): void {
  const target = how.replaces ? behindLinks(path) : path;
  const beside = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    writeFileSync(beside, text, { flag: 'wx', flush: true });
    if (how.replaces) renameSync(beside, target);
    else linkSync(beside, target);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? alreadyThere(path) : error;
  } finally {
    rmSync(beside, { force: true });
  }
}

export function alreadyThere(path: string): CommandFailure {
  return new CommandFailure('refused', `${path} is there already.`, {
    hint: 'Give another name, or --force to replace it.',
  });
}

/** Why no file can be written there, or null. */
export function problemWithTarget(path: string): string | null {
  if (isFolder(path)) return `${path} is a folder.`;
  // A device or a pipe that is replaced is gone for everybody else.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === false) return `${path} is no ordinary file.`;
  return isFolder(dirname(path)) ? null : `There is no folder ${dirname(path)}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function behindLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

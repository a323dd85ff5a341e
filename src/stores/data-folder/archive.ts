import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from './durable-file.ts';
import { stampOf } from './layout.ts';

export const ARCHIVE_PREFIX = 'archive-';

/**
 * Moves files of a folder, in the order given, into a new folder `archive-<time>` inside it. Nothing is ever thrown away:
 * what a command puts aside its operator may want back.
 * @returns where they went; null when none of them is there.
 */
export function archiveFiles(folder: string, names: readonly string[], now: number): string | null {
  const present = names.filter((name) => existsSync(join(folder, name)));
  if (present.length === 0) return null;
  const archive = unusedName(join(folder, `${ARCHIVE_PREFIX}${stampOf(now)}`));
  mkdirSync(archive, { mode: 0o700 });
  for (const name of present) renameSync(join(folder, name), join(archive, name));
  syncFolder(archive);
  syncFolder(folder);
  return archive;
}

function unusedName(path: string): string {
  if (!existsSync(path)) return path;
  let attempt = 2;
  while (existsSync(`${path}-${attempt}`)) attempt += 1;
  return `${path}-${attempt}`;
}

import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';

/** A folder or file cannot be used as asked, for a reason the operator can remove; the message says how. */
export class FolderRefused extends Error {
  override readonly name = 'FolderRefused';
}

const onWindows = process.platform === 'win32';

/** Null where nothing is; the link itself where it is a symbolic link. */
export function statIfThere(path: string): Stats | null {
  return lstatSync(path, { throwIfNoEntry: false }) ?? null;
}

/** Whether users other than the owner can reach it; always false on Windows, where mode bits mean nothing. */
export function isOpenToOthers(stats: Stats): boolean {
  return !onWindows && (stats.mode & 0o077) !== 0;
}

/** Whether this process' user owns it; always true on Windows. */
export function isOurs(stats: Stats): boolean {
  return process.getuid === undefined || stats.uid === process.getuid();
}

/** A mode as `chmod` takes it: `0755`. */
export function modeText(stats: Stats): string {
  return `0${(stats.mode & 0o777).toString(8)}`;
}

/**
 * Makes the folder (0700) where it is missing. An existing one is closed to other users, but only when it is evidently for
 * us: empty, or holding one of `landmarks`. Names beginning with a dot and `lost+found` do not count as content.
 * @returns its real path.
 * @throws {FolderRefused} it is a file, belongs to another user, or holds something else.
 */
export function openPrivateFolder(path: string, landmarks: readonly string[], what: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new FolderRefused(`${path} is a file, not a folder. Name a folder for ${what}.`);
  }
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const real = realpathSync(path);
  const stats = statSync(real);
  if (!isOurs(stats) && process.getuid?.() !== 0) {
    throw new FolderRefused(
      `${real} belongs to user ${stats.uid}. Run Keyhouse as that user, or name a folder of its own for ${what}.`,
    );
  }
  const names = readdirSync(real).filter((name) => !name.startsWith('.') && name !== 'lost+found');
  if (names.length > 0 && !names.some((name) => landmarks.includes(name))) {
    throw new FolderRefused(
      `${real} holds other things (${names.slice(0, 3).join(', ')}), not ${what}. Name an empty folder or a new one.`,
    );
  }
  if (isOpenToOthers(stats)) chmodSync(real, 0o700);
  return real;
}

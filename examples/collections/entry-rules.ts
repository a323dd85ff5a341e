import { isUtf8 } from 'node:buffer';
import { type Entry, getFileNameLowLevel } from 'yauzl';
import { badArchive, quoted } from './refusals.ts';

/** One entry of an archive that may be taken. */
export interface NamedEntry {
  readonly entry: Entry;
  /** Segments joined by `/`, none of them empty, `.` or `..`. */
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * Reads the name and the kind of an entry. What is refused is what other programs take as a way out of a folder, or read
 * as another name than ours; names never become paths on our disk all the same.
 * @throws {ApiError} 422, naming the entry.
 */
export function readEntry(entry: Entry): NamedEntry {
  const name = nameOf(entry);
  const refuse = (because: string): never => {
    throw badArchive(`The entry ${quoted(name)} ${because}.`);
  };
  const path = name.replace(/\/$/, '');
  const isFolder = path !== name;
  const broken = brokenRule(path) ?? brokenRule(path.normalize('NFKC'));
  if (broken !== null) refuse(broken);
  if ((entry.generalPurposeBitFlag & ENCRYPTED) !== 0) refuse('is encrypted, and nobody here has the password');
  if (![STORED, DEFLATED].includes(entry.compressionMethod)) {
    refuse(`is packed with method ${entry.compressionMethod}; make the archive with the ordinary "deflate"`);
  }
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== FOLDER) {
    refuse(`is ${SPECIAL.get(type) ?? 'neither a file nor a folder'}`);
  }
  if ((type === FOLDER && !isFolder) || (type === REGULAR && isFolder)) refuse('is a file and a folder at once');
  if (isFolder && entry.uncompressedSize > 0) refuse('is a folder with contents of its own');
  return { entry, path, isFolder };
}

const STORED = 0;
export const DEFLATED = 8;

/** Bits 0, 6 and 13 of the flags: encrypted, strongly encrypted, and with masked headers. */
const ENCRYPTED = 0x2041;

/** Kinds of file as Unix writes them into the upper half of the attributes. */
const FILE_TYPE = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const SPECIAL: ReadonlyMap<number, string> = new Map([
  [0o120000, 'a symbolic link'],
  [0o010000, 'a named pipe'],
  [0o020000, 'a device'],
  [0o060000, 'a device'],
  [0o140000, 'a socket'],
]);

const SEGMENT_BYTES_MAX = 255;
const PATH_BYTES_MAX = 1_024;
const DEPTH_MAX = 32;

/** Names are UTF-8 where the entry says so; programs that write UTF-8 and say nothing are understood all the same. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  const flags = isUtf8(fileNameRaw) ? generalPurposeBitFlag | UTF8_NAME : generalPurposeBitFlag;
  return getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
}

const UTF8_NAME = 0x800;

/** Which rule for names a path breaks, as the end of a sentence; null when it breaks none. */
function brokenRule(path: string): string | null {
  if (path === '') return 'has no name';
  if (/\p{Cc}|�/u.test(path)) return 'has characters in its name that no name has';
  if (path.includes('\\')) return 'has a backslash in its name; folders are separated by /';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return 'has an absolute path';
  const segments = path.split('/');
  if (segments.includes('..')) return 'leads out of its folder';
  if (segments.some((segment) => segment === '' || /[. ]$/.test(segment))) {
    return 'has a part in its name that is empty or ends with a dot or a space';
  }
  if (segments.length > DEPTH_MAX) return `lies more than ${DEPTH_MAX} folders deep`;
  const isLong = segments.some((segment) => Buffer.byteLength(segment) > SEGMENT_BYTES_MAX);
  return isLong || Buffer.byteLength(path) > PATH_BYTES_MAX ? 'has too long a name' : null;
}

/** Whether some system's file manager left it there, or it is not meant to be seen: it is not installed. */
export function isHidden(path: string): boolean {
  return path.split('/').some((segment) => segment.startsWith('.') || segment === '__MACOSX');
}

/**
 * The paths of an archive, each of which may be there once on any disk: also where letters of both cases are one, and
 * where a composed letter and its parts are.
 */
export class Paths {
  readonly #taken = new Map<string, string>();
  readonly #folders = new Set<string>();

  /** @throws {ApiError} 422 for a path that is there already, or lies in a file. */
  add({ path, isFolder }: NamedEntry): void {
    const key = path.normalize('NFKC').toLowerCase();
    const before = this.#taken.get(key);
    if (before !== undefined) {
      const also = before === path ? '' : ` and ${quoted(path)}, which are the same on many systems`;
      throw badArchive(`The archive has ${quoted(before)}${also}${also === '' ? ' twice' : ''}.`);
    }
    if (!isFolder && this.#folders.has(key)) throw fileAndFolder(path);
    this.#taken.set(key, path);
    if (isFolder) this.#folders.add(key);
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      const folder = key.slice(0, end);
      if (this.#folders.has(folder)) break;
      if (this.#taken.has(folder)) throw fileAndFolder(this.#taken.get(folder) as string);
      this.#folders.add(folder);
    }
  }
}

function fileAndFolder(path: string): Error {
  return badArchive(`The entry ${quoted(path)} is a file and a folder at once.`);
}

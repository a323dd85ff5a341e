import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SOCKET_FILE } from './layout.ts';
import type { OwnedFolder } from './owner-lock.ts';
import { readOwnerNote } from './owner-note.ts';
import { FolderRefused, isOpenToOthers, modeText, statIfThere } from './private-folder.ts';

/** Unix socket paths end at 104 bytes on some systems and are cut silently there. */
export const SOCKET_PATH_BYTES_MAX = 100;

/** What of the surroundings decides where a socket goes. */
export interface SocketPlace {
  readonly platform: NodeJS.Platform;
  /** `XDG_RUNTIME_DIR`; undefined or empty where there is none. */
  readonly runtimeDir: string | undefined;
  readonly tmpDir: string;
  /** null on Windows. */
  readonly uid: number | null;
}

/**
 * Where the owner of a data folder (real path) listens for the command line and attached processes: inside the folder, or in
 * the user's runtime folder when that path would be longer than a socket's may be, or a named pipe on Windows.
 * @throws {FolderRefused} no place has a short enough path.
 */
export function privateSocketPath(dir: string, place: SocketPlace = placeOfThisProcess()): string {
  const name = `keyhouse-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`;
  if (place.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  const candidates = [
    join(dir, SOCKET_FILE),
    ...(place.runtimeDir ? [join(place.runtimeDir, 'keyhouse', `${name}.sock`)] : []),
    join(place.tmpDir, `keyhouse-${place.uid}`, `${name}.sock`),
  ];
  const path = candidates.find((candidate) => Buffer.byteLength(candidate) <= SOCKET_PATH_BYTES_MAX);
  if (path !== undefined) return path;
  throw new FolderRefused(
    `${dir} is too deep for a socket, and so is the temporary folder ${place.tmpDir}. Name a data folder with a shorter path.`,
  );
}

/**
 * Starts `server` on the folder's private socket, which only the owner's user can reach. A socket file left by an owner that
 * was killed is removed first: holding the folder proves that nobody listens on it.
 * @throws {FolderRefused} the runtime folder is somebody else's, or something that is no socket stands in its place.
 */
export async function listenPrivately(owned: OwnedFolder, server: Server): Promise<void> {
  const path = owned.note.socket;
  const isFile = process.platform !== 'win32';
  if (isFile) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    refuseForeignFolder(dirname(path), owned.dir);
    removeStaleSocket(path);
  }
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen({ path }, () => {
      server.off('error', failed);
      listening();
    });
  });
  if (isFile) chmodSync(path, 0o600);
}

/**
 * The socket to reach the owner of a data folder on, or null when no owner has named one. Nothing may listen on it any more
 * (refused connection: the owner was killed).
 * @throws {FolderRefused} the folder it lies in could have been made by another user.
 */
export function findPrivateSocket(dir: string): string | null {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (stats === undefined) return null;
  const real = realpathSync(dir);
  const path = readOwnerNote(real)?.socket ?? null;
  if (path === null || process.platform === 'win32') return path;
  if (statIfThere(path) === null) return null;
  refuseForeignFolder(dirname(path), real);
  return path;
}

/** What is said over this socket is said with the operator's authority: its folder must be as private as the data is. */
function refuseForeignFolder(folder: string, dataDir: string): void {
  const stats = statIfThere(folder);
  if (stats === null || !stats.isDirectory()) {
    throw new FolderRefused(
      `${folder} should be the folder of Keyhouse's private socket and is not a folder. Remove it.`,
    );
  }
  const owner = statSync(dataDir).uid;
  if (stats.uid !== owner && stats.uid !== 0) {
    throw new FolderRefused(
      `${folder} belongs to user ${stats.uid}, not to the owner of ${dataDir} (user ${owner}). Somebody else made it: remove it.`,
    );
  }
  if (isOpenToOthers(stats)) {
    throw new FolderRefused(`${folder} is open to other users (${modeText(stats)}). Close it: chmod 700 ${folder}`);
  }
}

function removeStaleSocket(path: string): void {
  const stats = statIfThere(path);
  if (stats === null) return;
  if (!stats.isSocket())
    throw new FolderRefused(`${path} is where the private socket goes and is no socket. Move it away.`);
  rmSync(path);
}

function placeOfThisProcess(): SocketPlace {
  return {
    platform: process.platform,
    runtimeDir: process.env.XDG_RUNTIME_DIR,
    tmpDir: tmpdir(),
    uid: process.getuid?.() ?? null,
  };
}

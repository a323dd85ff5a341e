import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  acquireOwnership,
  findPrivateSocket,
  listenPrivately,
  type OwnedFolder,
  privateSocketPath,
  SOCKET_PATH_BYTES_MAX,
} from './index.ts';

const about = { clock: { now: () => 0, monotonic: () => 0 }, version: '1.2.3' };
const place = { platform: 'linux' as const, runtimeDir: '/run/user/1000', tmpDir: '/tmp', uid: 1000 };
const deep = `/srv/${'d'.repeat(100)}`;

describe('privateSocketPath', () => {
  it('lies in the data folder where that is short enough', () => {
    expect(privateSocketPath('/srv/keyhouse-data', place)).toBe('/srv/keyhouse-data/keyhouse.sock');
  });

  it('moves to the runtime folder, or to the user’s own temporary folder, where it would be cut', () => {
    expect(privateSocketPath(deep, place)).toMatch(/^\/run\/user\/1000\/keyhouse\/keyhouse-[0-9a-f]{16}\.sock$/);
    expect(privateSocketPath(deep, { ...place, runtimeDir: undefined })).toMatch(/^\/tmp\/keyhouse-1000\/keyhouse-/);
    expect(privateSocketPath(deep, { ...place, runtimeDir: '' })).toMatch(/^\/tmp\/keyhouse-1000\/keyhouse-/);
    expect(privateSocketPath(`${deep}2`, place)).not.toBe(privateSocketPath(deep, place));
  });

  it('counts bytes, not characters', () => {
    const dir = `/srv/${'é'.repeat(41)}`;
    expect(dir.length + '/keyhouse.sock'.length).toBeLessThan(SOCKET_PATH_BYTES_MAX);
    expect(privateSocketPath(dir, place)).toMatch(/^\/run\//);
  });

  it('says so where every place is too deep', () => {
    expect(() => privateSocketPath(deep, { ...place, runtimeDir: deep, tmpDir: deep })).toThrow('shorter path');
  });

  it('is a named pipe on Windows', () => {
    expect(privateSocketPath('C:\\data', { ...place, platform: 'win32', uid: null })).toMatch(
      /^\\\\\.\\pipe\\keyhouse-/,
    );
  });
});

describe.skipIf(process.platform === 'win32')('listenPrivately', () => {
  const uid = String(process.getuid?.());
  let root: string;
  let server: Server;
  let owned: OwnedFolder | null = null;
  const environment = { ...process.env };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'kh-')));
    server = createServer((socket) => socket.end('hello'));
  });

  afterEach(async () => {
    if (server.listening) await new Promise((closed) => server.close(closed));
    owned?.release();
    owned = null;
    process.env = { ...environment };
    rmSync(root, { recursive: true, force: true });
  });

  const own = (name: string): OwnedFolder => {
    owned = acquireOwnership(join(root, name), about);
    return owned;
  };

  it('answers on a socket that only the owner’s user can reach, found through the data folder', async () => {
    const folder = own('data');
    await listenPrivately(folder, server);
    const path = findPrivateSocket(folder.dir);
    expect(path).toBe(join(folder.dir, 'keyhouse.sock'));
    expect(statSync(String(path)).mode & 0o777).toBe(0o600);
    const [greeting] = await once(connect(String(path)), 'data', { signal: AbortSignal.timeout(10_000) });
    expect(String(greeting)).toBe('hello');
  });

  it('replaces the socket file of an owner that was killed', async () => {
    const folder = own('data');
    // Bound and renamed away: closing then leaves the file, as a kill does.
    const killed = createServer();
    await new Promise<void>((listening) => killed.listen(join(folder.dir, 'x.sock'), listening));
    renameSync(join(folder.dir, 'x.sock'), folder.note.socket);
    await new Promise((closed) => killed.close(closed));
    expect(existsSync(folder.note.socket)).toBe(true);
    await listenPrivately(folder, server);
    expect(server.listening).toBe(true);
  });

  it('removes nothing that is not a socket', async () => {
    const folder = own('data');
    writeFileSync(folder.note.socket, 'mine');
    await expect(listenPrivately(folder, server)).rejects.toThrow('is no socket');
    expect(existsSync(folder.note.socket)).toBe(true);
  });

  it('uses the runtime folder for a deep data folder and names it there', async () => {
    process.env.XDG_RUNTIME_DIR = root;
    const folder = own('d'.repeat(100));
    await listenPrivately(folder, server);
    const path = String(findPrivateSocket(folder.dir));
    expect(dirname(path)).toBe(join(root, 'keyhouse'));
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    // A client whose surroundings name another runtime folder finds it all the same.
    process.env.XDG_RUNTIME_DIR = '/nowhere';
    expect(findPrivateSocket(folder.dir)).toBe(path);
  });

  it('trusts no runtime folder that others can reach or have made', async () => {
    process.env.XDG_RUNTIME_DIR = root;
    mkdirSync(join(root, 'keyhouse'));
    chmodSync(join(root, 'keyhouse'), 0o777);
    const folder = own('d'.repeat(100));
    await expect(listenPrivately(folder, server)).rejects.toThrow('open to other users');
    writeFileSync(folder.note.socket, '');
    expect(() => findPrivateSocket(folder.dir)).toThrow('chmod 700');
    rmSync(join(root, 'keyhouse'), { recursive: true });
    mkdirSync(join(root, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(root, 'elsewhere'), join(root, 'keyhouse'));
    await expect(listenPrivately(folder, server)).rejects.toThrow('is not a folder');
  });

  it.skipIf(uid !== '0')('trusts no runtime folder of another user', async () => {
    process.env.XDG_RUNTIME_DIR = root;
    mkdirSync(join(root, 'keyhouse'), { mode: 0o700 });
    chownSync(join(root, 'keyhouse'), 65_534, 65_534);
    await expect(listenPrivately(own('d'.repeat(100)), server)).rejects.toThrow('Somebody else made it');
  });

  it('finds no socket where no owner has named one', () => {
    expect(findPrivateSocket(join(root, 'nothing'))).toBeNull();
    expect(findPrivateSocket(own('data').dir)).toBeNull();
  });
});

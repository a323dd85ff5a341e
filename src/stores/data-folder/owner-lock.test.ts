import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProcess, startProcess } from '../../../test/services/process.ts';
import { acquireOwnership, FolderOwned, FolderRefused, readOwnerNote } from './index.ts';

const about = { clock: { now: () => Date.parse('2026-03-04T05:06:07Z'), monotonic: () => 0 }, version: '1.2.3' };
const onPosix = process.platform !== 'win32';
let root: string;
let dir: string;
const children: RunningProcess[] = [];

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'keyhouse-owner-')));
  dir = join(root, 'data');
});

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.stop('SIGKILL')));
  rmSync(root, { recursive: true, force: true });
});

/** A process that takes the folder, says `owned` or the refusal, and stays until it is killed. */
async function ownerProcess(): Promise<{ child: RunningProcess; said: string }> {
  const program = `
    import { acquireOwnership } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
    try {
      acquireOwnership(${JSON.stringify(dir)}, { clock: { now: Date.now, monotonic: () => 0 }, version: '9.9.9' });
      console.log('owned');
    } catch (error) {
      console.log(error.message);
    }
    globalThis.gc();
    setInterval(() => {}, 1000);
  `;
  const child = await startProcess(process.execPath, ['--expose-gc', '--input-type=module', '-e', program]);
  children.push(child);
  const [said] = await child.waitForLine(/.+/);
  return { child, said };
}

function refusal(work: () => unknown): FolderOwned {
  try {
    work();
  } catch (error) {
    if (error instanceof FolderOwned) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('acquireOwnership', () => {
  it('makes the folder for its user alone and says who owns it', () => {
    const owned = acquireOwnership(dir, about);
    expect(owned.dir).toBe(dir);
    expect(readOwnerNote(dir)).toEqual({
      pid: process.pid,
      startedAt: about.clock.now(),
      socket: join(dir, 'keyhouse.sock'),
      version: '1.2.3',
    });
    if (onPosix) expect(statSync(dir).mode & 0o777).toBe(0o700);
    owned.release();
    expect(readOwnerNote(dir)).toBeNull();
  });

  it('row 85: refuses a second process and names the owner and the way through it', async () => {
    const { child, said } = await ownerProcess();
    expect(said).toBe('owned');
    const error = refusal(() => acquireOwnership(dir, about));
    expect(error.owner?.pid).toBe(child.pid);
    expect(error.message).toContain(`process ${child.pid}`);
    expect(error.message).toContain('Keyhouse 9.9.9');
    expect(error.message).toContain('attach: true');
    expect(error.message).toContain(join(dir, 'keyhouse.sock'));
  });

  it('lets the next process take over after kill -9, whatever the note still says', async () => {
    const { child } = await ownerProcess();
    await child.stop('SIGKILL');
    expect(readOwnerNote(dir)?.pid).toBe(child.pid);
    const owned = acquireOwnership(dir, about);
    expect(readOwnerNote(dir)?.pid).toBe(process.pid);
    owned.release();
  });

  it('gives the folder to exactly one of several processes that start together', async () => {
    const said = (await Promise.all([ownerProcess(), ownerProcess(), ownerProcess()])).map((owner) => owner.said);
    expect(said.filter((line) => line === 'owned')).toHaveLength(1);
  });

  it('refuses a second opening in the same process, also by another name, and keeps the lock meanwhile', async () => {
    const owned = acquireOwnership(dir, about);
    expect(refusal(() => acquireOwnership(dir, about)).message).toContain('already open in this process');
    if (onPosix) {
      const alias = join(root, 'alias');
      symlinkSync(dir, alias);
      expect(refusal(() => acquireOwnership(alias, about)).dir).toBe(dir);
    }
    const other = await ownerProcess();
    expect(other.said).toContain(`in use by process ${process.pid}`);
    await other.child.stop('SIGKILL');
    owned.release();
  });

  it('can be taken again after a release, and releasing twice frees nobody else’s folder', () => {
    const first = acquireOwnership(dir, about);
    first.release();
    const second = acquireOwnership(dir, about);
    first.release();
    expect(() => acquireOwnership(dir, about)).toThrow(FolderOwned);
    expect(existsSync(join(dir, 'owner.json'))).toBe(true);
    second.release();
  });

  it('refuses a folder of other things and a file, and changes neither', () => {
    mkdirSync(dir, { mode: 0o755 });
    writeFileSync(join(dir, 'thesis.tex'), '');
    expect(() => acquireOwnership(dir, about)).toThrow(FolderRefused);
    expect(() => acquireOwnership(join(dir, 'thesis.tex'), about)).toThrow('not a folder');
    if (onPosix) expect(statSync(dir).mode & 0o777).toBe(0o755);
    expect(existsSync(join(dir, 'owner.sqlite'))).toBe(false);
  });

  it.skipIf(!onPosix)('closes an empty or known folder to other users', () => {
    mkdirSync(dir);
    mkdirSync(join(dir, 'lost+found'));
    writeFileSync(join(dir, '.gitkeep'), '');
    chmodSync(dir, 0o777);
    acquireOwnership(dir, about).release();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    chmodSync(dir, 0o755);
    acquireOwnership(dir, about).release();
    expect(statSync(dir).mode & 0o777).toBe(0o700);
  });

  it('takes an illegible note for no note', () => {
    acquireOwnership(dir, about).release();
    for (const text of ['', '{', 'null', '[]', '{"pid":"7"}', '{"pid":7,"started_at":1}', '"x"']) {
      writeFileSync(join(dir, 'owner.json'), text);
      expect(readOwnerNote(dir)).toBeNull();
    }
  });
});

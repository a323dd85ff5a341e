import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../../token/index.ts';
import {
  archiveSecrets,
  canariesOf,
  confirmSecrets,
  createSecrets,
  FolderRefused,
  openSecrets,
  pepperCanary,
  retirePepper,
  rotatePepper,
  secretsFolderOf,
} from './index.ts';

const onPosix = process.platform !== 'win32';
let root: string;
let folder: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyhouse-secrets-'));
  folder = join(root, 'data.secrets');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('secretsFolderOf', () => {
  it('is beside the data folder unless another place is named', () => {
    expect(secretsFolderOf('/srv/data/', null)).toBe('/srv/data.secrets');
    expect(secretsFolderOf('/srv/data', '/run/keyhouse')).toBe('/run/keyhouse');
  });
});

describe('the secrets of a store', () => {
  it('row 15: are written for their user alone and read back as they were', () => {
    const created = createSecrets(folder, 'sto_1', systemRandom);
    expect(created.pepper.versions.get(1)).toHaveLength(32);
    const opened = openSecrets(folder);
    expect(opened).toMatchObject({ storeId: 'sto_1', isConfirmed: false });
    expect(opened?.pepper.current).toBe(1);
    expect(Buffer.from(opened?.pepper.versions.get(1) ?? [])).toEqual(
      Buffer.from(created.pepper.versions.get(1) ?? []),
    );
    if (onPosix) {
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(join(folder, 'pepper.json')).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(folder)).toEqual(['pepper.json']);
  });

  it('are never overwritten', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    const before = readFileSync(join(folder, 'pepper.json'), 'utf8');
    expect(() => createSecrets(folder, 'sto_2', systemRandom)).toThrow(FolderRefused);
    expect(readFileSync(join(folder, 'pepper.json'), 'utf8')).toBe(before);
  });

  it('stay unconfirmed until their store exists', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    confirmSecrets(folder);
    expect(openSecrets(folder)?.isConfirmed).toBe(true);
    expect(confirmSecrets(folder).storeId).toBe('sto_1');
  });

  it('row 16: keep the old pepper when a new one is added, so that both verify', () => {
    const first = createSecrets(folder, 'sto_1', systemRandom);
    const rotated = rotatePepper(folder, systemRandom);
    expect(rotated.pepper.current).toBe(2);
    const opened = openSecrets(folder);
    expect([...(opened?.pepper.versions.keys() ?? [])]).toEqual([1, 2]);
    expect(Buffer.from(opened?.pepper.versions.get(1) ?? [])).toEqual(Buffer.from(first.pepper.versions.get(1) ?? []));
    retirePepper(folder, 1);
    expect([...(openSecrets(folder)?.pepper.versions.keys() ?? [])]).toEqual([2]);
    expect(rotatePepper(folder, systemRandom).pepper.current).toBe(3);
  });

  it('do not give up the pepper in use', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    expect(() => retirePepper(folder, 1)).toThrow('cannot be retired');
    expect(() => retirePepper(folder, 7)).toThrow('cannot be retired');
  });

  it.skipIf(!onPosix)('are refused where other users can reach them, with the command that closes them', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    chmodSync(join(folder, 'pepper.json'), 0o640);
    expect(() => openSecrets(folder)).toThrow(`chmod 600 ${join(folder, 'pepper.json')}`);
    chmodSync(join(folder, 'pepper.json'), 0o600);
    chmodSync(folder, 0o755);
    expect(() => openSecrets(folder)).toThrow(`chmod 700 ${folder}`);
  });

  it('are refused, not replaced, when the file is damaged', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    const file = join(folder, 'pepper.json');
    const whole = readFileSync(file, 'utf8');
    const damaged = [
      '',
      whole.slice(0, whole.length / 2),
      'null',
      '[]',
      whole.replace('"current": 1', '"current": 2'),
      whole.replace('"1": "', '"1": "A'),
      whole.replace('"1": "', '"x": "'),
      whole.replace('"store_id"', '"store"'),
    ];
    for (const text of damaged) {
      writeFileSync(file, text);
      expect(() => openSecrets(folder), text).toThrow('is damaged');
    }
  });

  it('are none where there is no folder', () => {
    expect(openSecrets(folder)).toBeNull();
    expect(existsSync(folder)).toBe(false);
  });

  it('go to an archive as a whole, and new ones can be made after it', () => {
    createSecrets(folder, 'sto_1', systemRandom);
    writeFileSync(join(folder, 'witness'), 'seq');
    const archive = archiveSecrets(folder, Date.parse('2026-03-04T05:06:07.089Z'));
    expect(archive).toBe(join(folder, 'archive-20260304T050607089Z'));
    expect(readdirSync(String(archive)).sort()).toEqual(['pepper.json', 'witness']);
    expect(openSecrets(String(archive))?.storeId).toBe('sto_1');
    expect(openSecrets(folder)).toBeNull();
    expect(createSecrets(folder, 'sto_2', systemRandom).storeId).toBe('sto_2');
    expect(archiveSecrets(join(root, 'none'), 0)).toBeNull();
  });
});

describe('a canary', () => {
  it('differs by pepper, version and store, and is none of the token digests', () => {
    const secrets = createSecrets(folder, 'sto_1', systemRandom);
    const pepper = secrets.pepper.versions.get(1) ?? new Uint8Array();
    const canary = pepperCanary(pepper, 'sto_1', 1);
    expect(canariesOf(secrets).get(1)).toBe(canary);
    expect(pepperCanary(pepper, 'sto_1', 2)).not.toBe(canary);
    expect(pepperCanary(pepper, 'sto_2', 1)).not.toBe(canary);
    expect(pepperCanary(new Uint8Array(32), 'sto_1', 1)).not.toBe(canary);
  });
});

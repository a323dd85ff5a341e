import { randomBytes, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nested, overlappingBomb, zeros } from '../examples/archive-bombs.ts';
import { type RunningExample, startExample } from '../examples/running-example.ts';
import { upload } from '../examples/uploads.ts';
import { bytes, extraField, type ZipEntry, zipOf, zipOfFiles } from '../examples/zip-writer.ts';
import { eventually } from '../services/deadline.ts';

/** Nobody else's file can have this in its name. */
const MARK = `keyhouse-evil-${randomUUID()}`;

let folder: string;
let site: RunningExample;
/** May install, as often as it likes. */
let token: string;
/** What is installed under the name that every hostile archive takes. */
let before: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-hostile-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  site = await startExample('collections', { dataDir });
  const { json: workspaces } = await site.ask('GET', '/v1/workspaces', site.managementToken);
  const workspace = { id: workspaces.data[0].id };
  const account = { name: 'builds', workspace, permissions: ['collections:read', 'collections:install'] };
  const { status: created, json: builds } = await site.ask(
    'POST',
    '/v1/service-accounts',
    site.managementToken,
    account,
  );
  expect(created).toBe(201);
  token = (await site.makeKey({ owner: { id: builds.id }, tier: 'unlimited' })).value;
  const { status, json } = await upload(site.api, token, zipOfFiles({ 'index.html': 'before' }), 'hostile.zip');
  expect(status).toBe(201);
  before = json.sha256;
});
afterAll(async () => {
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What every refused archive leaves behind: nothing, anywhere, and the installed version as it was. */
async function expectUntouched(): Promise<void> {
  const { json } = await site.ask('GET', '/collections/hostile', token);
  expect([json.sha256, json.files]).toEqual([before, [{ path: 'index.html', bytes: 6, content_type: HTML }]]);
  expect((await site.ask('GET', '/collections/hostile/files/index.html', token)).json).toBe('before');
  expectTidy(1);
}

const HTML = 'text/html; charset=utf-8';

function expectTidy(collectionCount: number): void {
  expect(readdirSync(join(site.dataDir, 'incoming'))).toEqual([]);
  expect(readdirSync(join(site.dataDir, 'installed'))).toHaveLength(collectionCount);
  expect(readdirSync(folder)).toEqual(['data']);
  for (const place of [tmpdir(), '/', '/etc', process.cwd(), folder]) expect(existsSync(join(place, MARK))).toBe(false);
}

async function expectRefused(archive: Uint8Array, status: number, message: RegExp): Promise<void> {
  const answer = await upload(site.api, token, archive, 'hostile.zip');
  expect([answer.status, answer.json]).toEqual([status, { message: expect.stringMatching(message) }]);
  // A sentence of our own: nothing out of the archive does anything to a terminal, and nothing of ours is told.
  expect(answer.json.message).toMatch(/^[A-Z].{10,300}\.$/);
  expect(answer.json.message).not.toMatch(/\p{Cc}|node:|\/data\/|undefined/u);
  await expectUntouched();
}

const evil = (name: string | Uint8Array): Buffer => zipOf([{ name: 'index.html', content: 'x' }, entry(name)]);
const entry = (name: string | Uint8Array): ZipEntry => ({ name, content: 'evil' });

describe('archives that lead out of their folder', () => {
  const utf8 = (...parts: readonly (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

  it.each<[string, string | Uint8Array, RegExp]>([
    ['up', `../${MARK}`, /"\.\.\/keyhouse-evil-.+ leads out of its folder/],
    ['far up', `${'../'.repeat(12)}tmp/${MARK}`, /leads out/],
    ['down and up', `a/b/../../../${MARK}`, /leads out/],
    ['up at the end', 'a/..', /leads out/],
    ['absolute', `/tmp/${MARK}`, /absolute/],
    ['absolute with two slashes', `//tmp/${MARK}`, /absolute/],
    ['a drive', `C:/${MARK}`, /absolute/],
    ['a drive without a slash', `c:${MARK}`, /absolute/],
    ['a backslash', `..\\${MARK}`, /backslash/],
    ['a drive with backslashes', `C:\\${MARK}`, /backslash/],
    ['another machine', `\\\\server\\share\\${MARK}`, /backslash/],
    ['a dot', `a/./${MARK}`, /empty or ends with a dot/],
    ['no name between', `a//${MARK}`, /empty or ends with a dot/],
    ['dots and a space, which Windows cuts off', `.. /${MARK}`, /ends with a dot or a space/],
    ['three dots', `.../${MARK}`, /ends with a dot/],
    ['wide letters that become dots and slashes', `．．／${MARK}`, /leads out/],
    ['a wide drive', `Ｃ：${MARK}`, /absolute/],
    ['a name that ends early', utf8('index.html', [0], `/../${MARK}`), /characters in its name/],
    ['a line break', `a\n${MARK}`, /characters in its name/],
    ['a control character of terminals', `\u001b[2J${MARK}`, /characters in its name/],
    ['an overlong slash', utf8('..', [0xc0, 0xaf], MARK), /characters in its name/],
    ['half a letter', utf8('a', [0xff]), /characters in its name/],
    ['no name', '', /has no name/],
    ['nothing but a slash', '/', /has no name/],
    ['a very long name', 'a'.repeat(256), /too long/],
    [
      'a very long path',
      'a/'.repeat(20).concat('b'.repeat(250), '/', 'c'.repeat(250), '/', 'd'.repeat(250), '/', 'e'.repeat(250)),
      /too long/,
    ],
    ['a very deep one', `${'a/'.repeat(40)}b`, /folders deep/],
  ])('row 79: %s is refused', async (_title, name, message) => {
    await expectRefused(evil(name), 422, message);
  });

  it('row 79: a name that only the Unicode extra field tells is judged like any other', async () => {
    const name = Buffer.from('plain.txt');
    const { crc32 } = await import('node:zlib');
    const field = extraField(0x7075, Buffer.concat([bytes([1, 1], [4, crc32(name)]), Buffer.from(`../${MARK}`)]));
    await expectRefused(zipOf([{ name, content: 'x', says: { extra: field } }]), 422, /leads out/);
  });

  it('row 79: a name that only the header in front of the file tells is not overlooked', async () => {
    const local = { name: Buffer.from(`../../../tmp/${MARK}`) };
    await expectRefused(zipOf([{ name: 'plain.txt', content: 'x', local }]), 422, /contradicts itself/);
  });
});

describe('entries that are no files', () => {
  it.each<[string, number, RegExp]>([
    ['a symbolic link', 0o120777, /"link" is a symbolic link/],
    ['a pipe', 0o010644, /named pipe/],
    ['a character device', 0o020644, /device/],
    ['a block device', 0o060644, /device/],
    ['a socket', 0o140644, /socket/],
    ['something unknown', 0o170644, /neither a file nor a folder/],
    ['a folder without a slash', 0o040755, /file and a folder at once/],
  ])('row 79: %s is refused', async (_title, mode, message) => {
    const through = { name: 'link/evil', content: 'evil' };
    await expectRefused(zipOf([{ name: 'link', content: '/etc/passwd', mode }, through]), 422, message);
  });

  it.each<[string, ZipEntry, RegExp]>([
    ['a file with a slash', { name: 'a/', mode: 0o100644 }, /file and a folder at once/],
    ['a folder with contents', { name: 'a/', content: 'x', mode: 0o040755 }, /folder with contents/],
    ['an encrypted file', { name: 'a', content: 'x', says: { flags: 0x801 } }, /encrypted/],
    ['a strongly encrypted file', { name: 'a', content: 'x', says: { flags: 0x841 } }, /./],
    ['masked headers', { name: 'a', content: 'x', says: { flags: 0x2800 } }, /encrypted/],
    ['another way of packing', { name: 'a', content: 'x', says: { method: 12 } }, /method 12/],
    ['a way of packing nobody has', { name: 'a', content: 'x', says: { method: 99 } }, /method 99/],
  ])('row 79: %s is refused', async (_title, hostile, message) => {
    await expectRefused(zipOf([{ name: 'index.html', content: 'x' }, hostile]), 422, message);
  });
});

describe('names that are there twice', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['the same name', ['a.txt', 'a.txt'], /has "a\.txt" twice/],
    ['names of other case', ['Read.me', 'readme', 'read.ME'], /"Read\.me" and "read\.ME", which are the same/],
    ['a letter composed and in parts', ['\u00e9.txt', 'e\u0301.txt'], /the same on many systems/],
    ['a file that is a folder', ['a', 'a/b'], /"a" is a file and a folder/],
    ['a folder that is a file', ['a/b/c', 'A/B'], /is a file and a folder/],
    ['the same folder', ['a/', 'a/', 'b'], /twice/],
  ])('row 79: %s is refused', async (_title, names, message) => {
    const entries = names.map((name) => ({ name, content: '', mode: name.endsWith('/') ? 0o040755 : 0o100644 }));
    await expectRefused(zipOf(entries), 422, message);
  });
});

describe('archives out of which too much comes', () => {
  it('row 79: 42 KB that unpack to 42 MB', async () => {
    const archive = zipOf([zeros('zeros', 42)]);
    expect(archive.length).toBeLessThan(45_000);
    await expectRefused(archive, 413, /more than 100 times its own size/);
  });

  it('row 79: 44 KB of files that share their bytes and unpack to 5 GB', async () => {
    const archive = overlappingBomb(250, 21_000_000);
    expect(archive.length).toBeLessThan(45_000);
    await expectRefused(archive, 413, /more than 100 times its own size/);
  });

  it('row 79: files that share their bytes are refused also where little comes out', async () => {
    await expectRefused(overlappingBomb(5, 100), 422, /"1\.txt" lies over "2\.txt"/);
  });

  it('row 79: two names for the same bytes', async () => {
    const twice = { content: 'x'.repeat(100), central: { offset: 0 } };
    await expectRefused(
      zipOf([
        { ...twice, name: 'a' },
        { ...twice, name: 'b' },
      ]),
      422,
      /contradicts itself/,
    );
  });

  it('row 79: a file that lies over the directory', async () => {
    const honest = zipOf([{ name: 'a', content: 'xx', method: 0 }]);
    const says = { packedBytes: 40, bytes: 40 };
    const archive = zipOf([{ name: 'a', content: 'xx', method: 0, says }]);
    expect(archive.length).toBe(honest.length);
    await expectRefused(archive, 422, /lies over the directory/);
  });

  it('row 79: more than 200 MB, however well they are packed', async () => {
    const ballast = { name: 'noise', content: randomBytes(3_000_000), method: 0 };
    await expectRefused(zipOf([ballast, zeros('zeros', 198)]), 413, /at most 200 MB/);
  });

  it('row 79: sizes that are lies in both places end the unpacking where they end', async () => {
    const { says = {}, packed = new Uint8Array() } = zeros('zeros', 42);
    const small = { name: 'a', packed, says: { ...says, bytes: 1_000 } };
    await expectRefused(zipOf([small]), 422, /not as long as the archive says/);
    const large = { name: 'a', content: 'x', says: { bytes: 90 } };
    await expectRefused(zipOf([large]), 422, /not as long as the archive says/);
  });

  it('row 79: 100,000 entries, said so or not', async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => ({ name: `${index}`, packed: EMPTY }));
    await expectRefused(zipOf(many, { zip64Count: 100_000, count: 0xffff }), 413, /5,000 .* has 100,000/);
    await expectRefused(zipOf(many), 413, /5,000 .* has 34,464/);
    await expectRefused(zipOf(many, { count: 3 }), 422, /how many entries/);
    await expectRefused(zipOf(many.slice(0, 5_001)), 413, /has 5,001/);
  });

  it('row 79: more than 50 MB are not taken to their end', async () => {
    const archive = zipOf([{ name: 'noise', content: randomBytes(50_000_000), method: 0 }]);
    await expectRefused(archive, 413, /at most 50 MB/);
  });

  it('row 79: what lies inside the limits is installed', async () => {
    const many = Array.from({ length: 4_999 }, (_, index) => ({ name: `empty/${index}`, packed: EMPTY }));
    const noise = { name: 'noise', content: randomBytes(2_000_000), method: 0 };
    const archive = zipOf([...many.slice(0, -1), noise, zeros('zeros', 198)]);
    const { status, json } = await upload(site.api, token, archive, 'limits.zip');
    expect([status, json.file_count, json.bytes]).toEqual([201, 5_000, 200_000_000]);
    expect((await site.ask('DELETE', '/collections/limits', token)).status).toBe(204);
    await expectUntouched();
  }, 120_000);

  it('row 79: archives in an archive are files, whatever lies in them', async () => {
    const { status, json } = await upload(site.api, token, nested(4, zeros('zeros', 20)), 'nested.zip');
    expect([status, json.file_count]).toEqual([201, 16]);
    const { json: described } = await site.ask('GET', '/collections/nested', token);
    expect(new Set(described.files.map((file: { content_type: string }) => file.content_type))).toEqual(
      new Set(['application/zip']),
    );
    expect((await site.ask('DELETE', '/collections/nested', token)).status).toBe(204);
    await expectUntouched();
  });
});

const EMPTY = deflateRawSync(new Uint8Array());

describe('archives that say two things, or nothing', () => {
  const file = { name: 'a.txt', content: 'some text' };

  it.each<[string, Uint8Array, RegExp]>([
    ['a longer size in front', zipOf([{ ...file, local: { bytes: 10 } }]), /contradicts itself about "a\.txt"/],
    ['a longer size in the directory', zipOf([{ ...file, central: { bytes: 10 } }]), /contradicts itself/],
    ['another packed size in front', zipOf([{ ...file, local: { packedBytes: 1 } }]), /contradicts itself/],
    ['another checksum in front', zipOf([{ ...file, local: { crc: 1 } }]), /contradicts itself/],
    ['another way of packing in front', zipOf([{ ...file, local: { method: 0 } }]), /contradicts itself/],
    ['encrypted in front alone', zipOf([{ ...file, local: { flags: 0x801 } }]), /contradicts itself/],
    ['a wrong checksum', zipOf([{ ...file, says: { crc: 1 } }]), /damaged: its checksum/],
    [
      'two sizes of a file that is not packed',
      zipOf([{ ...file, method: 0, says: { bytes: 8 } }]),
      /directory is damaged/,
    ],
    ['a packed size beyond the end', zipOf([{ ...file, says: { packedBytes: 1_000_000 } }]), /directory is damaged/],
    ['a place beyond the end', zipOf([{ ...file, central: { offset: 0x7fffffff } }]), /part of it is missing/],
    ['a place in the middle of nothing', zipOf([{ ...file, central: { offset: 7 } }]), /directory is damaged/],
    ['data that are no deflate', zipOf([{ ...file, packed: Buffer.from([0xff, 0xff, 0xff]) }]), /data are damaged/],
    ['data that end early', zipOf([{ ...file, packed: deflateRawSync('some text').subarray(0, 5) }]), /damaged/],
    [
      'a size of an exabyte in the long form',
      zipOf([{ ...file, says: { bytes: 0xffffffff, extra: extraField(1, bytes([8, 2 ** 60])) } }]),
      /200 MB/,
    ],
    [
      'sizes in a long form that is not there',
      zipOf([{ ...file, says: { bytes: 0xffffffff, packedBytes: 0xffffffff, extra: extraField(1, bytes([4, 1])) } }]),
      /directory is damaged/,
    ],
    ['an extra field longer than its place', zipOf([{ ...file, says: { extra: bytes([2, 9], [2, 500]) } }]), /damaged/],
    ['more entries than there are', zipOf([file], { count: 2 }), /part of it is missing/],
    ['fewer entries than there are', zipOf([file, { ...file, name: 'b' }], { count: 1 }), /how many entries/],
    ['a directory elsewhere', zipOf([file], { directoryOffset: 3 }), /damaged/],
    ['a directory beyond the end', zipOf([file], { directoryOffset: 0x7fffffff }), /part of it is missing/],
    ['a second disk', zipOf([file], { disk: 1 }), /damaged/],
    ['no entries', zipOf([]), /no files/],
    ['folders alone', zipOf([{ name: 'a/', packed: EMPTY, mode: 0o040755 }]), /no files/],
    ['hidden files alone', zipOf([{ name: '.git/config', content: 'x' }]), /no files/],
    ['something behind the end', Buffer.concat([zipOf([file]), Buffer.from('more')]), /damaged/],
    ['another end in its comment', zipOf([file], { comment: zipOf([]) }), /damaged|how many/],
    ['nothing at all', new Uint8Array(), /something else/],
    ['random bytes', randomBytes(100_000), /something else/],
    ['another archive format', gzipSync('some text'), /something else/],
    ['a page', Buffer.from('<!doctype html><title>404</title>'), /something else/],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), /something else/],
  ])('row 79: %s is refused', async (title, archive, message) => {
    const status = /exabyte/.test(title) ? 413 : 422;
    await expectRefused(archive, status, message);
  });

  it('row 79: an archive that is cut anywhere is refused', async () => {
    const archive = zipOfFiles({ 'a.txt': 'some text', 'b/c.txt': 'more of it', 'd.bin': randomBytes(300) });
    for (let cut = 1; cut < archive.length; cut += 37) await expectRefused(archive.subarray(0, cut), 422, /./);
  });

  it('row 79: whatever single byte is changed, nothing is half-done and nothing is a fault of ours', async () => {
    const archive = zipOfFiles({ 'a.txt': 'some text', 'b/c.txt': 'more of it' });
    const statuses = new Set<number>();
    for (let place = 0; place < archive.length; place += 1) {
      const changed = Buffer.from(archive);
      changed[place] = (changed[place] as number) ^ (1 << (place % 8));
      const { status } = await upload(site.api, token, changed, 'changed.zip');
      statuses.add(status);
      if (status < 300) expect((await site.ask('DELETE', '/collections/changed', token)).status).toBe(204);
    }
    expect([...statuses].filter((status) => ![200, 201, 413, 422].includes(status))).toEqual([]);
    await expectUntouched();
  });
});

describe('what it costs', () => {
  const isLinux = process.platform === 'linux';
  const memory = (field: 'VmHWM' | 'VmRSS'): number => {
    const status = readFileSync(`/proc/${site.process.pid}/status`, 'utf8');
    return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1_024;
  };

  it.skipIf(!isLinux)(
    'row 79: neither a large upload nor what comes out of it is ever held in memory',
    async () => {
      const large = zipOf([{ name: 'noise', content: randomBytes(49_000_000), method: 0 }, zeros('zeros', 150)]);
      await upload(site.api, token, zipOfFiles({ a: 'warm' }), 'large.zip');
      writeFileSync(`/proc/${site.process.pid}/clear_refs`, '5');
      const rest = memory('VmRSS');
      for (let round = 0; round < 3; round += 1) {
        expect((await upload(site.api, token, large, 'large.zip')).status).toBe(200);
      }
      expect(memory('VmHWM') - rest).toBeLessThan(45_000_000);
      expect((await site.ask('DELETE', '/collections/large', token)).status).toBe(204);
      await expectUntouched();
    },
    120_000,
  );

  const openFiles = (): readonly string[] =>
    readdirSync(`/proc/${site.process.pid}/fd`).flatMap((fd) => {
      try {
        const path = readlinkSync(`/proc/${site.process.pid}/fd/${fd}`);
        return /\/(incoming|installed)\//.test(path) ? [path] : [];
      } catch {
        return [];
      }
    });

  it('row 79: nothing of all this was a fault, and no file was left open', async () => {
    expect(site.process.stderr()).toBe('');
    if (!isLinux) return;
    // A file is closed after the answer about it has gone out.
    await eventually(() => openFiles().length === 0, 10_000, 'every file is closed');
  });
});

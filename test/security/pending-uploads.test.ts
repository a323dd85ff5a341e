import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { putOwner } from '../../src/manage/index.ts';
import { openSite, type Site } from '../examples/collections-site.ts';
import { BOUNDARY, beginningOfForm, type HalfUpload, openUpload } from '../examples/half-upload.ts';
import { post, upload } from '../examples/uploads.ts';
import { zipOf, zipOfFiles } from '../examples/zip-writer.ts';
import { exchange } from '../http/raw-socket.ts';
import { eventually } from '../services/deadline.ts';
import { suiteNeeding } from '../services/leftover.ts';

/** What happens to an upload before its last byte, and to what it has left on disk by then. */

const ARCHIVE = zipOfFiles({ 'index.html': 'hello' });
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const ending = `\r\n--${BOUNDARY}--\r\n`;

let site: Site;
/** May look at collections and install none. */
let editor: string;
const pending = new Set<HalfUpload>();

beforeAll(async () => {
  site = await openSite({ limits: { uploadBytesMax: 1_000_000, stallMs: 20_000 } });
  const owner = { external_id: 'editor' };
  const workspace = { external_id: 'org-7' };
  const { house } = site.company;
  await house.asHost(putOwner, { ...owner, workspace, permissions: ['collections:read'] });
  editor = (await site.company.makeKey({ owner, tier: 'unlimited' })).value;
});
afterEach(async () => {
  for (const one of pending) one.abort();
  pending.clear();
  await eventually(() => site.incoming().length === 0, 15_000, 'nothing is left of any upload');
});
afterAll(() => site?.close());

const begin = (token: string | null, options: Parameters<typeof openUpload>[2] = {}): HalfUpload => {
  const one = openUpload(site.port, token, options);
  pending.add(one);
  return one;
};

describe('who is judged before the first byte', () => {
  const waiting = { lines: ['Expect: 100-continue'] };

  it.each<[string, () => string | null, number, string]>([
    ['nobody', () => null, 401, 'Authentication required'],
    ['a stranger', () => 'site_0000000000000000000000000000AAAA', 401, 'Authentication required'],
    ['a user who is no admin', () => editor, 403, 'Admin access required'],
  ])(
    'C6, row 79: %s is refused while a gigabyte is still to come, and is never asked for it',
    async (_who, tokenOf, status, message) => {
      const asked = begin(tokenOf(), waiting);
      await asked.ends();
      const pushing = begin(tokenOf(), { body: beginningOfForm() + 'x'.repeat(200_000) });
      await pushing.ends();
      for (const one of [asked, pushing]) {
        expect(one.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
        expect(one.text()).toContain(`{"message":"${message}"`);
        expect(one.text()).toMatch(/\r\nConnection: close\r\n/);
        expect(one.text()).not.toContain('100 Continue');
      }
      expect(site.incoming()).toEqual([]);
    },
  );

  it.each<[string, { length?: number; lines: string[] }, number, RegExp]>([
    ['a length that is too much', { length: 2_000_000, lines: [] }, 413, /at most 1 MB/],
    ['another type', { lines: ['Content-Type: application/zip'] }, 415, /multipart\/form-data/],
  ])(
    'row 79: an admin with %s is refused without being asked for the body',
    async (_what, { length, lines }, status, message) => {
      const headers = { authorization: `Bearer ${site.token}` };
      const type = lines[0] ?? `Content-Type: ${FORM}`;
      const head = ['POST /installCollection HTTP/1.1', 'Host: x', `Authorization: ${headers.authorization}`, type];
      const text = [...head, `Content-Length: ${length ?? 9}`, 'Expect: 100-continue', '', ''].join('\r\n');
      const answer = await exchange(site.port, text);
      expect([answer.statuses, answer.closed]).toEqual([[status], true]);
      expect(answer.text).toMatch(message);
      expect(answer.text).not.toContain('100 Continue');
    },
  );

  it('row 79: an admin is asked for the body, and installs it', async () => {
    const body = Buffer.concat([Buffer.from(beginningOfForm('asked.zip')), ARCHIVE, Buffer.from(ending)]);
    const asked = begin(site.token, { ...waiting, length: body.length });
    await asked.sees(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    asked.socket.write(body);
    await asked.sees(/HTTP\/1\.1 201 Created/);
    expect(asked.text().match(/100 Continue/g)).toHaveLength(1);
  });

  it('row 79: bodies of the other operations are asked for too', async () => {
    const body = JSON.stringify({ name: 'x' });
    const lines = [
      `Authorization: Bearer ${site.token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const text = ['POST /v1/tokens HTTP/1.1', 'Host: x', ...lines, 'Expect: 100-continue', '', body].join('\r\n');
    const answer = await exchange(site.port, text, { answers: 1 });
    expect(answer.text).toMatch(/^HTTP\/1\.1 100 Continue/);
    expect(answer.statuses).toEqual([403]);
  });
});

describe('uploads that do not come to their end', () => {
  it('row 79: a client that goes away leaves nothing behind', async () => {
    const gone = begin(site.token, { length: 500_000, body: beginningOfForm('gone.zip') + 'x'.repeat(100_000) });
    await eventually(() => site.incoming().length === 1, 15_000, 'the upload has begun');
    gone.abort();
    await eventually(() => site.incoming().length === 0, 15_000, 'its folder is removed');
    expect((await site.company.ask('GET', '/collections/gone', site.token)).status).toBe(404);
  });

  it('row 79: a client that stops sending is told so, and the connection ends', async () => {
    const impatient = await openSite({ limits: { stallMs: 50 } });
    try {
      const one = openUpload(impatient.port, impatient.token, { length: 500_000, body: beginningOfForm() });
      await one.ends();
      expect(one.text()).toMatch(/^HTTP\/1\.1 408 .*"The upload stopped half-way\."/s);
      await eventually(() => impatient.incoming().length === 0, 15_000, 'its folder is removed');
      expect((await impatient.install(ARCHIVE)).status).toBe(201);
    } finally {
      await impatient.close();
    }
  });

  it('row 79: a body without a length is taken to the limit and no further', async () => {
    const lines = [`Authorization: Bearer ${site.token}`, `Content-Type: ${FORM}`, 'Transfer-Encoding: chunked'];
    const head = ['POST /installCollection HTTP/1.1', 'Host: x', ...lines, '', ''].join('\r\n');
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    for (const start of [beginningOfForm(), 'preamble, which nobody reads ', `${beginningOfForm()}x${ending}`]) {
      const endless = head + chunk(start) + chunk('x'.repeat(100_000)).repeat(30);
      const { statuses, text, closed } = await exchange(site.port, endless);
      expect([statuses, closed]).toEqual([[413], true]);
      expect(text).toContain('"A collection file may be at most 1 MB, and this one is larger."');
    }
    expect(site.incoming()).toEqual([]);
  });

  it('row 79: exactly as much as the limit is taken, and one byte more is not', async () => {
    const frame = zipOf([{ name: 'a', content: '', method: 0 }]).length;
    const archive = (bytes: number) => zipOf([{ name: 'a', content: randomBytes(bytes - frame), method: 0 }]);
    expect((await site.install(archive(1_000_000), 'exact.zip')).status).toBe(201);
    expect((await site.install(archive(1_000_001), 'exact.zip')).status).toBe(413);
  });

  it('row 79: so many at once are taken, the next is told when to come back, and the place is free again', async () => {
    const body = beginningOfForm() + 'x'.repeat(1_000);
    const first = Array.from({ length: 3 }, () => begin(site.token, { length: 500_000, body }));
    await eventually(() => site.incoming().length === 3, 15_000, 'three uploads have begun');
    const next = await site.install(ARCHIVE);
    expect([next.status, next.headers.get('retry-after'), Object.keys(next.json)]).toEqual([503, '5', ['message']]);
    expect(next.json.message).toMatch(/^Other collections are being installed/);
    expect((await upload(site.url, editor, ARCHIVE)).status).toBe(403);
    first[0]?.abort();
    await eventually(() => site.incoming().length === 2, 15_000, 'one of them is gone');
    expect((await site.install(ARCHIVE)).status).toBe(201);
  });

  it('row 79: a workspace that sends slowly keeps no other from installing', async () => {
    const owner = { external_id: 'neighbour' };
    const workspace = { external_id: 'org-8', name: 'Neighbour' };
    const { house } = site.company;
    await house.asHost(putOwner, { ...owner, workspace, permissions: ['collections:read', 'collections:install'] });
    const neighbour = (await site.company.makeKey({ owner, tier: 'unlimited' })).value;
    const body = beginningOfForm() + 'x'.repeat(1_000);
    const slow = Array.from({ length: 3 }, () => begin(site.token, { length: 500_000, body }));
    await eventually(() => site.incoming().length === slow.length, 15_000, 'three uploads have begun');
    expect((await site.install(ARCHIVE)).status).toBe(503);
    expect((await upload(site.url, neighbour, ARCHIVE)).status).toBe(201);
    begin(neighbour, { length: 500_000, body });
    await eventually(() => site.incoming().length === 4, 15_000, 'four uploads have begun');
    expect((await upload(site.url, neighbour, ARCHIVE)).status).toBe(503);
  });
});

describe('forms that are not as they should be', () => {
  const part = (disposition: string, content: string, more = ''): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}${more}\r\n\r\n${content}\r\n`;
  const file = part('name="collectionFile"; filename="a.zip"', 'x');
  const end = `--${BOUNDARY}--\r\n`;

  it.each<[string, string, string, number, RegExp]>([
    ['no part at all', FORM, end, 400, /no field collectionFile/],
    ['an empty body', FORM, '', 400, /ends before its end/],
    ['another field', FORM, part('name="file"; filename="a.zip"', 'x') + end, 400, /in the field "file"/],
    ['a field without a name', FORM, part('filename="a.zip"', 'x') + end, 400, /in the field ""/],
    ['a name instead of a file', FORM, part('name="collectionFile"', 'a.zip') + end, 400, /an @ is missing/],
    ['two files', FORM, file + file + end, 400, /more than one file/],
    ['a further field', FORM, file + part('name="note"', 'x') + end, 400, /more than the field collectionFile/],
    ['a part without a disposition', FORM, `--${BOUNDARY}\r\nX: y\r\n\r\nx\r\n${end}`, 400, /no field collectionFile/],
    ['part headers that are none', FORM, `--${BOUNDARY}\r\n\u0001: y\r\n\r\nx\r\n${end}`, 400, /damaged/],
    ['part headers without an end', FORM, `--${BOUNDARY}\r\n${'X: y\r\n'.repeat(9_000)}`, 400, /damaged/],
    ['no end', FORM, file, 400, /ends before its end/],
    ['an end within the file', FORM, file.slice(0, -4), 400, /ends before its end/],
    ['another boundary', 'multipart/form-data; boundary=other', file + end, 400, /ends before its end/],
    ['no boundary', 'multipart/form-data', file + end, 400, /names no boundary/],
    ['an empty boundary', 'multipart/form-data; boundary=', file + end, 400, /cannot be read/],
    ['the type of other forms', 'application/x-www-form-urlencoded', 'collectionFile=a.zip', 415, /multipart/],
    ['another multipart', `multipart/mixed; boundary=${BOUNDARY}`, file + end, 415, /multipart\/form-data/],
    ['JSON', 'application/json', '{}', 415, /multipart/],
    ['a type that is none', 'multipart/form-data;;;', file + end, 400, /boundary/],
    ['an empty file', FORM, part('name="collectionFile"; filename="a.zip"', '') + end, 422, /no zip archive/],
  ])('row 79: %s is refused with a sentence that helps', async (_what, type, body, status, message) => {
    const answer = await post(site.url, site.token, body, type);
    expect([answer.status, answer.json]).toEqual([status, { message: expect.stringMatching(message) }]);
    expect(site.incoming()).toEqual([]);
  });

  it('row 79: a body that is packed is refused', async () => {
    const lines = [`Authorization: Bearer ${site.token}`, `Content-Type: ${FORM}`, 'Content-Encoding: gzip'];
    const text = ['POST /installCollection HTTP/1.1', 'Host: x', ...lines, 'Content-Length: 4', '', 'abcd'].join(
      '\r\n',
    );
    const answer = await exchange(site.port, text, { answers: 1 });
    expect(answer.statuses).toEqual([415]);
    expect(answer.text).toContain('without Content-Encoding');
  });

  it.each([
    ['../../evil.zip', 'evil'],
    ['C:\\\\builds\\\\evil.zip', 'evil'],
    ['evil', 'evil'],
    ['evil.ZIP', 'evil'],
  ])('row 79: a file that calls itself %s names its collection %s and nothing else', async (fileName, name) => {
    const body = Buffer.concat([Buffer.from(beginningOfForm(fileName)), ARCHIVE, Buffer.from(ending)]);
    const answer = await post(site.url, site.token, body, FORM);
    expect([answer.status < 300, answer.json.name]).toEqual([true, name]);
  });

  it.each(['.zip', '..zip', 'a b.zip', '-x.zip', 'ä.zip', `${'a'.repeat(65)}.zip`, 'a%2fb.zip', '<x>.zip', ''])(
    'row 79: a file that calls itself %j cannot name a collection',
    async (fileName) => {
      const body = Buffer.concat([Buffer.from(beginningOfForm(fileName)), ARCHIVE, Buffer.from(ending)]);
      const answer = await post(site.url, site.token, body, FORM);
      expect([answer.status, answer.json.message]).toEqual([422, expect.stringMatching(/name/)]);
    },
  );
});

suiteNeeding([{ missing: whyNoSmallDisk() }], 'a site whose disk is full', () => {
  let disk: string;
  let small: Site;
  beforeEach(async () => {
    disk = mkdtempSync(join(tmpdir(), 'keyhouse-small-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'keyhouse-test', disk]);
    small = await openSite({ folder: disk });
  });
  afterEach(async () => {
    await small?.close();
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true, force: true });
  });

  it('row 79: says so, keeps what is installed, removes what it began, and installs again when there is space', async () => {
    const noise = (bytes: number) => zipOf([{ name: 'noise', content: randomBytes(bytes), method: 0 }]);
    expect((await small.install(ARCHIVE)).status).toBe(201);
    const whileReceived = await small.install(noise(4_000_000));
    const whileUnpacked = await small.install(noise(1_700_000));
    for (const { status, json } of [whileReceived, whileUnpacked]) {
      expect([status, json]).toEqual([507, { message: 'There is no space left for this collection.' }]);
      expect(small.incoming()).toEqual([]);
      expect(readdirSync(join(disk, 'installed'))).toHaveLength(1);
    }
    const kept = await small.company.ask('GET', '/collections/myCollection/files/index.html', small.token);
    expect([kept.status, kept.text]).toEqual([200, 'hello']);
    expect((await small.install(noise(500_000))).status).toBe(200);
  });
});

function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'a disk of three megabytes needs Linux';
  return process.getuid?.() === 0 ? null : 'mounting a disk of three megabytes needs root';
}

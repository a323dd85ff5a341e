/** Small archives out of which much comes, each in its own way. */
import { constants, crc32, deflateRawSync } from 'node:zlib';
import { directoryHeader, endOf, localHeader, type ZipEntry, type ZipHeader, zipOf } from './zip-writer.ts';

const MEGABYTE = 1_000_000;

/** A file of so many zeros, packed without ever lying in memory as a whole. */
export function zeros(name: string, megabytes: number): ZipEntry {
  const one = Buffer.alloc(MEGABYTE);
  const piece = deflateRawSync(one, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });
  const packed = Buffer.concat([...Array.from({ length: megabytes }, () => piece), Buffer.from([3, 0])]);
  let crc = 0;
  for (let count = 0; count < megabytes; count += 1) crc = crc32(one, crc);
  return { name, packed, says: { crc, bytes: megabytes * MEGABYTE } };
}

/**
 * Files that share their bytes: the data of each are a stored block that quotes the header of the next one, followed by the
 * data of that. Every size and checksum is right.
 * @see https://www.bamsoftware.com/hacks/zipbomb/
 */
export function overlappingBomb(fileCount: number, kernelBytes: number): Buffer {
  const kernel = Buffer.alloc(kernelBytes);
  let data: Buffer = deflateRawSync(kernel, { level: 9 });
  /** What every file but the last begins with: the headers of all behind it. */
  let quoted: Buffer = Buffer.alloc(0);
  const headers: { header: ZipHeader; start: number }[] = [];
  // From the last file to the first; places are counted from the end until the whole length is known.
  for (let number = fileCount; number > 0; number -= 1) {
    const header = {
      name: Buffer.from(`${number}.txt`),
      flags: 0,
      method: 8,
      crc: crc32(kernel, crc32(quoted)),
      packedBytes: data.length,
      bytes: quoted.length + kernelBytes,
      extra: new Uint8Array(),
    };
    const local = localHeader(header);
    headers.unshift({ header, start: local.length + data.length });
    data = Buffer.concat([...(number === 1 ? [] : [blockOf(local)]), local, data]);
    quoted = Buffer.concat([local, quoted]);
  }
  const directory = headers.map(({ header, start }) =>
    directoryHeader({ ...header, offset: data.length - start }, 0o100644),
  );
  const directoryBytes = directory.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([data, ...directory, endOf(fileCount, data.length, directoryBytes, {})]);
}

/** The head of a block of a deflate stream that holds these bytes as they are and is not the last (RFC 1951 section 3.2.4). */
function blockOf({ length }: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(length, 1);
  head.writeUInt16LE(length ^ 0xffff, 3);
  return head;
}

/** An archive in an archive in an archive. */
export function nested(depth: number, innermost: ZipEntry): Buffer {
  let archive = zipOf([innermost]);
  for (let level = 1; level < depth; level += 1) {
    archive = zipOf(Array.from({ length: 16 }, (_, index) => ({ name: `${level}-${index}.zip`, content: archive })));
  }
  return archive;
}

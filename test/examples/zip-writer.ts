/**
 * Writes zip archives byte by byte (APPNOTE.TXT 4.3), honest ones and such as no honest program makes. Prevents tests of
 * hostile archives from testing only what a well-behaved library is willing to write.
 */
import { crc32, deflateRawSync } from 'node:zlib';

/** What stands about an entry in the header in front of it, and again in the directory at the end. */
export interface ZipHeader {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly extra: Uint8Array;
}

export interface ZipEntry {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** Stands in the archive in place of the packed content. */
  readonly packed?: Uint8Array;
  /** 8, deflated, unless told. */
  readonly method?: number;
  /** As Unix has it, kind of file included. */
  readonly mode?: number;
  /** Said in both places. */
  readonly says?: Partial<ZipHeader>;
  /** Said in front of the data alone. */
  readonly local?: Partial<ZipHeader>;
  /** Said in the directory alone. */
  readonly central?: Partial<ZipHeader & { readonly offset: number }>;
}

export interface ZipEnd {
  readonly count: number;
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  readonly disk: number;
  readonly comment: Uint8Array;
  /** The longer form of the end (ZIP64), with this many entries. */
  readonly zip64Count: number | null;
}

const UTF8_NAME = 0x0800;
const MADE_ON_UNIX = 3 << 8;

/** An archive of ordinary files. */
export function zipOfFiles(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return zipOf(Object.entries(files).map(([name, content]) => ({ name, content })));
}

export function zipOf(entries: readonly ZipEntry[], end: Partial<ZipEnd> = {}): Buffer {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { header, packed } = honest(entry);
    const local = localHeader({ ...header, ...entry.says, ...entry.local });
    directory.push(directoryHeader({ ...header, ...entry.says, offset, ...entry.central }, entry.mode ?? 0o100644));
    parts.push(local, packed);
    offset += local.length + packed.length;
  }
  return Buffer.concat([...parts, ...directory, endOf(entries.length, offset, byteCount(directory), end)]);
}

/** Entries as they stand, one after the other, with the end of the archive behind them. */
export function endOf(count: number, offset: number, directoryBytes: number, said: Partial<ZipEnd>): Buffer {
  const end = {
    count,
    directoryBytes,
    directoryOffset: offset,
    disk: 0,
    comment: new Uint8Array(),
    zip64Count: null,
    ...said,
  };
  const record = bytes(
    [4, 0x06054b50],
    [2, end.disk],
    [2, end.disk],
    [2, end.count & 0xffff],
    [2, end.count & 0xffff],
    [4, end.directoryBytes],
    [4, end.directoryOffset],
    [2, end.comment.length],
  );
  const long = end.zip64Count === null ? [] : zip64End(end.zip64Count, offset, directoryBytes);
  return Buffer.concat([...long, record, end.comment]);
}

function zip64End(count: number, offset: number, directoryBytes: number): Buffer[] {
  const record = [
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, directoryBytes],
    [8, offset],
  ] as const;
  return [bytes(...record), bytes([4, 0x07064b50], [4, 0], [8, offset + directoryBytes], [4, 1])];
}

function honest({ name, content = '', packed, method = 8 }: ZipEntry): { header: ZipHeader; packed: Uint8Array } {
  const plain = Buffer.from(content);
  const data = packed ?? (method === 8 ? deflateRawSync(plain) : plain);
  const header = {
    name: Buffer.from(name),
    flags: UTF8_NAME,
    method,
    crc: crc32(plain),
    packedBytes: data.length,
    bytes: plain.length,
    extra: new Uint8Array(),
  };
  return { header, packed: data };
}

export function localHeader({ name, flags, method, crc, packedBytes, bytes: size, extra }: ZipHeader): Buffer {
  const fixed = bytes(
    [4, 0x04034b50],
    [2, 20],
    [2, flags],
    [2, method],
    [4, 0],
    [4, crc],
    [4, packedBytes],
    [4, size],
    [2, name.length],
    [2, extra.length],
  );
  return Buffer.concat([fixed, name, extra]);
}

export function directoryHeader(
  { name, flags, method, crc, packedBytes, bytes: size, extra, offset }: ZipHeader & { readonly offset: number },
  mode: number,
): Buffer {
  const fixed = bytes(
    [4, 0x02014b50],
    [2, MADE_ON_UNIX | 20],
    [2, 20],
    [2, flags],
    [2, method],
    [4, 0],
    [4, crc],
    [4, packedBytes],
    [4, size],
    [2, name.length],
    [2, extra.length],
    [2, 0],
    [2, 0],
    [2, 0],
    [4, mode * 0x10000],
    [4, offset],
  );
  return Buffer.concat([fixed, name, extra]);
}

/** One field of an extra field: its kind and its data. */
export function extraField(kind: number, data: Uint8Array): Buffer {
  return Buffer.concat([bytes([2, kind], [2, data.length]), data]);
}

/** Numbers of so many bytes each, the least significant first. */
export function bytes(...numbers: readonly (readonly [size: 1 | 2 | 4 | 8, value: number])[]): Buffer {
  const written = Buffer.alloc(numbers.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of numbers) {
    if (size === 8) written.writeBigUInt64LE(BigInt(value), at);
    else written.writeUIntLE(value, at, size);
    at += size;
  }
  return written;
}

function byteCount(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

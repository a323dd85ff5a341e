import { type Entry, type LocalFileHeader, parseExtraFields, type ZipFile } from 'yauzl';
import { isHidden, type NamedEntry, Paths, readEntry } from './entry-rules.ts';
import { type Limits, megabytes } from './limits.ts';
import { badArchive, quoted, tooMuch } from './refusals.ts';

/** An archive of which nothing has been unpacked, and which says of itself nothing that is not allowed. */
export interface CheckedArchive {
  readonly files: readonly NamedEntry[];
  /** Files that are left out. */
  readonly hiddenCount: number;
}

/**
 * Reads what an archive says about itself. Its directory and the header in front of each file have to say the same, and no
 * two files may share bytes: programs that look at one place and programs that look at the other see the same archive.
 * @param sizeBytes of the archive.
 * @throws {ApiError} 413 for what is too much, 422 for what is not taken.
 */
export async function checkArchive(zip: ZipFile, sizeBytes: number, limits: Limits): Promise<CheckedArchive> {
  refuseMany(zip.entryCount, limits);
  const directoryStart = cursorOf(zip);
  const paths = new Paths();
  const entries: NamedEntry[] = [];
  const places: Place[] = [];
  let declaredBytes = 0;
  for await (const entry of zip.eachEntry()) {
    const named = readEntry(entry);
    paths.add(named);
    declaredBytes += entry.uncompressedSize;
    refuseBytes(declaredBytes, sizeBytes, limits);
    places.push(await placeOf(zip, named));
    entries.push(named);
  }
  refuseOverlaps(places, directoryStart);
  refuseWrongEnd(zip, sizeBytes);
  const all = entries.filter(({ isFolder }) => !isFolder);
  const files = all.filter(({ path }) => !isHidden(path));
  if (files.length === 0) throw badArchive('The archive has no files to install.');
  return { files, hiddenCount: all.length - files.length };
}

/** @throws {ApiError} 413 when so much comes out of an archive of that size. */
export function refuseBytes(inflatedBytes: number, sizeBytes: number, { inflatedBytesMax, ratioMax }: Limits): void {
  if (inflatedBytes > inflatedBytesMax) {
    throw tooMuch(`Unpacked, a collection may be at most ${megabytes(inflatedBytesMax)}, and this one is larger.`);
  }
  if (inflatedBytes > ratioMax * sizeBytes) {
    throw tooMuch(`The archive unpacks to more than ${ratioMax} times its own size, which is not taken.`);
  }
}

/** Where an entry lies in the archive. */
interface Place {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

function refuseMany(count: number, { entriesMax }: Limits): void {
  if (count <= entriesMax) return;
  throw tooMuch(
    `A collection may have ${entriesMax.toLocaleString('en')} files and folders, and this archive has ${count.toLocaleString('en')}.`,
  );
}

async function placeOf(zip: ZipFile, { entry, path }: NamedEntry): Promise<Place> {
  const local = await zip.readLocalFileHeaderPromise(entry, { minimal: false });
  if (!saysTheSame(local, entry)) {
    throw badArchive(`The archive contradicts itself about ${quoted(path)}. Make it again, with another program.`);
  }
  return { path, start: entry.relativeOffsetOfLocalHeader, end: local.fileDataStart + entry.compressedSize };
}

/** Flags: encrypted, and sizes that follow the data because they were not known before. */
const ENCRYPTED = 0x1;
const SIZES_FOLLOW = 0x8;

function saysTheSame(local: LocalFileHeader, entry: Entry): boolean {
  const flags = local.generalPurposeBitFlag;
  const follows = (flags & SIZES_FOLLOW) !== 0;
  const isAlike = (one: number, other: number): boolean => one === other || (follows && one === 0);
  const [uncompressedSize, compressedSize] = sizesOf(local);
  return (
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    (flags & ENCRYPTED) === (entry.generalPurposeBitFlag & ENCRYPTED) &&
    isAlike(local.crc32, entry.crc32) &&
    isAlike(uncompressedSize, entry.uncompressedSize) &&
    isAlike(compressedSize, entry.compressedSize)
  );
}

const IN_EXTRA_FIELD = 0xffffffff;
const ZIP64 = 0x0001;

/** Sizes that do not fit into the header stand in its extra field. */
function sizesOf({ uncompressedSize, compressedSize, extraField }: LocalFileHeader): [number, number] {
  if (uncompressedSize !== IN_EXTRA_FIELD && compressedSize !== IN_EXTRA_FIELD)
    return [uncompressedSize, compressedSize];
  const { data } = parseExtraFields(extraField).find(({ id }) => id === ZIP64) ?? {};
  const sizes = [uncompressedSize, compressedSize];
  let at = 0;
  return sizes.map((size) => {
    if (size !== IN_EXTRA_FIELD || data === undefined || at + 8 > data.length) return size;
    at += 8;
    return Number(data.readBigUInt64LE(at - 8));
  }) as [number, number];
}

function refuseOverlaps(places: readonly Place[], directoryStart: number): void {
  const sorted = places.toSorted((a, b) => a.start - b.start);
  for (const [index, { path, end }] of sorted.entries()) {
    const next = sorted[index + 1];
    if (end <= (next?.start ?? directoryStart)) continue;
    const other = next === undefined ? 'the directory of the archive' : quoted(next.path);
    throw badArchive(`In the archive, ${quoted(path)} lies over ${other}.`);
  }
}

/** Sizes of what stands behind the directory: its end, and the longer form of it with its locator. */
const END_BYTES = 22;
const ZIP64_END_BYTES = 56 + 20;

/** A directory that goes on behind its last entry has entries that nobody was told of. */
function refuseWrongEnd(zip: ZipFile, sizeBytes: number): void {
  const behind = sizeBytes - cursorOf(zip) - END_BYTES - zip.comment.length;
  if (behind === 0 || behind === ZIP64_END_BYTES) return;
  throw badArchive(
    'The archive contradicts itself about how many entries it has. Make it again, with another program.',
  );
}

/** Where the next entry of the directory stands; declared as a boolean, and a number. */
function cursorOf({ readEntryCursor }: ZipFile): number {
  return Number(readEntryCursor);
}

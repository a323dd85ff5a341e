import { type FileHandle, open } from 'node:fs/promises';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { openPromise, type ZipFile } from 'yauzl';
import { ApiError } from '../kit/api-error.ts';
import { checkArchive, refuseBytes } from './check-archive.ts';
import { DEFLATED, type NamedEntry } from './entry-rules.ts';
import type { Limits } from './limits.ts';
import { badArchive, quoted } from './refusals.ts';

/** A file that has been unpacked, and where it begins in what was unpacked. */
export interface UnpackedFile {
  readonly path: string;
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface Unpacked {
  readonly files: readonly UnpackedFile[];
  readonly hiddenCount: number;
}

/**
 * Unpacks an archive into one new file, each of its files behind the one before: nothing that an archive says becomes a
 * path. It is on disk for good before this returns. Archives in it are files like any other.
 * @throws {ApiError} 413, 422; what was unpacked until then is in the file.
 */
export async function unpackArchive(
  archive: { readonly file: string; readonly sizeBytes: number },
  to: string,
  limits: Limits,
): Promise<Unpacked> {
  const content = await open(to, 'wx', 0o600);
  let zip: ZipFile | null = null;
  try {
    zip = await openPromise(archive.file, { autoClose: false, decodeStrings: false });
    // The directory is read in turns: what fails between them would otherwise end the process.
    zip.on('error', () => {});
    const { files, hiddenCount } = await checkArchive(zip, archive.sizeBytes, limits);
    const unpacked: UnpackedFile[] = [];
    let inflatedBytes = 0;
    const count = (bytes: number): void => {
      inflatedBytes += bytes;
      refuseBytes(inflatedBytes, archive.sizeBytes, limits);
    };
    for (const file of files) {
      unpacked.push({ path: file.path, offset: inflatedBytes, sizeBytes: file.entry.uncompressedSize });
      await unpackFile(zip, file, content, count);
    }
    await content.sync();
    return { files: unpacked, hiddenCount };
  } catch (error) {
    throw isOurs(error) ? error : badArchive(`This is no zip archive that can be read: ${whyUnreadable(error)}`);
  } finally {
    zip?.close();
    await content.close();
  }
}

async function unpackFile(
  zip: ZipFile,
  { entry, path }: NamedEntry,
  content: FileHandle,
  count: (bytes: number) => void,
): Promise<void> {
  const packed: Readable = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  let sizeBytes = 0;
  let checksum = 0;
  await pipeline(
    packed,
    entry.compressionMethod === DEFLATED ? createInflateRaw() : new PassThrough(),
    async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        sizeBytes += chunk.length;
        count(chunk.length);
        if (sizeBytes > entry.uncompressedSize) throw lies(path);
        checksum = crc32(chunk, checksum);
        await content.appendFile(chunk);
      }
    },
  );
  if (sizeBytes !== entry.uncompressedSize) throw lies(path);
  if (checksum !== entry.crc32) throw badArchive(`The file ${quoted(path)} is damaged: its checksum is another one.`);
}

function lies(path: string): ApiError {
  return badArchive(`The file ${quoted(path)} is not as long as the archive says.`);
}

/** Failed system calls are our disk's; what yauzl and zlib find is the archive's. */
function isOurs(error: unknown): boolean {
  return error instanceof ApiError || 'syscall' in (error as object);
}

function whyUnreadable(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (String(code).startsWith('Z_')) return 'the packed data are damaged.';
  if (/not found|EOF/.test(message)) return 'it is something else, or a part of it is missing.';
  return 'its directory is damaged.';
}

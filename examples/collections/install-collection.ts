import type { IncomingMessage } from 'node:http';
import type { Collection, Collections } from './collections.ts';
import type { Limits } from './limits.ts';
import { readManifest, withoutOuterFolder } from './manifest.ts';
import { receiveUpload } from './receive-upload.ts';
import { asStorageError } from './refusals.ts';
import { unpackArchive } from './unpack-archive.ts';

/** What a build learns of its upload. */
export interface Installation extends Collection {
  /** Files of the archive that were left out, because their names begin with a dot or belong to a file manager. */
  readonly skipped_files: number;
  /** What was there under this name before. */
  readonly replaced: Pick<Collection, 'version' | 'sha256' | 'installed_at'> | null;
}

/**
 * Installs the collection that a request uploads, or nothing at all. Until the very end everything happens in a folder of
 * its own, so that installations at the same time know nothing of each other: the last one to end stays.
 * @throws {ApiError} what is wrong with the upload; the rest of its body may still be on its way.
 */
export async function installCollection(
  collections: Collections,
  request: IncomingMessage,
  by: { readonly workspace: string; readonly owner: string },
  limits: Limits,
): Promise<Installation> {
  const workbench = await collections.openWorkbench().catch(rethrow);
  try {
    const upload = await receiveUpload(request, workbench.archive, limits);
    const unpacked = await unpackArchive(upload, workbench.content, limits);
    const files = withoutOuterFolder(unpacked.files);
    const manifest = await readManifest(files, upload.fileName, workbench.content);
    const collection: Collection = {
      ...manifest,
      file_count: files.length,
      bytes: files.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0),
      sha256: upload.sha256,
      installed_at: new Date().toISOString(),
      installed_by: by.owner,
    };
    const before = await collections.install(by.workspace, workbench, collection, files);
    const replaced = before && { version: before.version, sha256: before.sha256, installed_at: before.installed_at };
    return { ...collection, skipped_files: unpacked.hiddenCount, replaced };
  } catch (error) {
    return rethrow(error);
  } finally {
    await collections.clear(workbench);
  }
}

function rethrow(error: unknown): never {
  throw asStorageError(error);
}

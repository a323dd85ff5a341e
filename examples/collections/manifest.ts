import { open } from 'node:fs/promises';
import { badArchive, quoted } from './refusals.ts';
import type { UnpackedFile } from './unpack-archive.ts';

/** What a collection is called. */
export interface Manifest {
  readonly name: string;
  readonly version: string | null;
  readonly description: string | null;
}

/** A collection may describe itself in a file of this name, next to its other files. */
export const MANIFEST = 'collection.json';

const MANIFEST_BYTES_MAX = 65_536;

/**
 * Archives are made of a folder or of what is in it. Where everything lies in one folder with a manifest, that folder is the
 * collection.
 */
export function withoutOuterFolder(files: readonly UnpackedFile[]): readonly UnpackedFile[] {
  const { path = '' } = files[0] ?? {};
  const outer = path.slice(0, path.indexOf('/') + 1);
  const isOuter = files.every((file) => file.path.startsWith(outer));
  if (outer === '' || !isOuter || !files.some((file) => file.path === outer + MANIFEST)) return files;
  return files.map((file) => ({ ...file, path: file.path.slice(outer.length) }));
}

/**
 * The name of a collection: from its manifest, or from the name of the archive that it came in.
 * @param fileName of the archive.
 * @param content the file that holds what was unpacked.
 * @throws {ApiError} 422 for a manifest that cannot be read, and where neither gives a name.
 */
export async function readManifest(
  files: readonly UnpackedFile[],
  fileName: string,
  content: string,
): Promise<Manifest> {
  const manifest = files.find(({ path }) => path === MANIFEST);
  const said = manifest === undefined ? {} : parseManifest(await readPart(content, manifest));
  return {
    name: said.name === undefined ? nameFromFile(fileName) : checkName(said.name, `The name in ${MANIFEST}`),
    version: optionalText(said, 'version', 64),
    description: optionalText(said, 'description', 1_000),
  };
}

async function readPart(content: string, { offset, sizeBytes }: UnpackedFile): Promise<Buffer> {
  if (sizeBytes > MANIFEST_BYTES_MAX) throw badArchive(`${MANIFEST} has more than 64 KiB.`);
  const part = Buffer.alloc(sizeBytes);
  const handle = await open(content);
  try {
    await handle.read(part, 0, sizeBytes, offset);
    return part;
  } finally {
    await handle.close();
  }
}

function parseManifest(content: Buffer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {}
  throw badArchive(`${MANIFEST} is not a JSON object.`);
}

function nameFromFile(fileName: string): string {
  const name = fileName.replace(/\.zip$/i, '');
  if (name === '') throw badArchive(`The collection has no name: give one in ${MANIFEST}, or send the file with one.`);
  return checkName(name, 'The name of the file');
}

/** A name stands in URLs, in commands and in sentences. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/.test(text);
}

function checkName(name: unknown, where: string): string {
  if (typeof name === 'string' && isName(name)) return name;
  const given = typeof name === 'string' ? `, ${quoted(name)},` : '';
  throw badArchive(
    `${where}${given} cannot name a collection. Names are 1 to 64 letters, digits, dots, underscores and hyphens, with a letter or digit first and last.`,
  );
}

function optionalText(said: Readonly<Record<string, unknown>>, field: string, charactersMax: number): string | null {
  const { [field]: text = null } = said;
  if (text === null || (typeof text === 'string' && text.length <= charactersMax)) return text;
  throw badArchive(`The ${field} in ${MANIFEST} is not a text of at most ${charactersMax} characters.`);
}

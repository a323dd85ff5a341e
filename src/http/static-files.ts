import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Rejection } from '../manage/index.ts';
import type { Answer } from './door.ts';
import { PAGE_HEADERS } from './page-headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** The media type of a file by its extension, dot included. */
export function contentTypeOf(extension: string): string {
  return TYPES[extension] ?? 'application/octet-stream';
}

/** Files that are served, by the name they are asked for: never a path from a request. */
export type FileTable = Readonly<Record<string, URL>>;

const held = new Map<string, Promise<Uint8Array>>();

/**
 * One file of a table, read once and kept.
 * @throws {Rejection} `not_found` for a name that is not in the table.
 */
export async function serveFile(files: FileTable, name: string): Promise<Answer> {
  const url = Object.hasOwn(files, name) ? (files[name] as URL) : null;
  if (url === null) throw new Rejection('not_found', 'There is nothing at this path.');
  let content = held.get(url.href);
  if (content === undefined) {
    content = readFile(url);
    held.set(url.href, content);
    content.catch(() => held.delete(url.href));
  }
  const type = contentTypeOf(extname(url.pathname));
  return { status: 200, headers: { ...PAGE_HEADERS, 'Content-Type': type }, body: await content };
}

/** A file of the pages folder beside this one. */
export function pageFile(name: string): URL {
  return new URL(`./pages/${name}`, import.meta.url);
}

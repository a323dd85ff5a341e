import { extname } from 'node:path';
import type { Response } from 'express';
import { ApiError } from '../kit/api-error.ts';
import type { Collections } from './collections.ts';

/** By extension. What is not here is sent as bytes of no known kind. */
const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  gif: 'image/gif',
  htm: 'text/html; charset=utf-8',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  otf: 'font/otf',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  ttf: 'font/ttf',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
  webm: 'video/webm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: 'application/xml',
  zip: 'application/zip',
};

export function contentTypeOf(path: string): string {
  return TYPES[extname(path).slice(1).toLowerCase()] ?? 'application/octet-stream';
}

/**
 * Somebody uploaded this, and it is not trusted: opened in a browser it is a page of an origin of its own, without
 * script, and it is never taken for another kind of file than it is sent as.
 */
const UNTRUSTED = {
  'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'private, no-cache',
} as const;

/** Sends one file of an installed collection. Paths are looked up in the index and never in a folder. */
export function serveFile(
  collections: Collections,
  of: { readonly workspace: string; readonly name: string; readonly path: string },
  response: Response,
  next: (error: unknown) => void,
): void {
  const found = collections.findFile(of.workspace, of.name, of.path);
  if (found === null) throw new ApiError(404, 'not_found', 'There is no such file.');
  response.set({ ...UNTRUSTED, 'Content-Type': contentTypeOf(of.path), ETag: `"${found.version}.${found.offset}"` });
  if (found.bytes === 0) {
    response.end();
    return;
  }
  const { folder: root, version, offset: start } = found;
  const part = { root, start, end: start + found.bytes - 1, cacheControl: false };
  response.sendFile(version, part, (error?: unknown) => {
    if (error === undefined || response.headersSent || response.req.socket.destroyed) return;
    try {
      // Replaced between the look into the index and the look at the disk: the index knows the new one.
      const now = collections.findFile(of.workspace, of.name, of.path);
      if (now?.version === version) throw refusalOf(error);
      serveFile(collections, of, response, next);
    } catch (refusal) {
      next(refusal);
    }
  });
}

/** Conditions and ranges of the request that the file does not meet (RFC 9110 sections 15.5.13 and 15.5.17). */
function refusalOf(error: unknown): unknown {
  const { status } = error as { readonly status?: unknown };
  if (status === 412) return new ApiError(412, 'changed', 'The file has changed.');
  if (status === 416) return new ApiError(416, 'invalid_range', 'The file has no such part.');
  return error;
}

import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { accentsOf, logoOf } from '../guide/index.ts';
import type { Company } from '../profile/index.ts';
import { type Answer, type DoorRequest, headerValues, pathOf } from './door.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { contentTypeOf, pageFile } from './static-files.ts';

/** Where `npm run build:dashboard` puts the pages; a package has them at the same place beside its code. */
export const BUILT_PAGES = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

/** Smaller files gain nothing. */
const GZIP_FROM_BYTES = 1_000;

/** Their names change with their content: they are asked for once. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_AN_HOUR = 'public, max-age=3600';

/** The hosted page of one owner's own tokens: a page of its own, without the rest of the dashboard. */
const PORTAL_PAGE = '/portal/index.html';
const PORTAL_PATHS: ReadonlySet<string> = new Set(['/portal', '/portal/', PORTAL_PAGE]);

interface BuiltFile {
  readonly type: string;
  readonly plain: Uint8Array;
  readonly zipped: Uint8Array | null;
}

/** The built files by their path in the address. */
type BuiltFiles = ReadonlyMap<string, BuiltFile>;

/** Answers the pages of the dashboard and their files; null for what is no page. */
export type Pages = (request: DoorRequest, company: Company) => Promise<Answer | null>;

/**
 * The pages of a built folder. They are read whole at the first request, so that a build beside a running server never mixes old
 * and new; without a build every page says how to make one, until there is one.
 */
export function dashboardPages(folder: string = BUILT_PAGES): Pages {
  let held: Promise<BuiltFiles | null> | null = null;
  const built = async (): Promise<BuiltFiles | null> => {
    held ??= readBuilt(folder);
    const files = await held.catch(() => null);
    if (files === null) held = null;
    return files;
  };
  return async (request, company) => {
    const path = pathOf(request.target);
    if (request.method !== 'GET' && request.method !== 'HEAD') return null;
    if (path === '/theme.css') return themeFile(company);
    const files = await built();
    const portal = files?.get(PORTAL_PAGE);
    if (PORTAL_PATHS.has(path) && portal !== undefined) return withLogo(send(request, portal, 'no-store'), company);
    const file = path === '/index.html' ? undefined : files?.get(path);
    if (file !== undefined) return send(request, file, path.startsWith('/assets/') ? FOR_EVER : FOR_AN_HOUR);
    if (!isPagePath(path)) return null;
    const index = files?.get('/index.html');
    if (index === undefined) return notBuilt();
    return withLogo(send(request, index, 'no-store'), company);
  };
}

/** Pages have no dot in their last part, and nothing of the API is one. */
function isPagePath(path: string): boolean {
  return !/^\/(?:v1|assets)(?:\/|$)/.test(path) && !/\.[^/]*$/.test(path);
}

async function readBuilt(folder: string): Promise<BuiltFiles | null> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, BuiltFile>();
  for (const entry of entries) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue;
    const file = join(entry.parentPath, entry.name);
    const plain = await readFile(file);
    const isText = /\.(?:html|js|css|svg)$/.test(entry.name);
    const zipped = isText && plain.length >= GZIP_FROM_BYTES ? gzipSync(plain, { level: 9 }) : null;
    const path = file.slice(folder.length).split(sep).join('/');
    files.set(path, { type: contentTypeOf(extname(entry.name)), plain, zipped });
  }
  return files.has('/index.html') ? files : null;
}

function send({ rawHeaders }: DoorRequest, { type, plain, zipped }: BuiltFile, caching: string): Answer {
  const accepted = headerValues(rawHeaders, 'accept-encoding').join();
  const isZipped = zipped !== null && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted);
  return {
    status: 200,
    headers: {
      ...PAGE_HEADERS,
      'Content-Type': type,
      'Cache-Control': caching,
      Vary: 'Accept-Encoding',
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
    },
    body: isZipped ? zipped : plain,
  };
}

/** The company's colour, made readable: a file of its own, because a page may carry no style. */
function themeFile({ accentColour }: Company): Answer {
  return {
    status: 200,
    headers: { ...PAGE_HEADERS, 'Content-Type': 'text/css; charset=utf-8' },
    body: accentsOf(accentColour),
  };
}

/** The logo may come from the company's own site. */
function withLogo(answer: Answer, { logoUrl }: Company): Answer {
  const origin = logoOf(logoUrl)?.origin ?? null;
  if (origin === null) return answer;
  const policy = answer.headers['Content-Security-Policy'] ?? '';
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'Content-Security-Policy': policy.replace("img-src 'self' data:", `$& ${origin}`),
    },
  };
}

async function notBuilt(): Promise<Answer> {
  return {
    status: 503,
    headers: { ...PAGE_HEADERS, 'Content-Type': 'text/html; charset=utf-8' },
    body: await readFile(pageFile('not-built.html')),
  };
}

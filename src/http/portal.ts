import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  anonymousCaller,
  createToken,
  listTokens,
  previewRevocation,
  Rejection,
  readToken,
  readTokenOptions,
  readTokenUsage,
  revokeToken,
  rotateToken,
} from '../manage/index.ts';
import { endPortalSession, openPortalSession } from '../people/index.ts';
import { findCredential, readShape } from '../token/index.ts';
import type { CallerOf, HttpParts } from './app.ts';
import { BUILT_PAGES } from './dashboard-pages.ts';
import { type Answer, type DoorRequest, headerValues, pathOf } from './door.ts';
import { isPageRoute, type Route } from './route.ts';
import { contentTypeOf } from './static-files.ts';

/** What an owner does with their own tokens. */
const OPERATIONS: ReadonlySet<unknown> = new Set([
  createToken,
  listTokens,
  readToken,
  readTokenOptions,
  readTokenUsage,
  rotateToken,
  revokeToken,
  previewRevocation,
  openPortalSession,
  endPortalSession,
]);

const SCRIPT = /^\/portal\/keyhouse-tokens(?:\.([0-9a-f]{16}))?\.js$/;
const FOR_EVER = 'public, max-age=31536000, immutable';
const FOR_AN_HOUR = 'public, max-age=3600';

/** Whether a request is for the operations of portal sessions, or for the script of `<keyhouse-tokens>`. */
export function isPortal({ target }: Pick<DoorRequest, 'target'>, prefix: string): boolean {
  return target.startsWith(`${prefix}/portal/v1/`) || target.startsWith(`${prefix}/portal/keyhouse-tokens.`);
}

export function servesPortal(route: Route): boolean {
  return !isPageRoute(route) && OPERATIONS.has(route[3]);
}

/** The owner whose portal session's value a request bears. Cookies never count, and a token means nothing here. */
export function portalCaller({ portal, engine }: HttpParts, { rawHeaders }: DoorRequest): CallerOf {
  return async (circumstances, auth) => {
    if (auth === 'one-time-secret') return anonymousCaller(circumstances);
    const format = engine.authenticator.profile.profile.token;
    const credential = findCredential(rawHeaders, null, [], format);
    const shape = credential.found === 'text' ? readShape(credential.text, format) : null;
    const isOurs = shape?.is === 'ours' && shape.kind === 'portal';
    const caller = isOurs && credential.found === 'text' ? await portal?.enter(credential.text, circumstances) : null;
    if (caller == null) throw new Rejection('authentication_required', 'This page has ended. Open it again.');
    return caller;
  };
}

interface Script {
  readonly plain: Uint8Array;
  readonly zipped: Uint8Array;
  readonly hash: string;
}

let held: Promise<Script> | null = null;

/**
 * The script of `<keyhouse-tokens>`; null for any other path. It is nobody's secret: pages of every origin may load it. Under
 * the name with its hash it never changes; another hash leads to the script there is.
 */
export function portalScript(request: DoorRequest, prefix: string): Promise<Answer> | null {
  const path = pathOf(request.target).slice(prefix.length);
  const found = SCRIPT.exec(path);
  if (found === null || (request.method !== 'GET' && request.method !== 'HEAD')) return null;
  return sendScript(request, prefix, found[1] ?? null);
}

async function sendScript({ rawHeaders }: DoorRequest, prefix: string, asked: string | null): Promise<Answer> {
  const script = await scriptBuilt();
  if (script === null) return { status: 503, headers: { ...SCRIPT_HEADERS, 'Cache-Control': 'no-store' }, body: '' };
  const named = `${prefix}/portal/keyhouse-tokens.${script.hash}.js`;
  if (asked !== null && asked !== script.hash) {
    const headers = { ...SCRIPT_HEADERS, Location: `${prefix}/portal/keyhouse-tokens.js`, 'Cache-Control': 'no-store' };
    return { status: 307, headers, body: '' };
  }
  const isZipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    headerValues(rawHeaders, 'accept-encoding').join(),
  );
  return {
    status: 200,
    headers: {
      ...SCRIPT_HEADERS,
      'Cache-Control': asked === null ? FOR_AN_HOUR : FOR_EVER,
      'Content-Location': named,
      Vary: 'Accept-Encoding',
      ...(isZipped && { 'Content-Encoding': 'gzip' }),
    },
    body: isZipped ? script.zipped : script.plain,
  };
}

const SCRIPT_HEADERS = {
  'Content-Type': contentTypeOf('.js'),
  'Access-Control-Allow-Origin': '*',
  'Cross-Origin-Resource-Policy': 'cross-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Read at the first request; null while the dashboard is not built. */
async function scriptBuilt(): Promise<Script | null> {
  held ??= readFile(join(BUILT_PAGES, 'portal/keyhouse-tokens.js')).then((plain) => ({
    plain,
    zipped: gzipSync(plain, { level: 9 }),
    hash: createHash('sha256').update(plain).digest('hex').slice(0, 16),
  }));
  const script = await held.catch(() => null);
  if (script === null) held = null;
  return script;
}

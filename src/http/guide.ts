import { createHash } from 'node:crypto';
import {
  type GuideDocument,
  guideOf,
  type KnownRejection,
  type Offer,
  renderHtml,
  renderLlmsText,
  renderMarkdown,
  themeOf,
} from '../guide/index.ts';
import { REJECTIONS, type RejectionCode, revokeToken, rotateToken, testAuthentication } from '../manage/index.ts';
import { DENIAL_REASONS } from '../policy/index.ts';
import type { HttpParts } from './app.ts';
import { baseUrl } from './base-url.ts';
import { type Answer, type DoorRequest, headerValue, pathOf } from './door.ts';
import { openapi } from './openapi/page.ts';
import type { Page } from './page.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { reference } from './reference.ts';
import type { AnyOperation, Route } from './route.ts';
import { type FileTable, pageFile, serveFile } from './static-files.ts';

/** The integrators' guide of the profile in force, for people. */
export const guide: Page = {
  page: 'guide',
  summary: 'How to authenticate, for people',
  isDocumented: false,
  answer: (parts, request, routes) => {
    const document = documentFor(parts, request, routes);
    return fresh(request, 'text/html; charset=utf-8', renderHtml(document), policyFor(document));
  },
};

/** The same as one Markdown document. */
export const guideMarkdown: Page = {
  page: 'guideMarkdown',
  summary: 'How to authenticate, as Markdown',
  isDocumented: false,
  answer: (parts, request, routes) =>
    fresh(request, 'text/markdown; charset=utf-8', renderMarkdown(documentFor(parts, request, routes))),
};

/** Where to find what, for programs that read (llmstxt.org). */
export const llmsText: Page = {
  page: 'llmsText',
  summary: 'What there is to read, for programs that read',
  isDocumented: false,
  answer: (parts, request, routes) =>
    fresh(request, 'text/plain; charset=utf-8', renderLlmsText(documentFor(parts, request, routes))),
};

const FILES: FileTable = { 'guide.css': pageFile('guide.css'), 'guide.js': pageFile('guide.js') };

/** Files of the guide; the colours are the company's. */
export const guideFile: Page = {
  page: 'guideFile',
  summary: 'Files of the guide',
  isDocumented: false,
  answer: async (parts, request) => {
    const name = pathOf(request.target).slice('/guide/'.length);
    const { company } = parts.engine.authenticator.profile.profile;
    if (name === 'theme.css') return fresh(request, 'text/css; charset=utf-8', themeOf(company.accentColour));
    const { headers, body } = await serveFile(FILES, name);
    return fresh(request, headers['Content-Type'] ?? '', body ?? '');
  },
};

function documentFor(parts: HttpParts, request: DoorRequest, routes: readonly Route[]): GuideDocument {
  const { profile } = parts.engine.authenticator.profile;
  return guideOf(profile, {
    apiUrl: profile.company.apiBaseUrl ?? baseUrl(request, parts.trust),
    prefix: parts.prefix,
    offers: offersOf(routes),
    rejections: MET_BY_INTEGRATORS,
  });
}

const OFFERED: Readonly<Record<Offer, Page | Pick<AnyOperation, 'id'>>> = {
  test: testAuthentication,
  rotate: rotateToken,
  revoke: revokeToken,
  reference,
  openapi,
};

/** A door may leave routes out: the guide speaks of what is there. */
function offersOf(routes: readonly Route[]): ReadonlySet<Offer> {
  const there = new Set<unknown>(routes.map(([, , , answers]) => answers));
  return new Set((Object.keys(OFFERED) as Offer[]).filter((offer) => there.has(OFFERED[offer])));
}

/** Codes of operations that integrators never call. */
const NOT_THEIRS: ReadonlySet<string> = new Set<RejectionCode | (typeof DENIAL_REASONS)[number]>([
  ...DENIAL_REASONS,
  'setup_code_invalid',
  'already_set_up',
  'cross_origin',
]);

const MET_BY_INTEGRATORS: readonly KnownRejection[] = Object.entries(REJECTIONS)
  .filter(([code]) => !NOT_THEIRS.has(code))
  .map(([code, { status, title, message }]) => ({ code, status, title, message }));

/** A profile that changes shows at once: everything is asked for again, and sent again only when it differs. */
function fresh(
  request: DoorRequest,
  contentType: string,
  body: string | Uint8Array,
  further: Readonly<Record<string, string>> = {},
): Answer {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': contentType,
    'Cache-Control': 'no-cache',
    ETag: etag,
    ...further,
  };
  const known = headerValue(request.rawHeaders, 'if-none-match');
  const isKnown = known?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag) ?? false;
  return isKnown ? { status: 304, headers, body: null } : { status: 200, headers, body };
}

/** The logo may come from the company's own site. */
function policyFor({ logo }: GuideDocument): Record<string, string> {
  if (logo === null || logo.origin === null) return {};
  const policy = PAGE_HEADERS['Content-Security-Policy'] ?? '';
  return { 'Content-Security-Policy': policy.replace("img-src 'self' data:", `$& ${logo.origin}`) };
}

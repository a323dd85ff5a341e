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
import type { Profile } from '../profile/index.ts';
import type { HttpParts } from './app.ts';
import { baseUrl } from './base-url.ts';
import { type Answer, type DoorRequest, headerValue, pathOf } from './door.ts';
import { openapi } from './openapi/page.ts';
import type { Page } from './page.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { reference, referenceApi } from './reference.ts';
import type { AnyOperation, Route } from './route.ts';
import { type FileTable, pageFile, serveFile } from './static-files.ts';

/** The integrators' guide of the profile in force, for people. */
export const guide: Page = {
  page: 'guide',
  summary: 'How to authenticate, for people',
  isDocumented: false,
  answer: (parts, request, routes) => {
    const held = guideFor(parts, request, routes);
    return fresh(request, 'text/html; charset=utf-8', textOf(held, renderHtml), policyFor(held.document));
  },
};

/** The same as one Markdown document. */
export const guideMarkdown: Page = {
  page: 'guideMarkdown',
  summary: 'How to authenticate, as Markdown',
  isDocumented: false,
  answer: (parts, request, routes) =>
    fresh(request, 'text/markdown; charset=utf-8', textOf(guideFor(parts, request, routes), renderMarkdown)),
};

/** Where to find what, for programs that read (llmstxt.org). */
export const llmsText: Page = {
  page: 'llmsText',
  summary: 'What there is to read, for programs that read',
  isDocumented: false,
  answer: (parts, request, routes) =>
    fresh(request, 'text/plain; charset=utf-8', textOf(guideFor(parts, request, routes), renderLlmsText)),
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

type Render = (document: GuideDocument) => string;

/** A guide that was written before, with its texts. */
interface HeldGuide {
  readonly profile: Profile;
  readonly apiUrl: string;
  readonly document: GuideDocument;
  readonly texts: Map<Render, string>;
}

/** The last one of each door: writing it takes a millisecond, in which no token is checked. */
const written = new WeakMap<HttpParts, HeldGuide>();

function guideFor(parts: HttpParts, request: DoorRequest, routes: readonly Route[]): HeldGuide {
  const { profile } = parts.engine.authenticator.profile;
  const apiUrl = profile.company.apiBaseUrl ?? baseUrl(request, parts.trust);
  const before = written.get(parts);
  if (before?.profile === profile && before.apiUrl === apiUrl) return before;
  const document = guideOf(profile, {
    apiUrl,
    prefix: parts.prefix,
    offers: offersOf(parts, routes),
    rejections: MET_BY_INTEGRATORS,
  });
  const held = { profile, apiUrl, document, texts: new Map() };
  written.set(parts, held);
  return held;
}

function textOf({ document, texts }: HeldGuide, render: Render): string {
  const text = texts.get(render) ?? render(document);
  texts.set(render, text);
  return text;
}

const OFFERED: Readonly<Record<Offer, Page | Pick<AnyOperation, 'id'>>> = {
  test: testAuthentication,
  rotate: rotateToken,
  revoke: revokeToken,
  reference,
  description: referenceApi,
  openapi,
};

/** A door may leave routes out, and not every company describes its API: the guide speaks of what is there. */
function offersOf({ apiDescription = null }: HttpParts, routes: readonly Route[]): ReadonlySet<Offer> {
  const there = new Set<unknown>(routes.map(([, , , answers]) => answers));
  const offered = (Object.keys(OFFERED) as Offer[]).filter((offer) => there.has(OFFERED[offer]));
  return new Set(apiDescription === null ? offered.filter((offer) => offer !== 'description') : offered);
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

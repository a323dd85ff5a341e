import type { Profile } from '../../profile/index.ts';
import type { HttpParts } from '../app.ts';
import type { Page } from '../page.ts';
import type { Route } from '../route.ts';
import { openApiDocument } from './document.ts';

/** One text per door and profile: writing it takes longer than sending it. */
const written = new WeakMap<HttpParts, { readonly profile: Profile; readonly text: string }>();

export const openapi: Page = {
  page: 'openapi',
  summary: 'This API as an OpenAPI 3.1 document',
  isDocumented: false,
  answer: (parts, _request, routes) => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' },
    body: textFor(parts, routes),
  }),
};

function textFor(parts: HttpParts, routes: readonly Route[]): string {
  const { profile } = parts.engine.authenticator.profile;
  const known = written.get(parts);
  if (known?.profile === profile) return known.text;
  const { prefix, version } = parts;
  const text = JSON.stringify(openApiDocument({ profile, routes, prefix, version }));
  written.set(parts, { profile, text });
  return text;
}

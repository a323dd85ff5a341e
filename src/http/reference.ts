import { themeOf } from '../guide/index.ts';
import { Rejection } from '../manage/index.ts';
import { pathOf } from './door.ts';
import { shownDescription } from './openapi/company-description.ts';
import type { Page } from './page.ts';
import { pageHeaders } from './page-headers.ts';
import { fillPage } from './page-template.ts';
import { type FileTable, pageFile, serveFile } from './static-files.ts';

/** The reference works without any other origin: the viewer's files come from the package that is installed here. */
let files: FileTable | null = null;

function referenceFiles(): FileTable {
  files ??= {
    'reference.css': pageFile('reference.css'),
    'reference.js': pageFile('reference.js'),
    'viewer.css': viewerFile('swagger-ui.css'),
    'viewer.js': viewerFile('swagger-ui-bundle.js'),
  };
  return files;
}

/** @throws {Rejection} `not_found` where the viewer is not installed; the description itself is always there. */
function viewerFile(name: string): URL {
  try {
    return new URL(import.meta.resolve(`swagger-ui-dist/${name}`));
  } catch {
    throw new Rejection('not_found', 'The viewer is not installed (npm install swagger-ui-dist); see /openapi.json.');
  }
}

/** Shows the company's own API, where it has described that, and beside it the operations that Keyhouse adds. */
export const reference: Page = {
  page: 'reference',
  summary: 'The API, to read and to try',
  isDocumented: false,
  async answer(parts, _request, routes) {
    const { company, words } = parts.engine.authenticator.profile.profile;
    const description = shownDescription(parts);
    const api = description === null ? '' : 'reference/api.json';
    const tokens = routes.some(([, path]) => path === '/openapi.json') ? 'openapi.json' : '';
    const body = await fillPage('reference.html', {
      company: company.name,
      token_word: words.token,
      tokens_label: words.tokens.charAt(0).toUpperCase() + words.tokens.slice(1),
      api,
      tokens,
      guide: routes.some(([, path]) => path === '/guide') ? 'guide' : '',
      descriptions: [api, tokens].filter((path) => path !== '').join(' and '),
    });
    const headers = { ...pageHeaders(description?.origins), 'Content-Type': 'text/html; charset=utf-8' };
    return { status: 200, headers, body };
  },
};

export const referenceApi: Page = {
  page: 'referenceApi',
  summary: "The company's own API as an OpenAPI document",
  isDocumented: false,
  answer(parts) {
    const description = shownDescription(parts);
    if (description === null) throw new Rejection('not_found', 'There is nothing at this path.');
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' };
    return { status: 200, headers, body: description.text };
  },
};

/** Its files; the colours are the company's. */
export const referenceFile: Page = {
  page: 'referenceFile',
  summary: 'Files of the reference',
  isDocumented: false,
  answer(parts, request) {
    const name = pathOf(request.target).slice('/reference/'.length);
    if (name !== 'theme.css') return serveFile(referenceFiles(), name);
    const { company } = parts.engine.authenticator.profile.profile;
    const headers = { ...pageHeaders(), 'Content-Type': 'text/css; charset=utf-8' };
    return { status: 200, headers, body: themeOf(company.accentColour) };
  },
};

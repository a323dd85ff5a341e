import { Rejection } from '../manage/index.ts';
import { pathOf } from './door.ts';
import type { Page } from './page.ts';
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

export const reference: Page = {
  page: 'reference',
  summary: 'The API, to read and to try',
  isDocumented: false,
  answer: () => serveFile({ page: pageFile('reference.html') }, 'page'),
};

export const referenceFile: Page = {
  page: 'referenceFile',
  summary: 'Files of the reference',
  isDocumented: false,
  answer: (_parts, request) => serveFile(referenceFiles(), pathOf(request.target).slice('/reference/'.length)),
};

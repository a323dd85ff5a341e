/**
 * `npm run check`: the documents. Prevents a newcomer's first hour from going wrong: links that lead nowhere, paths of files
 * that have moved, commands that are no longer there.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Violation } from './import-rules.ts';

const LINK = /\]\(([^()\s]+)\)/g;
/** A path of the repository in code quotes; placeholders and patterns are not paths. */
const QUOTED_PATH = /`((?:src|test|tools|bench|bin|docs|examples|client|dashboard|sdk|python|\.ci)\/[^`\s*{}<>…]*)`/g;
const SCRIPT = /\bnpm run ([a-z][\w:-]*)/g;

/** `exists` answers for paths relative to the repository, `scripts` are those of package.json. */
export function judgeDocument(
  path: string,
  text: string,
  exists: (path: string) => boolean,
  scripts: ReadonlySet<string>,
): readonly Violation[] {
  const places = (pattern: RegExp): { value: string; line: number }[] =>
    [...text.matchAll(pattern)].map((match) => ({
      value: match[1] ?? '',
      line: text.slice(0, match.index).split('\n').length,
    }));
  const found: Violation[] = [];
  for (const { value, line } of places(LINK)) {
    const [file = ''] = value.split('#');
    if (/^[a-z]+:/.test(value) || file === '') continue;
    const target = posix.join(posix.dirname(path), file);
    if (!exists(target)) found.push({ path, line, sentence: `the link to ${value} leads nowhere` });
  }
  for (const { value, line } of places(QUOTED_PATH)) {
    if (!exists(value.replace(/:\d+$/, ''))) found.push({ path, line, sentence: `there is no ${value}` });
  }
  for (const { value, line } of places(SCRIPT)) {
    if (!scripts.has(value)) found.push({ path, line, sentence: `there is no npm run ${value}` });
  }
  return found;
}

function documentsIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return /^(?:node_modules|dist|\.git)$/.test(entry.name) ? [] : documentsIn(root, path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const documents = documentsIn(root, '');
  const violations = documents.flatMap((path) =>
    judgeDocument(
      path,
      readFileSync(join(root, path), 'utf8'),
      (target) => existsSync(join(root, target)),
      new Set(Object.keys(scripts)),
    ),
  );
  for (const { path, line, sentence } of violations) console.error(`${path}:${line}: ${sentence}`);
  console.log(`documents: ${documents.length} files, ${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

/**
 * Rules about one file's own text. Prevents what makes code untestable (a clock or a dice roll of its own), unsafe
 * (a regular expression that a request can make run for minutes) or unreadable (a file that has become a drawer).
 */
import { BOUNDARIES, CLOCK_FILES, LINES_MAX, LONGER_FILES, partOf, TEST_LINES_MAX } from './boundaries.ts';
import type { Violation } from './import-rules.ts';
import { hasNestedRepetition } from './regex-risk.ts';
import { is, type Token } from './source-tokens.ts';

const INJECT = 'time and chance are given to the code (ports/clock.ts, RandomSource), so that tests decide them';

/** What the tokens of a file under `src/` do that it must not. Tests may do anything. */
export function judgeSourceText(path: string, tokens: readonly Token[]): readonly Violation[] {
  if (!path.startsWith('src/') || /\.(?:test|bench)\.ts$/.test(path)) return [];
  const part = partOf(path);
  const found: Violation[] = [];
  tokens.forEach((token, index) => {
    const report = (sentence: string): number => found.push({ path, line: token.line, sentence });
    const clock = CLOCK_FILES.includes(path) ? null : clockUse(tokens, index);
    if (clock !== null) report(`${clock} is called: ${INJECT}`);
    const global = part !== null && BOUNDARIES[part].pure ? reachesOutside(tokens, index) : null;
    if (global !== null) report(`${part} may not use ${global}: it is pure, ${BOUNDARIES[part ?? 'token'].because}`);
    const regex = regexSource(tokens, index);
    if (regex !== null && hasNestedRepetition(regex)) {
      report(`/${regex}/ repeats a repetition: a short hostile text can make it run for minutes`);
    }
  });
  return found;
}

/** File names and lengths, for every code file of the repository. */
export function judgeFile(path: string, text: string): readonly Violation[] {
  const found: Violation[] = [];
  const name = path.slice(path.lastIndexOf('/') + 1);
  const lines = text.split('\n').length - 1;
  const most = path.endsWith('.test.ts') ? TEST_LINES_MAX : LINES_MAX;
  const reason = LONGER_FILES[path];
  const report = (sentence: string): number => found.push({ path, line: 1, sentence });
  if (path.startsWith('src/') && partOf(path) === null) {
    report('it belongs to no part of the house: name its folder in tools/boundaries.ts');
  }
  if (!/^[a-z0-9]+(?:[.-][a-z0-9]+)*$/.test(name)) report(`file names are kebab-case: ${name}`);
  const drawer = /(?:^|-)(utils?|helpers?|common|misc|manager)(?=[.-])/.exec(name)?.[1];
  if (drawer !== undefined) report(`a file named "${drawer}" is a drawer: name the concept it holds`);
  if (lines > most && reason === undefined) {
    report(`${lines} lines, and ${most} is the most: it holds more than one thing, or is a table and says so`);
  }
  if (lines <= most && reason !== undefined) {
    report(`it is named among the longer files of tools/boundaries.ts and has only ${lines} lines: remove the entry`);
  }
  if (/^src\/.+\/index\.ts$/.test(path) && !text.startsWith('/**')) {
    report('a folder introduces itself: begin with a comment that says what it owns and what it refuses');
  }
  return found;
}

function clockUse(tokens: readonly Token[], index: number): string | null {
  const [token, next, third, fourth] = tokens.slice(index, index + 4);
  if (is(tokens[index - 1], '.') && !is(tokens[index - 2], 'globalThis')) return null;
  const reads = (object: string, method: string): boolean => is(token, object) && is(next, '.') && is(third, method);
  if (reads('Date', 'now')) return 'Date.now()';
  if (reads('Math', 'random')) return 'Math.random()';
  if (reads('performance', 'now')) return 'performance.now()';
  if (reads('process', 'hrtime')) return 'process.hrtime()';
  if (is(token, 'Date') && is(next, '(') && !is(tokens[index - 1], 'new')) return 'Date()';
  const hasNoArguments = !is(third, '(') || is(fourth, ')');
  return is(token, 'new') && is(next, 'Date') && hasNoArguments ? 'new Date()' : null;
}

function reachesOutside(tokens: readonly Token[], index: number): string | null {
  if (is(tokens[index - 1], '.')) return null;
  for (const name of ['process', 'console']) {
    if (is(tokens[index], name) && is(tokens[index + 1], '.')) return name;
  }
  for (const name of ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']) {
    if (is(tokens[index], name) && is(tokens[index + 1], '(')) return name;
  }
  return null;
}

function regexSource(tokens: readonly Token[], index: number): string | null {
  const token = tokens[index];
  if (token?.kind === 'regex') return token.text.slice(1, token.text.lastIndexOf('/'));
  const isArgument = is(tokens[index - 1], '(') && is(tokens[index - 2], 'RegExp');
  return token?.kind === 'string' && isArgument ? token.text.replaceAll('\\\\', '\\') : null;
}

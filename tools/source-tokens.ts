/**
 * Splits TypeScript or JavaScript text into tokens, as far as the checks need it: comments are dropped, strings, templates
 * and regular expressions are one token each. Prevents checks that find a forbidden word in a comment or a text, or
 * miss an import because it is written over several lines. (TypeScript 7 offers no stable API for its syntax tree.)
 */

export type TokenKind = 'word' | 'string' | 'template' | 'regex' | 'mark';

export interface Token {
  readonly kind: TokenKind;
  /** Strings without their quotes, everything else as written. The code inside a template follows it as tokens. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface ImportedModule {
  readonly specifier: string;
  readonly line: number;
  /** `import type`, `export type … from` or a type position: nothing of it exists at run time. */
  readonly typesOnly: boolean;
  /** `new URL('./x', import.meta.url)`: a worker's code, or a file that is read. */
  readonly isUrl: boolean;
}

const SPACE = /\s+/y;
const WORD = /[\p{ID_Start}$_#@][\p{ID_Continue}$\u200c\u200d]*|\d[\w.]*/uy;
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y;
const STRING = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y;
const REGEX = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** After these a slash begins a regular expression and does not divide. */
const BEFORE_REGEX = new Set(
  'return typeof case in of delete void throw new do else instanceof yield await'.split(' '),
);

export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  /** For every open `${` of a template: how many braces are open inside it. */
  const templates: number[] = [];

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? null;
  };
  const advance = (length: number): void => {
    for (let i = at; i < at + length; i += 1) if (text.charCodeAt(i) === 10) line += 1;
    at += length;
  };
  const push = (kind: TokenKind, raw: string, value = raw): void => {
    tokens.push({ kind, text: value, line });
    advance(raw.length);
  };
  const pushTemplate = (): void => {
    let end = at + 1;
    while (end < text.length && text[end] !== '`' && !text.startsWith('${', end)) end += text[end] === '\\' ? 2 : 1;
    const opensCode = text.startsWith('${', end);
    push('template', text.slice(at, end + (opensCode ? 2 : 1)));
    if (opensCode) templates.push(0);
  };

  while (at < text.length) {
    const skipped = take(SPACE) ?? take(COMMENT);
    if (skipped !== null) {
      advance(skipped.length);
      continue;
    }
    const word = take(WORD);
    const string = word === null ? take(STRING) : null;
    const regex = word === null && string === null && regexMayStart(tokens.at(-1)) ? take(REGEX) : null;
    const character = text[at] ?? '';
    const depth = templates.at(-1);
    if (word !== null) push('word', word);
    else if (string !== null) push('string', string, string.slice(1, -1));
    else if (regex !== null) push('regex', regex);
    else if (character === '`') pushTemplate();
    else if (character === '}' && depth === 0) {
      templates.pop();
      pushTemplate();
    } else {
      if (depth !== undefined && character === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && character === '}') templates[templates.length - 1] = depth - 1;
      push('mark', character);
    }
  }
  return tokens;
}

/** Every module that the tokens import: static, dynamic, re-exported, and `new URL('./x.ts', import.meta.url)`. */
export function importedModules(tokens: readonly Token[]): readonly ImportedModule[] {
  const found: ImportedModule[] = [];
  let statementStart = 0;
  tokens.forEach((token, index) => {
    if (token.kind === 'word' && (token.text === 'import' || token.text === 'export')) statementStart = index;
    if (token.kind !== 'string') return;
    const before = tokens[index - 1];
    const beforeThat = tokens[index - 2];
    const isStatic = is(before, 'from') || is(before, 'import');
    const isDynamic = is(before, '(') && is(beforeThat, 'import');
    const isUrl =
      is(before, '(') && is(beforeThat, 'URL') && is(tokens[index + 1], ',') && is(tokens[index + 2], 'import');
    if (!isStatic && !isDynamic && !isUrl) return;
    const isTypePosition = isDynamic && (is(tokens[index - 3], 'typeof') || is(tokens[index - 3], ':'));
    const typesOnly = isTypePosition || (is(before, 'from') && is(tokens[statementStart + 1], 'type'));
    found.push({ specifier: token.text, line: token.line, typesOnly, isUrl });
  });
  return found;
}

/** Whether the token is this word or mark, and not a string that happens to read so. */
export function is(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.text === text && (token.kind === 'word' || token.kind === 'mark');
}

function regexMayStart(previous: Token | undefined): boolean {
  if (previous === undefined) return true;
  if (previous.kind === 'word') return BEFORE_REGEX.has(previous.text);
  return previous.kind === 'mark' && previous.text !== ')' && previous.text !== ']' && previous.text !== '}';
}

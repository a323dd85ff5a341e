import { readShape, type TokenFormat } from './format.ts';

/** Why the header lines cannot be taken as one credential; each means 400 `invalid_request`. */
export type CredentialProblem = 'duplicate' | 'empty' | 'syntax' | 'two_methods' | 'too_many';

/** What a request carries. `text` may still be anybody's: `readShape` tells. */
export type Credential =
  | { readonly found: 'none' }
  | { readonly found: 'in_url' }
  | { readonly found: 'malformed'; readonly problem: CredentialProblem }
  | { readonly found: 'text'; readonly text: string };

/** More field lines than this and the list may have been cut by the server that read it. */
export const FIELD_LINES_MAX = 100;

const NONE: Credential = Object.freeze({ found: 'none' });
const IN_URL: Credential = Object.freeze({ found: 'in_url' });
const DUPLICATE: Credential = malformed('duplicate');
const EMPTY: Credential = malformed('empty');
const SYNTAX: Credential = malformed('syntax');
const TWO_METHODS: Credential = malformed('two_methods');
const TOO_MANY: Credential = malformed('too_many');

const AUTHORIZATION = 'authorization';
const BEARER = 'bearer';
const QUERY_NAMES: ReadonlySet<string> = new Set(['access_token', 'token', 'api_key']);

const TAB = 0x09;
const SPACE = 0x20;
const COMMA = 0x2c;
const DELETE = 0x7f;
const NO_BREAK_SPACE = 0xa0;
const BYTE_ORDER_MARK = 0xfeff;

/**
 * Finds the one credential of a request, or says why there is none. `rawHeaders` is Node's flat `[name, value, …]` with
 * every line, `target` the request target or null, `headerNames` further accepted headers in lower case whose value is
 * the bare token. The body and cookies are never looked at. RFC 6750 §2 and §3.1, RFC 9110 §5.3 and §11.4.
 */
export function findCredential(
  rawHeaders: readonly string[],
  target: string | null,
  headerNames: readonly string[],
  format: TokenFormat,
): Credential {
  const inHeaders = findInHeaders(rawHeaders, headerNames, format);
  if (inHeaders.found === 'malformed' || target === null || !hasTokenInQuery(target, format)) return inHeaders;
  return inHeaders.found === 'none' ? IN_URL : TWO_METHODS;
}

function findInHeaders(rawHeaders: readonly string[], headerNames: readonly string[], format: TokenFormat): Credential {
  if (rawHeaders.length > FIELD_LINES_MAX * 2) return TOO_MANY;
  const authorization = fieldValue(rawHeaders, AUTHORIZATION);
  if (authorization === REPEATED) return DUPLICATE;
  let chosen = authorization === null ? NONE : readAuthorization(authorization);
  let chosenFromExtra = false;
  for (const name of headerNames) {
    const value = fieldValue(rawHeaders, name);
    if (value === null) continue;
    if (value === REPEATED) return DUPLICATE;
    const extra = readBareToken(value, 0);
    if (chosen.found === 'malformed' || extra.found !== 'text') return chosen.found === 'malformed' ? chosen : extra;
    if (chosen.found === 'text' && (chosenFromExtra || isOurs(chosen.text, format))) {
      if (chosenFromExtra || isOurs(extra.text, format)) return TWO_METHODS;
      continue;
    }
    chosen = extra;
    chosenFromExtra = true;
  }
  return chosen;
}

const REPEATED = Symbol('repeated');

/** The value of the only line with this lower-case name. */
function fieldValue(rawHeaders: readonly string[], name: string): string | null | typeof REPEATED {
  let value: string | null = null;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!isNamed(rawHeaders[at] as string, name)) continue;
    if (value !== null) return REPEATED;
    value = rawHeaders[at + 1] ?? '';
  }
  return value;
}

function isNamed(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && equalsFolded(name, 0, lowerCase);
}

/** Whether `text` has `lowerCase` at `from`, where A–Z in `text` count as a–z. */
function equalsFolded(text: string, from: number, lowerCase: string): boolean {
  for (let at = 0; at < lowerCase.length; at++) {
    const code = text.charCodeAt(from + at);
    const folded = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (folded !== lowerCase.charCodeAt(at)) return false;
  }
  return true;
}

/** `Bearer 1*SP token`; another scheme is nothing to us, and what has no scheme at all is malformed. */
function readAuthorization(value: string): Credential {
  const from = skipWhiteSpace(value);
  const end = schemeEnd(value, from);
  if (from === value.length) return EMPTY;
  if (end === from) return SYNTAX;
  const next = value.charCodeAt(end);
  const ends = end === value.length || next === SPACE || next === TAB;
  if (end - from !== BEARER.length || !equalsFolded(value, from, BEARER)) return ends ? NONE : SYNTAX;
  if (end === value.length) return EMPTY;
  if (next !== SPACE) return SYNTAX;
  let start = end;
  while (value.charCodeAt(start) === SPACE) start++;
  return readBareToken(value, start);
}

/** The rest of a field value as one word. White space around a value is not part of it (RFC 9110 §5.5). */
function readBareToken(value: string, from: number): Credential {
  const start = from === 0 ? skipWhiteSpace(value) : from;
  let end = value.length;
  while (end > start && isFieldWhiteSpace(value.charCodeAt(end - 1))) end--;
  if (start === end) return EMPTY;
  for (let at = start; at < end; at++) {
    const code = value.charCodeAt(at);
    if (code <= SPACE || code === COMMA || code === DELETE) return SYNTAX;
    if (code === NO_BREAK_SPACE || code === BYTE_ORDER_MARK) return SYNTAX;
  }
  return { found: 'text', text: value.slice(start, end) };
}

function skipWhiteSpace(value: string): number {
  let at = 0;
  while (at < value.length && isFieldWhiteSpace(value.charCodeAt(at))) at++;
  return at;
}

function isFieldWhiteSpace(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Where the run of RFC 9110 §5.6.2 token characters from `from` ends. */
function schemeEnd(value: string, from: number): number {
  let at = from;
  while (at < value.length && IS_TOKEN_CHARACTER[value.charCodeAt(at)] === 1) at++;
  return at;
}

const IS_TOKEN_CHARACTER = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  if (/[0-9A-Za-z!#$%&'*+.^_`|~-]/.test(String.fromCharCode(code))) IS_TOKEN_CHARACTER[code] = 1;
}

function isOurs(text: string, format: TokenFormat): boolean {
  return readShape(text, format).is !== 'foreign';
}

/** Only a value with our shape and checksum counts: other systems have query parameters of these names too. */
function hasTokenInQuery(target: string, format: TokenFormat): boolean {
  const query = target.indexOf('?');
  if (query < 0) return false;
  if (!target.includes('token=', query) && !target.includes('api_key=', query)) return false;
  for (const [name, value] of new URLSearchParams(target.slice(query + 1))) {
    if (QUERY_NAMES.has(name) && readShape(value, format).is === 'ours') return true;
  }
  return false;
}

function malformed(problem: CredentialProblem): Credential {
  return Object.freeze({ found: 'malformed', problem });
}

import { BASE62_ALPHABET } from './base62.ts';
import { trimFieldValue } from './field-value.ts';
import { readShape, type TokenFormat } from './format.ts';
import { isImported } from './imported.ts';

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

/** White space, controls, no-break space, byte order mark; and the comma with which intermediaries join two lines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const WORD_BREAK = /[\x00-\x20,\x7f\xa0\ufeff]|\xef\xbb\xbf/;

/** What nearly every client sends. The rules for the rest say the same of it, in three times the time. */
const ORDINARY = /^[Bb]earer [!-+\--~]+$/;

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
  let found = readLine(rawHeaders, AUTHORIZATION, format);
  for (const name of headerNames) found = choose(found, readLine(rawHeaders, name, format), format);
  return found;
}

/** Of a refusal and anything, the refusal; of two texts the one that is ours, or else the further header's. */
function choose(first: Credential, further: Credential, format: TokenFormat): Credential {
  if (first.found === 'malformed' || further.found === 'none') return first;
  if (first.found !== 'text' || further.found !== 'text') return further;
  if (isForeign(first.text, format)) return further;
  return isForeign(further.text, format) ? first : TWO_METHODS;
}

function isForeign(text: string, format: TokenFormat): boolean {
  return readShape(text, format).is === 'foreign' && !isImported(text, format);
}

/** The credential on the only line with this lower-case name. */
function readLine(rawHeaders: readonly string[], name: string, format: TokenFormat): Credential {
  let value: string | null = null;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!isNamed(rawHeaders[at] as string, name)) continue;
    if (value !== null) return DUPLICATE;
    value = rawHeaders[at + 1] ?? '';
  }
  if (value === null) return NONE;
  const trimmed = trimFieldValue(value);
  return name === AUTHORIZATION ? readAuthorization(trimmed, format) : readWord(trimmed, 0);
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

/**
 * `Bearer 1*SP token`, or a scheme that came with an import; another is nothing to us, and what has no scheme at all is
 * malformed.
 */
function readAuthorization(value: string, { imports }: TokenFormat): Credential {
  if (ORDINARY.test(value)) return { found: 'text', text: value.slice(BEARER.length + 1) };
  if (value === '') return EMPTY;
  const end = schemeEnd(value);
  if (end === 0) return SYNTAX;
  const isTaken =
    (end === BEARER.length && equalsFolded(value, 0, BEARER)) ||
    imports?.some(({ scheme }) => scheme?.length === end && equalsFolded(value, 0, scheme)) === true;
  if (end === value.length) return isTaken ? EMPTY : NONE;
  const next = value.charCodeAt(end);
  if (!isTaken) return next === SPACE || next === TAB ? NONE : SYNTAX;
  if (next !== SPACE) return SYNTAX;
  let start = end;
  while (value.charCodeAt(start) === SPACE) start++;
  return readWord(value, start);
}

/** The rest of a field value from `start`, which must be one word. */
function readWord(value: string, start: number): Credential {
  if (start === value.length) return EMPTY;
  const text = value.slice(start);
  return WORD_BREAK.test(text) ? SYNTAX : { found: 'text', text };
}

/** How many characters of a scheme the value begins with (a token of RFC 9110 §5.6.2). */
function schemeEnd(value: string): number {
  let end = 0;
  while (SCHEME_CHARACTERS[value.charCodeAt(end)] === 1) end++;
  return end;
}

const SCHEME_CHARACTERS = new Uint8Array(128);
for (const character of `!#$%&'*+-.^_\`|~${BASE62_ALPHABET}`) SCHEME_CHARACTERS[character.charCodeAt(0)] = 1;

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

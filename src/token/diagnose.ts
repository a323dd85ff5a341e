import { diagnoseText, type SentText } from './diagnose-text.ts';
import { trimFieldValue } from './field-value.ts';
import { type Environment, readShape, TOKEN_TEXT_MAX, type TokenFormat } from './format.ts';

/** What the caller knows that the header lines do not say. */
export interface DiagnoseHints {
  /** The documentation's sample tokens. */
  readonly sampleTokens?: readonly string[];
  /** What this company calls a token inside a sentence: `API key`. */
  readonly tokenWord?: string;
  /** The environment of the door that refused. */
  readonly environment?: Environment;
  /** Further headers the door accepts, in lower case, as `findCredential` takes them. */
  readonly headerNames?: readonly string[];
}

/** No accident needs more than this to be recognised, and no pattern ever runs over more. */
const LOOKED_AT_MAX = 2 * TOKEN_TEXT_MAX;

/**
 * One helpful sentence about the credential that these header lines carry, or null when no usual accident is recognised.
 * It never holds any part of the value, and with a plain `tokenWord` it is printable ASCII without `"` and `\`, fit for
 * an `error_description` (RFC 6750 §3). Not for the hot path.
 */
export function diagnose(rawHeaders: readonly string[], format: TokenFormat, hints: DiagnoseHints = {}): string | null {
  const word = hints.tokenWord ?? 'token';
  const lines = valuesOf(rawHeaders, (name) => name === 'authorization');
  if (lines.length > 1) return 'The request has more than one Authorization header; send exactly one.';
  const further = valuesOf(rawHeaders, (name) => hints.headerNames?.includes(name) === true);
  for (const value of further) {
    const sentence = diagnoseFurtherHeader(value, word, format, hints);
    if (sentence !== null) return sentence;
  }
  if (lines[0] !== undefined) return diagnoseAuthorization(lines[0], word, format, hints);
  if (further.length > 0) return null;
  const elsewhere = valuesOf(rawHeaders, (name) => name !== 'cookie');
  return elsewhere.some((value) => isOurs(afterBearer(value), format))
    ? `The ${word} arrived in another header; ${correctForm(word)}`
    : null;
}

function diagnoseAuthorization(value: string, word: string, format: TokenFormat, hints: DiagnoseHints): string | null {
  if (/^(?:bearer)?$/i.test(value)) {
    return `Nothing stands after Bearer; the variable that should hold the ${word} is probably empty.`;
  }
  if (/^["'`]?authorization\s*[:=]/i.test(value)) {
    return `The name of the header is repeated inside its value; ${correctForm(word)}`;
  }
  if (/^bearer[\s:=]*bearer\b/i.test(value)) return `The word Bearer appears twice; ${correctForm(word)}`;
  if (/,\s*bearer\b/i.test(value)) return 'Two credentials arrived in one Authorization header; send exactly one.';
  if (/^[^a-z]+bearer\b/i.test(value)) {
    return `A quotation mark or another character stands before Bearer; ${correctForm(word)}`;
  }
  if (/^bearer(?! )/i.test(value) && (!/^bearer[\w.-]/i.test(value) || isOurs(value.slice(6), format))) {
    return `Put one space and nothing else between Bearer and the ${word}.`;
  }
  if (/^bearer /i.test(value)) return diagnoseText(sent(afterBearer(value), word, format, hints));
  if (isOurs(value, format)) return `The word Bearer is missing; ${correctForm(word)}`;
  return isOursInOtherScheme(value, format) ? `The scheme is not Bearer; ${correctForm(word)}` : null;
}

/** A header that takes the bare token, such as `X-API-Key`. */
function diagnoseFurtherHeader(value: string, word: string, format: TokenFormat, hints: DiagnoseHints): string | null {
  if (value === '') return `The header is empty; the variable that should hold the ${word} is probably empty.`;
  if (/^bearer\b/i.test(value)) return `This header takes the ${word} alone, without the word Bearer.`;
  return diagnoseText(sent(value, word, format, hints));
}

function sent(text: string, word: string, format: TokenFormat, hints: DiagnoseHints): SentText {
  return {
    text,
    word,
    format,
    shape: readShape(text, format),
    sampleTokens: hints.sampleTokens ?? [],
    environment: hints.environment ?? null,
  };
}

function correctForm(word: string): string {
  return `send Authorization: Bearer, one space, then the ${word}.`;
}

function isOurs(text: string, format: TokenFormat): boolean {
  return readShape(text, format).is !== 'foreign';
}

function afterBearer(value: string): string {
  return value.replace(/^bearer +/i, '');
}

/** Whether a token follows another scheme, or is the user name or password of Basic. */
function isOursInOtherScheme(value: string, format: TokenFormat): boolean {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)$/.exec(value) ?? [];
  if (scheme.toLowerCase() !== 'basic') return isOurs(credentials, format);
  return Buffer.from(credentials, 'base64')
    .toString('latin1')
    .split(':')
    .some((part) => isOurs(part, format));
}

/** The values on lines so named, readable: without white space around them, UTF-8 where the bytes are UTF-8. */
function valuesOf(rawHeaders: readonly string[], isWanted: (lowerCaseName: string) => boolean): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (isWanted((rawHeaders[at] as string).toLowerCase())) values.push(readable(rawHeaders[at + 1] ?? ''));
  }
  return values;
}

/** Servers hand header bytes over as Latin-1, so a curly quotation mark arrives as three characters. */
function readable(value: string): string {
  const start = trimFieldValue(value.slice(0, LOOKED_AT_MAX));
  if (!/[\x80-\xff]/.test(start) || /[\u0100-\uffff]/.test(start)) return start;
  const decoded = Buffer.from(start, 'latin1').toString('utf8');
  return decoded.includes('\ufffd') ? start : decoded;
}

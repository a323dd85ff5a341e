import { headerValues } from '../door.ts';

/** Where a request's body ends. */
export type Framing = { readonly kind: 'none' | 'chunked' } | { readonly kind: 'length'; readonly length: string };

const NONE: Framing = { kind: 'none' };
const CHUNKED: Framing = { kind: 'chunked' };

/**
 * How the body of a request is framed (RFC 9112 section 6). Stricter than the parser that has read it: codings other than
 * `chunked` would have to be undone, and chunks of HTTP/1.0 or beside a length are what hidden requests are made of.
 * @returns null for a framing that somebody might read differently; nothing of such a request is sent on.
 */
export function framingOf(rawHeaders: readonly string[], httpVersion: string): Framing | null {
  const codings = headerValues(rawHeaders, 'transfer-encoding');
  const lengths = headerValues(rawHeaders, 'content-length');
  if (codings.length > 0) {
    const isPlain = codings.length === 1 && codings[0]?.toLowerCase() === 'chunked';
    return isPlain && lengths.length === 0 && httpVersion === '1.1' ? CHUNKED : null;
  }
  const [length, second] = lengths;
  if (length === undefined) return NONE;
  return second === undefined && /^\d{1,15}$/.test(length) ? { kind: 'length', length } : null;
}

import { invalidInput, Rejection } from '../manage/index.ts';

const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** Every other byte is percent-encoded by who writes a form. */
const BODY = /^[!-~]*$/;

/**
 * The parameters of an `application/x-www-form-urlencoded` body. One sent without a value counts as left out, and none may
 * come twice, also not under another spelling of its name (RFC 6749 §3.2).
 * @throws {Rejection} `invalid_input`; what was sent is not repeated.
 */
export function parseForm(bytes: Uint8Array): Record<string, string> {
  const text = Buffer.from(bytes).toString('latin1');
  if (!BODY.test(text)) throw unreadable('The body holds a character that a form would have percent-encoded.');
  const sent = new Map<string, string>();
  for (const piece of text.split('&')) {
    if (piece === '') continue;
    const at = piece.indexOf('=');
    const name = decode(at < 0 ? piece : piece.slice(0, at));
    if (!NAME.test(name)) throw unreadable('The body holds a parameter with a name that none has.');
    if (sent.has(name)) throw invalidInput(name, 'This stands in the body twice.');
    sent.set(name, at < 0 ? '' : decode(piece.slice(at + 1)));
  }
  return Object.fromEntries([...sent].filter(([, value]) => value !== ''));
}

/**
 * One name or value of a form as it was before it was encoded.
 * @throws {Rejection} `invalid_input` for escapes that are none, or that are not UTF-8.
 */
function decode(text: string): string {
  try {
    return decodeFormPart(text);
  } catch {
    throw unreadable('The body holds a percent escape that is not valid UTF-8.');
  }
}

/** @throws {URIError} escapes that are none, or that are not UTF-8. */
export function decodeFormPart(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function unreadable(message: string): Rejection {
  return new Rejection('invalid_input', message);
}

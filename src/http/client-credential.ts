import { trimFieldValue } from '../token/index.ts';
import { type DoorRequest, headerValues } from './door.ts';
import { decodeFormPart } from './form-body.ts';

/** How a client of an OAuth endpoint shows who it is. `broken`: with HTTP Basic that cannot be read. */
export type ClientCredential =
  | { readonly scheme: 'bearer'; readonly request: DoorRequest }
  | { readonly scheme: 'basic'; readonly clientId: string; readonly request: DoorRequest }
  | { readonly scheme: 'broken' };

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2})$/i;
const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** What fits on a Bearer line as one word. */
const VALUE = /^[!-+\--~]+$/;

/**
 * Reads HTTP Basic as RFC 6749 §2.3.1 has it, both parts form-encoded, and turns the secret into the Bearer line that every
 * door judges by. Anything else, several lines among it, is left for the door to judge as it stands.
 */
export function readClientCredential(request: DoorRequest): ClientCredential {
  const [line, second] = headerValues(request.rawHeaders, 'authorization');
  if (line === undefined || second !== undefined) return { scheme: 'bearer', request };
  const value = trimFieldValue(line);
  if (!/^basic(?:[ \t]|$)/i.test(value)) return { scheme: 'bearer', request };
  const pair = pairIn(BASIC.exec(value)?.[1]);
  if (pair === null) return { scheme: 'broken' };
  const [clientId, secret] = pair;
  return { scheme: 'basic', clientId, request: { ...request, rawHeaders: withBearer(request.rawHeaders, secret) } };
}

function pairIn(encoded: string | undefined): [clientId: string, secret: string] | null {
  if (encoded === undefined) return null;
  const bytes = Buffer.from(encoded, 'base64');
  // Two spellings of one credential are one too many.
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, '')) return null;
  try {
    const text = UTF8.decode(bytes);
    const colon = text.indexOf(':');
    if (colon < 1) return null;
    const secret = decodeFormPart(text.slice(colon + 1));
    return VALUE.test(secret) ? [decodeFormPart(text.slice(0, colon)), secret] : null;
  } catch {
    return null;
  }
}

function withBearer(rawHeaders: readonly string[], secret: string): string[] {
  return rawHeaders.map((text, at) =>
    at % 2 === 1 && (rawHeaders[at - 1] as string).toLowerCase() === 'authorization' ? `Bearer ${secret}` : text,
  );
}

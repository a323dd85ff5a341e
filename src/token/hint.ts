/** Prefix, kind marker and environment: the part of a token that is no secret. */
const PUBLIC_PART = /^[a-z][a-z0-9]{1,13}_(?:(?:live|test)_)?/;

/** Characters that credentials are made of; a text with any other is not shown at all, so a hint is safe to print. */
const PRINTABLE = /^[0-9A-Za-z._~+/=|-]+$/;

const SHOWN_AT_EACH_END = 4;

/** Below this, eight shown characters would be too much of the secret. */
const SECRET_LENGTH_MIN = 24;

/**
 * The masked form by which people recognise a token, `kh_live_4n2a…Zq8C`: never more than the public part and four
 * characters at each end, and less of a short text. Works for imported texts of any shape.
 */
export function maskToken(text: string): string {
  if (!PRINTABLE.test(text)) return '…';
  const publicPart = PUBLIC_PART.exec(text)?.[0] ?? '';
  const secret = text.slice(publicPart.length);
  if (secret.length < SECRET_LENGTH_MIN) return '…';
  return `${publicPart}${secret.slice(0, SHOWN_AT_EACH_END)}…${secret.slice(-SHOWN_AT_EACH_END)}`;
}

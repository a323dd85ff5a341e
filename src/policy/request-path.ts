/** Longest target that is read, in characters: what a listener takes in its first line is shorter. */
const TARGET_MAX = 16_384;

/** Everything a path may hold as it is (RFC 3986 section 3.3), without `;` and without what no URI holds unescaped. */
const PLAIN = /^[A-Za-z0-9\-._~!$&'()*+,=:@/%]*$/;

/** Escapes that a second reader might take for a separator, an escape of its own, a parameter or an end: `/ \ % ; NUL`. */
const DANGEROUS_ESCAPE = /%(?:2f|5c|25|3b|00)/i;

/**
 * The segments of a request target's path, so that whoever stands behind reads the same ones (threats row 39). Refuses
 * what can be read in more than one way, and repairs nothing: empty and dot segments, escaped or not; escaped separators;
 * `;`, `\`, control and non-ASCII characters; escapes that are none. Escapes of unreserved characters are undone once,
 * others are kept in upper case. Upper and lower case differ; one slash at the end says nothing.
 * @returns null for a path that is refused.
 */
export function readPath(target: string): readonly string[] | null {
  if (target.length > TARGET_MAX) return null;
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  if (!path.startsWith('/') || !PLAIN.test(path) || DANGEROUS_ESCAPE.test(path)) return null;
  if (path === '/') return [];
  const parts = path.slice(1).split('/');
  if (parts.at(-1) === '') parts.pop();
  const segments: string[] = [];
  for (const part of parts) {
    const segment = readSegment(part);
    if (segment === null) return null;
    segments.push(segment);
  }
  return segments;
}

/**
 * The segments of a path that `readPath` takes, with every escape left as it is: what those see who compare a path before
 * they decode it, such as Express.
 */
export function spelledSegments(target: string): readonly string[] {
  const [path = ''] = target.split('?', 1);
  const inner = path.replace(/^\//, '').replace(/\/$/, '');
  return inner === '' ? [] : inner.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => escaped.toUpperCase()).split('/');
}

function readSegment(part: string): string | null {
  if (part.includes('%') && !isWellEscaped(part)) return null;
  const segment = part.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped.toUpperCase();
  });
  return segment === '' || segment === '.' || segment === '..' ? null : segment;
}

/** Every `%` begins an escape, the bytes are UTF-8 (overlong forms are not), and none of them is a control character. */
function isWellEscaped(part: string): boolean {
  if (/%(?![0-9A-Fa-f]{2})/.test(part) || /%(?:[01][0-9A-Fa-f]|7f)/i.test(part)) return false;
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

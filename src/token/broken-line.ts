/** An `Authorization` line up to CR LF, with whatever other line break stands in it, and whether the next one continues it. */
const AUTHORIZATION_LINE = /\r\nauthorization[ \t]*:((?:[^\r]|\r(?!\n))*)(?:\r\n([ \t])?)?/i;

/** No header lines are longer where requests are read. */
const LOOKED_AT_MAX = 16 * 1024;

/**
 * Whether bytes that are no well-formed request have a line break inside their `Authorization` line: what becomes of a
 * token that was read from a file, its last line break included, in clients that send it as it is (RFC 9112 §5.2). Lines
 * must end in CR LF, or nobody could tell.
 */
export function hasBrokenAuthorization(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, LOOKED_AT_MAX)).toString('latin1');
  const [head = ''] = text.split('\r\n\r\n', 1);
  const [, value = '', goesOn] = AUTHORIZATION_LINE.exec(`${head}\r\n`) ?? [];
  return goesOn !== undefined || /[\r\n]/.test(value);
}

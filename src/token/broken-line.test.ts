import { describe, expect, it } from 'vitest';
import { hasBrokenAuthorization } from './broken-line.ts';

const request = (...lines: readonly string[]) =>
  Buffer.from(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'), 'latin1');

describe('a line break inside the Authorization line', () => {
  it.each([
    [['Authorization: Bearer abc\n']],
    [['Authorization: Bearer abc\n', 'Host: x']],
    [['Host: x', 'authorization:Bearer \nabc', 'Accept: */*']],
    [['Host: x', 'Authorization: Bearer\nabc']],
    [['Authorization: Bearer a\rbc']],
    [['Authorization: Bearer abc\r']],
    [['Authorization: Bearer', ' abc', 'Host: x']],
    [['Authorization: Bearer abc', '\tdef']],
  ])('is found in %j', (lines) => {
    expect(hasBrokenAuthorization(request(...lines))).toBe(true);
  });

  it.each([
    [['Authorization: Bearer abc']],
    [['Host: x', 'Authorization: Bearer abc', 'Host: y']],
    [['X: a\nb', 'Authorization: Bearer abc']],
    [['X: a\rb', 'Authorization: Bearer abc']],
    [['X-Authorization: Bearer abc\n']],
    [['Host: x', '', 'Authorization: Bearer abc\n']],
    [[]],
  ])('is not found in %j', (lines) => {
    expect(hasBrokenAuthorization(request(...lines))).toBe(false);
  });

  it('is not looked for where lines end in LF alone, nor beyond what a request may be long', () => {
    expect(hasBrokenAuthorization(Buffer.from('GET / HTTP/1.1\nAuthorization: Bearer abc\n\n'))).toBe(false);
    expect(hasBrokenAuthorization(request(`X: ${'a'.repeat(16_384)}`, 'Authorization: Bearer abc\n'))).toBe(false);
  });
});

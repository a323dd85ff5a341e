import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath, spelledSegments } from './request-path.ts';

describe('reading a path', () => {
  it.each([
    ['/', []],
    ['/v1', ['v1']],
    ['/v1/', ['v1']],
    ['/v1/servers?x=/../y&token=;', ['v1', 'servers']],
    ['/V1/Servers', ['V1', 'Servers']],
    ['/%76%31/%7Euser', ['v1', '~user']],
    ['/caf%c3%a9', ['caf%C3%A9']],
    ["/a-b_c.d~e!$&'()*+,=:@", ["a-b_c.d~e!$&'()*+,=:@"]],
    ['/a%20b', ['a%20b']],
    ['/...', ['...']],
    ['/.hidden', ['.hidden']],
  ])('takes %j', (target, segments) => {
    expect(readPath(target)).toEqual(segments);
  });

  it.each([
    ['nothing', ''],
    ['no slash at the start', 'v1/servers'],
    ['a whole URL', 'http://example.com/v1'],
    ['the asterisk of OPTIONS', '*'],
    ['an empty segment', '/v1//servers'],
    ['two slashes at the start', '//v1'],
    ['two slashes at the end', '/v1//'],
    ['a dot segment', '/v1/./servers'],
    ['two dots', '/v1/../admin'],
    ['two dots at the end', '/v1/..'],
    ['escaped dots', '/v1/%2e%2E/admin'],
    ['half escaped dots', '/v1/.%2e/admin'],
    ['an escaped slash', '/v1%2fadmin'],
    ['an escaped backslash', '/v1/%5Cadmin'],
    ['a backslash', '/v1\\admin'],
    ['an escaped escape', '/v1/%252e%252e/admin'],
    ['a path parameter', '/v1/servers;p=1'],
    ['an escaped semicolon', '/v1/servers%3Bp=1'],
    ['NUL', '/v1/a%00b'],
    ['an escaped line break', '/v1/a%0d%0ab'],
    ['an escaped DEL', '/v1/a%7f'],
    ['an escape that is none', '/v1/%zz'],
    ['an escape that ends early', '/v1/%4'],
    ['a percent sign alone', '/v1/100%'],
    ['the escapes of another age', '/v1/%u002f'],
    ['an overlong slash', '/v1/%c0%afadmin'],
    ['bytes that are not UTF-8', '/v1/%ff'],
    ['half a surrogate pair', '/v1/%ed%a0%80'],
    ['a fragment', '/v1/servers#x'],
    ['raw UTF-8', '/v1/café'],
    ['a full-width slash', '/v1／admin'],
    ['a space', '/v1/a b'],
    ['a tab', '/v1/a\tb'],
    ['brackets', '/v1/[x]'],
    ['more than any listener takes', `/${'a'.repeat(20_000)}`],
  ])('row 39: refuses %s', (_what, target) => {
    expect(readPath(target)).toBe(null);
  });

  it('row 39: keeps what was written beside it', () => {
    expect(spelledSegments('/%76%31/caf%c3%a9/?a=/b')).toEqual(['%76%31', 'caf%C3%A9']);
    expect(spelledSegments('/')).toEqual([]);
  });

  it('row 39: whatever it takes, another reader that decodes once, or not at all, finds the same segments', () => {
    const nasty = fc.constantFrom(
      '/',
      '.',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ';',
      '%',
      '%25',
      '%00',
      'a',
      'B',
      '%41',
      '?',
      '%c3%a9',
    );
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 12 }), (parts) => {
        const target = `/${parts.join('')}`;
        const segments = readPath(target);
        if (segments === null) return;
        const path = target.split('?')[0] as string;
        const trimmed = path.replace(/\/$/, '');
        const decoded = trimmed.split('/').slice(1).map(decodeURIComponent);
        expect(segments.map(decodeURIComponent)).toEqual(decoded);
        expect(new URL(path, 'http://example.com').pathname.split('/').length).toBe(path.split('/').length);
      }),
      { numRuns: 5_000 },
    );
  });
});

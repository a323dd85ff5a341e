import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPermission, isReserved } from '../../policy/index.ts';
import { NameBook, nameFrom } from './name-book.ts';

describe('a name made of a text', () => {
  it.each([
    ['Servers', 'servers'],
    ['Server Groups', 'server-groups'],
    ['serverGroups', 'server-groups'],
    ['HTTPRoutes', 'http-routes'],
    ['Sérver / Größe', 'server-grosse'],
    ['orders_v2', 'orders_v2'],
    ['2FA', 'n2-fa'],
    ['  --x--  ', 'x'],
    ['ｆｕｌｌ', 'full'],
    ['Сервери', ''],
    ['🚀', ''],
    ['', ''],
    ['a'.repeat(500), 'a'.repeat(32)],
    [`${'a'.repeat(31)}-bc`, 'a'.repeat(31)],
  ])('%j is %j', (text, name) => {
    expect(nameFrom(text)).toBe(name);
  });
});

describe('a book of names', () => {
  it('gives one name to what says the same, and two to what merely comes out the same', () => {
    const book = new NameBook();
    expect(
      ['Server Groups', 'server-groups', 'serverGroups', 'SERVER_GROUPS'].map((text) => book.nameOf(text)),
    ).toEqual(Array(4).fill('server-groups'));
    expect(['Gr中e', 'gr国e', 'GR中E'].map((text) => book.nameOf(text))).toEqual(['gr-e', 'gr-e-2', 'gr-e']);
    expect(['x'.repeat(40), 'x'.repeat(41)].map((text) => book.nameOf(text))).toEqual([
      'x'.repeat(32),
      `${'x'.repeat(30)}-2`,
    ]);
  });

  it('names what has no Latin letter after its path, or after nothing', () => {
    const book = new NameBook();
    expect(book.nameOf('Отчёты', ['reports'])).toBe('reports');
    expect(book.nameOf('服务器', ['Сервери'])).toBe('resource');
    expect(book.nameOf('数据库')).toBe('resource-2');
    expect(book.nameOf('Отчёты', ['something-else'])).toBe('reports');
    expect(['🚀', '🪐', '🚀'].map((text) => book.nameOf(text))).toEqual(['resource-3', 'resource-4', 'resource-3']);
  });

  it('leaves out what makes a name one of Keyhouse itself', () => {
    const book = new NameBook();
    expect(book.nameOf('keyhouse-tokens')).toBe('tokens');
    expect(book.nameOf('Keyhouse Keyhouse Owners')).toBe('owners');
    expect(book.nameOf('keyhouse-')).toBe('keyhouse');
    expect(book.nameOf('tokens')).toBe('tokens-2');
  });

  it('never gives a name that is no resource, or one name to two of different letters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 30 }), (texts) => {
        const book = new NameBook();
        for (const text of texts) {
          const permission = `${book.nameOf(text)}:read`;
          expect(isPermission(permission) && !isReserved(permission)).toBe(true);
          expect(`${book.nameOf(text)}:read`).toBe(permission);
        }
      }),
      { numRuns: 500 },
    );
  });
});

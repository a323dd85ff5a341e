import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvLine, readCsv } from './csv.ts';

describe('a record of CSV', () => {
  it('row 21b: comes back as it was, whatever is in it, and holds no cell that is a formula', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('=1', "'=1", "''+1", '-', '@', '\t', '\r\n', '"', ''),
    );
    const record = fc.array(cell, { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        const text = records.map(csvLine).join('');
        expect(readCsv(text)).toEqual(records);
        expect(text).not.toMatch(/(?:^|,|\r\n)"[=+@-]/);
      }),
      { numRuns: 50 },
    );
  });

  it('is read as spreadsheets write it: with a mark, without quotes, with line feeds alone', () => {
    expect(readCsv('\ufeffa,b\n1,"two, ""2"""\n\n3,\n')).toEqual([
      ['a', 'b'],
      ['1', 'two, "2"'],
      ['3', ''],
    ]);
    expect(readCsv('a,b')).toEqual([['a', 'b']]);
    expect(readCsv('a,"b')).toBeNull();
    expect(readCsv('a,"b"c')).toBeNull();
    expect(readCsv('')).toEqual([]);
  });
});

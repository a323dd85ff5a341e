import { describe, expect, it } from 'vitest';
import { facts, paintOf, table } from './table.ts';
import { printable } from './terminal.ts';

const plain = paintOf(false);
const columns = [
  { title: 'ID', of: (row: readonly [string, string | null]) => row[0] },
  { title: 'NAME', of: (row: readonly [string, string | null]) => row[1] },
];

describe('table', () => {
  it('aligns what people see, and ends no line with spaces', () => {
    const text = table(
      [
        ['a', 'Ada'],
        ['long', null],
        ['é', 'x'],
      ],
      columns,
      plain,
    );
    expect(text).toBe('ID    NAME\na     Ada\nlong  –\né     x\n');
  });

  it('shows what a hostile name would do to a terminal', () => {
    expect(table([['a', 'x\u001b[2Jy\nz']], columns, plain)).toBe('ID  NAME\na   x\ufffd[2Jy z\n');
    expect(printable('safe\u202eevil\u0007')).toBe('safe\ufffdevil\ufffd');
  });

  it('colours its titles on request alone', () => {
    expect(table([['a', 'b']], columns, paintOf(true))).toContain('\u001b[2m');
    expect(table([['a', 'b']], columns, plain)).not.toContain('\u001b');
  });
});

describe('facts', () => {
  it('leaves out what is missing and keeps further lines under the first', () => {
    const text = facts(
      [
        ['id', 'x'],
        ['description', 'one\ntwo'],
        ['owner', null],
        ['empty', ''],
      ],
      plain,
    );
    expect(text).toBe('id           x\ndescription  one\n             two\n');
  });
});

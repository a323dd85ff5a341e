import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compilePermissions,
  covers,
  entriesNotCovered,
  isGrantEntry,
  isPermission,
  isReserved,
  listEffective,
  unionPermissions,
} from './permission.ts';

/** The rule spelled out character by character, without a regular expression or a set. */
function oracleParts(text: string): { resource: string; action: string } | null {
  const segments = text.split(':');
  const [resource, action] = segments;
  if (segments.length !== 2 || resource === undefined || action === undefined) return null;
  const isWord = (word: string): boolean =>
    word.length >= 1 &&
    word.length <= 32 &&
    'abcdefghijklmnopqrstuvwxyz'.includes(word.charAt(0)) &&
    [...word].every((letter) => 'abcdefghijklmnopqrstuvwxyz0123456789_-'.includes(letter));
  return isWord(resource) && (action === '*' || isWord(action)) ? { resource, action } : null;
}

function oracleAllows(entry: string, need: string): boolean {
  const held = oracleParts(entry);
  const wanted = oracleParts(need);
  if (held === null || wanted === null || wanted.action === '*') return false;
  return held.resource === wanted.resource && (held.action === '*' || held.action === wanted.action);
}

const resource = fc.constantFrom(
  'servers',
  'servers2',
  'server',
  'a',
  'keyhouse-tokens',
  'keyhouse-',
  'keyhouse',
  's-_9',
);
const action = fc.constantFrom('read', 'write', 'rea', 'readx', '*', '', 'READ', '*x', 'r');
const oddEntry = fc.oneof(
  fc.tuple(resource, action).map((parts) => parts.join(':')),
  fc.constantFrom(
    '*',
    '*:read',
    '*:*',
    'servers',
    'servers:*:x',
    ':read',
    'servers: read',
    'servers:read ',
    '',
    ':',
    '::',
  ),
  fc.constantFrom('Servers:read', 'ſervers:read', 'servers:read', 'ｓervers:read', 'servers：read', 'servers:read\n'),
  fc.constantFrom(`${'a'.repeat(32)}:read`, `${'a'.repeat(33)}:read`, `a:${'b'.repeat(32)}`, `a:${'b'.repeat(33)}`),
  fc.string({ maxLength: 12 }),
);

describe('the grammar of permissions', () => {
  it('row 23: accepts exactly what the rule spelled out letter by letter accepts', () => {
    fc.assert(
      fc.property(oddEntry, (text) => {
        expect(isGrantEntry(text)).toBe(oracleParts(text) !== null);
        expect(isPermission(text)).toBe(oracleParts(text) !== null && !text.endsWith('*'));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(['Servers:READ', 'ſervers:read', 'servers：read', 'servers:read ', 'servers:', 'servers:*:x', '*:read', '*'])(
    'rows 22 and 23: refuses %j',
    (text) => expect(isGrantEntry(text)).toBe(false),
  );
});

describe('what a set of permissions covers', () => {
  it('row 22: every pair of grant and need agrees with a segment-wise comparison', () => {
    fc.assert(
      fc.property(fc.array(oddEntry, { maxLength: 6 }), fc.array(oddEntry, { maxLength: 28 }), (grant, needs) => {
        const set = compilePermissions(grant);
        for (const need of needs) {
          expect(covers(set, need)).toBe(grant.some((entry) => oracleAllows(entry, need)));
        }
      }),
      { numRuns: 30_000 },
    );
  });

  it('row 22: everything stops at the reserved resources, whoever else holds a wildcard', () => {
    fc.assert(
      fc.property(oddEntry, fc.array(oddEntry, { maxLength: 4 }), (need, also) => {
        const set = compilePermissions(also, true);
        const parts = oracleParts(need);
        const isConcrete = parts !== null && parts.action !== '*';
        const isOurs = parts?.resource.startsWith('keyhouse-') === true;
        expect(covers(set, need)).toBe(isConcrete && (!isOurs || also.some((entry) => oracleAllows(entry, need))));
      }),
      { numRuns: 10_000 },
    );
  });

  it('row 26: an empty grant allows nothing, and repetition changes nothing', () => {
    expect(covers(compilePermissions([]), 'servers:read')).toBe(false);
    expect(compilePermissions(['a:b', 'a:b', 'a:*', 'a:*'])).toEqual(compilePermissions(['a:b', 'a:*']));
  });

  it('a union allows exactly what one of its parts allows', () => {
    const parts = fc.array(fc.tuple(fc.array(oddEntry, { maxLength: 4 }), fc.boolean()), { maxLength: 4 });
    fc.assert(
      fc.property(parts, oddEntry, (written, need) => {
        const sets = written.map(([entries, everything]) => compilePermissions(entries, everything));
        expect(covers(unionPermissions(sets), need)).toBe(sets.some((set) => covers(set, need)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('knows its own resources by their prefix', () => {
    expect(['keyhouse-tokens:read', 'keyhouse-x:*', 'keyhouse:read', 'servers:read'].map(isReserved)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('entries that reach further', () => {
  const closed = ['servers:read', 'servers:write', 'backups:read'];

  it('row 25: names each entry the other side does not cover, as written', () => {
    const outer = compilePermissions(['servers:read', 'backups:*']);
    expect(entriesNotCovered(['servers:write', 'servers:read', 'servers:*', 'backups:*', 'nope'], outer, null)).toEqual(
      ['servers:write', 'servers:*', 'nope'],
    );
  });

  it('row 25: every permission of a resource stands for its wildcard in a closed catalogue only', () => {
    const outer = compilePermissions(['servers:read', 'servers:write']);
    expect(entriesNotCovered(['servers:*'], outer, closed)).toEqual([]);
    expect(entriesNotCovered(['servers:*'], outer, null)).toEqual(['servers:*']);
    expect(entriesNotCovered(['unknown:*'], outer, closed)).toEqual(['unknown:*']);
  });

  it('row 22: everything covers a wildcard, but never a reserved one', () => {
    const outer = compilePermissions([], true);
    expect(entriesNotCovered(['servers:*', 'keyhouse-tokens:*', 'keyhouse-tokens:read'], outer, null)).toEqual([
      'keyhouse-tokens:*',
      'keyhouse-tokens:read',
    ]);
  });

  it('row 25: whatever the entries it lets through allow, the other side allows', () => {
    const concrete = ['servers:read', 'servers:write', 'servers2:read', 'keyhouse-tokens:read', 'backups:read'];
    const sets = fc.tuple(fc.array(oddEntry, { maxLength: 5 }), fc.array(oddEntry, { maxLength: 5 }), fc.boolean());
    fc.assert(
      fc.property(sets, fc.option(fc.subarray(concrete)), ([inner, entries, everything], catalogue) => {
        const outer = compilePermissions(entries, everything);
        const beyond = entriesNotCovered(inner, outer, catalogue);
        const passed = compilePermissions(inner.filter((entry) => !beyond.includes(entry)));
        for (const need of catalogue ?? concrete) {
          if (covers(passed, need)) expect(covers(outer, need)).toBe(true);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('effective permissions', () => {
  const catalogue = ['backups:read', 'servers:read', 'servers:write'];

  it('are concrete and sorted where the catalogue is closed', () => {
    const grant = compilePermissions(['servers:*', 'backups:read', 'gone:read']);
    expect(listEffective(grant, compilePermissions([], true), catalogue)).toEqual(catalogue);
    expect(listEffective(grant, compilePermissions(['servers:write', 'gone:*']), catalogue)).toEqual(['servers:write']);
  });

  it('keep a wildcard that both sides hold where the catalogue is open, and name what only one side names', () => {
    const grant = compilePermissions(['servers:*', 'servers:read', 'backups:*', 'clusters:read']);
    const owner = compilePermissions(['servers:*', 'backups:read', 'clusters:write']);
    expect(listEffective(grant, owner, null)).toEqual(['backups:read', 'servers:*']);
  });

  it('never hold a reserved permission by inheritance, and hold one that was granted and is owned', () => {
    const owner = compilePermissions(['keyhouse-tokens:read', 'keyhouse-audit:*', 'servers:read'], true);
    expect(listEffective('inherit', owner, null)).toEqual(['servers:read']);
    expect(listEffective('inherit', owner, catalogue)).toEqual(catalogue);
    const grant = compilePermissions(['keyhouse-tokens:*', 'keyhouse-audit:*', 'keyhouse-x:read']);
    expect(listEffective(grant, owner, catalogue)).toEqual(['keyhouse-audit:*', 'keyhouse-tokens:read']);
  });

  it('allow exactly what grant and owner both allow', () => {
    const side = fc.tuple(fc.array(oddEntry, { maxLength: 5 }), fc.boolean());
    fc.assert(
      fc.property(side, side, fc.boolean(), ([asked], [held, everything], isClosed) => {
        const grant = compilePermissions(asked);
        const owner = compilePermissions(held, everything);
        const listed = compilePermissions(listEffective(grant, owner, isClosed ? catalogue : null));
        for (const need of [...catalogue, 'servers2:read', 'keyhouse-tokens:read']) {
          const inPlay = !isClosed || catalogue.includes(need) || isReserved(need);
          expect(covers(listed, need)).toBe(inPlay && covers(grant, need) && covers(owner, need));
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readQuery } from '../../dashboard/src/shell/find/read-query.ts';

const VALUE = `kh_live_${'4n2hV9cWqTzL8xYbRk3MsAb0'.padEnd(32, 'x')}`;

describe('what is put into the search of the dashboard', () => {
  it.each([
    VALUE,
    ` ${VALUE}\n`,
    `Bearer ${VALUE}`,
    `Authorization: Bearer ${VALUE}`,
    `"${VALUE}"`,
    VALUE.slice(0, 20),
    `keys_${VALUE.slice(-32)}`,
    'a'.repeat(40),
  ])('is taken for a value where it could be one, and then travels in no address: %j', (typed) => {
    expect(readQuery(typed).is).toBe('value');
  });

  it.each([
    'nightly deploys',
    'kh_live_4n2a…Zq8C',
    'grace@example.com',
    'a.very.long.address.of.somebody@mail.example.com',
    'user-42',
    'tok_4n2hV9cWqTzL8xYbRk3MsA',
    '123e4567-e89b-12d3-a456-426614174000',
  ])('is looked for as words otherwise: %j', (typed) => {
    expect(readQuery(typed)).toEqual({ is: 'words', words: typed });
  });

  it('is the request id of an answer by its form', () => {
    expect(readQuery(' req_EHniq4efRrRa9BnQA13Ziu ')).toEqual({ is: 'request', id: 'req_EHniq4efRrRa9BnQA13Ziu' });
  });
});

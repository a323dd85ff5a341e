import { describe, expect, it } from 'vitest';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { readInput } from './operation.ts';
import { Rejection } from './rejection.ts';
import { verifyTokens } from './verify-tokens.ts';

const problemsOf = (operation: { readonly input: Parameters<typeof readInput>[0] }, input: unknown): unknown => {
  try {
    return readInput(operation.input, input);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return Object.fromEntries(error.problems.map(({ path, message }) => [path, message]));
  }
};

describe('what is wrong with an input', () => {
  it('is said in words for the person who sent it', () => {
    expect(problemsOf(createToken, {})).toEqual({ name: 'This is missing; it must be a text.' });
    expect(problemsOf(createToken, { name: 5, level: 'root', permissions: 'a:b', inherit: false })).toEqual({
      name: 'This must be a text.',
      level: 'This must be "read" or "write" or "admin".',
      permissions: 'This must be a list.',
      inherit: 'This must be true.',
    });
    expect(problemsOf(listTokens, { limit: '0' })).toEqual({ limit: 'This must be at least 1.' });
    expect(problemsOf(listTokens, { limit: 'many' })).toEqual({ limit: 'This must be a number.' });
  });

  it('is found inside the form that was meant, where there are several', () => {
    const owner = (value: unknown) => problemsOf(createToken, { name: 'ci', owner: value });
    expect(owner('ada')).toEqual({ owner: 'This must be an object.' });
    expect(owner({ id: 'ada' })).toEqual({ 'owner.id': 'Not an id.' });
    expect(owner({ external_id: 5 })).toEqual({ 'owner.external_id': 'This must be a text.' });
    expect(owner({ id: 'usr_4n2aZq8C4n2aZq8C4n2aZq', mail: 'a' })).toEqual({
      'owner.mail': 'There is no such field.',
    });
  });

  it('never repeats what was sent, which may be a token', () => {
    const value = 'host_4n2aZq8C4n2aZq8C4n2aZq8C4n2aZq8C';
    for (const input of [value, [value], { token: { value } }, { requests: value }]) {
      expect(JSON.stringify(problemsOf(verifyTokens, input))).not.toContain(value);
    }
  });
});

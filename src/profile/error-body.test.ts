import { describe, expect, it } from 'vitest';
import { readErrorBody } from './error-body.ts';

const fill = (template: unknown, words: Record<string, unknown>) => readErrorBody(template).fill(words);

describe('error body', () => {
  it('replaces a string that is a word by the value with its type', () => {
    expect(fill({ statusCode: '$status', lacks: '$missing' }, { status: 403, missing: ['a:b'] })).toEqual({
      statusCode: 403,
      lacks: ['a:b'],
    });
  });

  it('keeps literals of every type', () => {
    const body = { ok: false, n: 1, none: null, list: [1, 'two', {}], text: '5 $' };
    expect(fill(body, {})).toEqual(body);
  });

  it('keeps the members in the order of the template', () => {
    expect(JSON.stringify(fill({ z: '$code', a: '$title', m: 'x' }, { code: 'c', title: 't' }))).toBe(
      '{"z":"c","a":"t","m":"x"}',
    );
  });

  it('leaves out a key that resolves to nothing, and an object of which nothing is left', () => {
    const template = { message: '$message', help: '$help', support: { url: '$support_url', email: '$support_email' } };
    expect(fill(template, { message: 'no', help: null, support_url: null })).toEqual({ message: 'no' });
    expect(fill(template, { message: 'no', support_email: 'a@example.com' })).toEqual({
      message: 'no',
      support: { email: 'a@example.com' },
    });
  });

  it('leaves out a link of which half is missing', () => {
    const template = { type: '{docs_url}/{code}', code: '$code' };
    expect(fill(template, { docs_url: null, code: 'x' })).toEqual({ code: 'x' });
    expect(fill(template, { docs_url: 'https://a.example', code: 'x' })).toEqual({
      type: 'https://a.example/x',
      code: 'x',
    });
  });

  it('leaves list items out when they resolve to nothing', () => {
    expect(fill({ errors: ['$message', '$help'] }, { message: 'm' })).toEqual({ errors: ['m'] });
  });

  it('puts the further members where ... stands, and never over its own', () => {
    const template = { error: { code: '$code', '...': '$extra', at: 'end' } };
    const words = { code: 'conflict', extra: { successor_id: 'tok_2', code: 'other', at: 'x' } };
    expect(JSON.stringify(fill(template, words))).toBe(
      '{"error":{"code":"conflict","successor_id":"tok_2","at":"end"}}',
    );
    expect(fill(template, { code: 'conflict' })).toEqual({ error: { code: 'conflict', at: 'end' } });
  });

  it('names every word that does not exist, with its place', () => {
    const { problems } = readErrorBody({ a: '$nope', b: [{ c: 'x {nix}' }], d: 'a [b', '...': 'x' });
    expect(problems.map((problem) => problem.path)).toEqual([['a'], ['b', 0, 'c'], ['d'], ['...']]);
    expect(problems[0]?.message).toContain('$nope is not a word');
  });

  it('row 54: a member called __proto__ touches no prototype', () => {
    const filled = fill(JSON.parse('{"__proto__": {"polluted": "$code"}, "code": "$code"}'), { code: 'x' });
    expect(Object.getPrototypeOf(filled)).toBe(Object.prototype);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it.each([
    [
      'status text and number',
      { error: '$status_text', message: '$message', statusCode: '$status' },
      { error: 'Unauthorized', message: 'Invalid or expired token', statusCode: 401 },
    ],
    ['one sentence', { detail: '$message' }, { detail: 'Invalid or expired token' }],
    [
      'a list with one member',
      { errors: [{ id: '{code}.{status}', text: '$message' }] },
      { errors: [{ id: 'invalid_token.401', text: 'Invalid or expired token' }] },
    ],
    [
      'help and a contact',
      { type: '{docs_url}#{code}', detail: '$message', help: '$help', contact: '{company}: {support_email}' },
      { detail: 'Invalid or expired token', help: 'Sign in.', contact: 'Example: help@example.com' },
    ],
  ])('can be a body of %s', (_title, template, expected) => {
    const words = {
      code: 'invalid_token',
      status: 401,
      status_text: 'Unauthorized',
      message: 'Invalid or expired token',
      help: 'Sign in.',
      company: 'Example',
      support_email: 'help@example.com',
    };
    expect(fill(template, words)).toEqual(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { deployerp, keyhouse, type Profile, renderRejection } from '../profile/index.ts';
import { failureOf } from './problem.ts';

function refusal(profile: Profile, given: Partial<Parameters<typeof renderRejection>[1]> = {}) {
  const { status, body } = renderRejection(profile, {
    code: 'invalid_input',
    status: 400,
    title: 'Invalid input',
    message: 'The request is not valid.',
    requestId: 'req_1',
    ...given,
  });
  const text = JSON.stringify(body);
  return failureOf({ status, text, json: body, requestId: 'req_1' });
}

describe('failureOf', () => {
  it('reads what was wrong and where out of the error body of any profile', () => {
    for (const profile of [keyhouse, deployerp]) {
      const failure = refusal(profile, { errors: [{ path: 'name', message: 'Between 1 and 100 characters.' }] });
      expect(failure.message).toBe('The request is not valid.\n  name: Between 1 and 100 characters.');
      expect(JSON.parse(failure.answer ?? '')).toBeTypeOf('object');
    }
  });

  it('says once, with its place, what the sentence and the list both say', () => {
    const failure = refusal(keyhouse, {
      message: 'No such thing.',
      errors: [{ path: 'ip.0', message: 'No such thing.' }],
    });
    expect(failure.message).toBe('This was refused:\n  ip.0: No such thing.');
  });

  it('ends by the status: not permitted, unavailable, refused', () => {
    const exitCodeOf = (status: number) => refusal(keyhouse, { status }).exitCode;
    expect([401, 403, 404, 409, 500, 503].map(exitCodeOf)).toEqual([77, 77, 1, 1, 1, 69]);
  });

  it('names the request of a fault, so that the log can be asked', () => {
    expect(refusal(keyhouse, { status: 500, code: 'internal' }).hint).toBe('Its log has more under req_1.');
  });

  it('says so when the answer is not of Keyhouse, and shows nothing of it raw', () => {
    const failure = failureOf({ status: 502, text: '<html>\u001b[2J', json: undefined, requestId: null });
    expect(failure.message).toBe('The server answered 502 with something that is not ours.');
    expect(failure.answer).toBeNull();
    expect(failure.exitCode).toBe(69);
    const hostile = failureOf({ status: 400, text: '{}', json: { detail: 'a\u001b[2Jb' }, requestId: null });
    expect(hostile.message).toBe('a\ufffd[2Jb');
  });
});

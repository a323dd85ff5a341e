import { describe, expect, it } from 'vitest';
import { collections, coolset, deployerp, keyhouse, type RejectionToRender, renderRejection } from './index.ts';

const INVALID: RejectionToRender = {
  code: 'invalid_input',
  status: 400,
  title: 'Invalid input',
  message: 'The request cannot be used as it is.',
  errors: [{ path: 'name', message: 'This is missing.' }],
  requestId: 'req_9',
};

const ROTATED: RejectionToRender = {
  code: 'already_rotated',
  status: 409,
  title: 'Already rotated',
  message: 'This token was rotated before.',
  extra: { successor_id: 'tok_2' },
  requestId: 'req_9',
};

describe('rendering a rejection', () => {
  it('is problem+json in the neutral profile, with the list of what is wrong', () => {
    expect(renderRejection(keyhouse, INVALID)).toEqual({
      status: 400,
      headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', 'X-Request-Id': 'req_9' },
      body: {
        type: 'https://keyhouse.example/errors/invalid_input',
        title: 'Invalid input',
        status: 400,
        code: 'invalid_input',
        detail: 'The request cannot be used as it is.',
        errors: [{ path: 'name', message: 'This is missing.' }],
        request_id: 'req_9',
      },
    });
  });

  it("has the shape of deployerp's denials there", () => {
    expect(renderRejection(deployerp, INVALID).body).toEqual({
      error: {
        code: 'invalid_input',
        message: 'The request cannot be used as it is.',
        status: 400,
        errors: [{ path: 'name', message: 'This is missing.' }],
      },
    });
    expect(renderRejection(deployerp, { ...INVALID, code: 'not_found', status: 404, errors: [] }).body).toEqual({
      error: { code: 'not_found', message: 'The request cannot be used as it is.', status: 404 },
    });
  });

  it('carries further members where the profile has a place for them', () => {
    expect(renderRejection(keyhouse, ROTATED).body).toMatchObject({ code: 'already_rotated', successor_id: 'tok_2' });
    expect(renderRejection(deployerp, ROTATED).body).toEqual({
      error: {
        code: 'already_rotated',
        message: 'This token was rotated before.',
        status: 409,
        successor_id: 'tok_2',
      },
    });
  });

  it('says when to come back', () => {
    const busy = { ...INVALID, code: 'storage_busy', status: 503, errors: [], retryAfterSeconds: 1.5 };
    const { headers, body } = renderRejection(keyhouse, busy);
    expect(headers['Retry-After']).toBe('2');
    expect(body).toMatchObject({ retry_after: 2 });
  });

  it('challenges on 401, as RFC 9110 wants', () => {
    const { headers } = renderRejection(keyhouse, { ...INVALID, code: 'sign_in', status: 401 });
    expect(headers['WWW-Authenticate']).toBe('Bearer realm="keyhouse"');
  });

  it('leaves no member of the company to be overwritten by what a rejection brings along', () => {
    const { body } = renderRejection(keyhouse, { ...ROTATED, extra: { status: 200, code: 'ok' } });
    expect(body).toMatchObject({ status: 409, code: 'already_rotated' });
  });

  it('speaks of missing permissions in the sentence that a document prints for them, and names them beside it', () => {
    const missing = ['keyhouse-tokens:write'];
    const refused: RejectionToRender = {
      code: 'insufficient_permissions',
      status: 403,
      title: 'Insufficient permissions',
      message: 'This needs keyhouse-tokens:write.',
      extra: { missing },
      requestId: 'req_9',
    };
    expect(renderRejection(collections, refused).body).toEqual({ message: 'Admin access required', missing });
    expect(renderRejection(coolset, refused).body).toEqual({
      detail: 'You do not have permission to perform this action.',
      missing,
    });
    expect(renderRejection(keyhouse, refused).body).toMatchObject({ detail: refused.message });
    const other = { ...refused, message: 'A token cannot change itself.', extra: {} };
    expect(renderRejection(collections, other).body).toEqual({ message: other.message });
  });
});

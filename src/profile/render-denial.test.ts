import { describe, expect, it } from 'vitest';
import { DENIAL_REASONS, type DenialReason } from '../policy/index.ts';
import { type DenialToRender, deployerp, keyhouse, type Profile, presets, renderDenial } from './index.ts';

interface Expected {
  readonly status: number;
  readonly challenge?: string;
  readonly retryAfter?: string;
  readonly body: unknown;
}

/** The same refusals for every preset: one per reason, as the pipeline would hand them over. */
const DENIALS: Readonly<Record<DenialReason, Omit<DenialToRender, 'reason' | 'requestId'>>> = {
  authentication_required: {},
  invalid_request: { help: 'The header has two credentials.' },
  invalid_token: { help: 'It is incomplete or mistyped.' },
  token_expired: {},
  ip_restricted: {},
  insufficient_permissions: { missing: ['servers:write'], needed: ['servers:read', 'servers:write'] },
  ambiguous_path: {},
  no_matching_rule: {},
  rate_limited: { retryAfterSeconds: 41.2 },
  authority_unavailable: {},
};

const NEUTRAL: Readonly<Record<DenialReason, Expected>> = {
  authentication_required: {
    status: 401,
    challenge: 'Bearer realm="keyhouse"',
    body: {
      type: 'https://keyhouse.example/errors/authentication_required',
      title: 'Authentication required',
      status: 401,
      code: 'authentication_required',
      detail: 'This request carries no token. Send one as Authorization: Bearer <value>.',
      request_id: 'req_7',
    },
  },
  invalid_request: {
    status: 400,
    challenge:
      'Bearer realm="keyhouse", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
    body: {
      type: 'https://keyhouse.example/errors/invalid_request',
      title: 'Malformed credentials',
      status: 400,
      code: 'invalid_request',
      detail: 'The credentials of this request cannot be read. The header has two credentials.',
      request_id: 'req_7',
    },
  },
  invalid_token: {
    status: 401,
    challenge:
      'Bearer realm="keyhouse", error="invalid_token", error_description="This token is not valid. It is incomplete or mistyped."',
    body: {
      type: 'https://keyhouse.example/errors/invalid_token',
      title: 'Invalid token',
      status: 401,
      code: 'invalid_token',
      detail: 'This token is not valid. It is incomplete or mistyped.',
      request_id: 'req_7',
    },
  },
  token_expired: {
    status: 401,
    challenge: 'Bearer realm="keyhouse", error="invalid_token", error_description="This token has expired."',
    body: {
      type: 'https://keyhouse.example/errors/token_expired',
      title: 'Expired token',
      status: 401,
      code: 'token_expired',
      detail: 'This token has expired.',
      request_id: 'req_7',
    },
  },
  ip_restricted: {
    status: 403,
    challenge: 'Bearer realm="keyhouse", error_description="This token cannot be used from this address."',
    body: {
      type: 'https://keyhouse.example/errors/ip_restricted',
      title: 'Address not allowed',
      status: 403,
      code: 'ip_restricted',
      detail: 'This token cannot be used from this address.',
      request_id: 'req_7',
    },
  },
  insufficient_permissions: {
    status: 403,
    challenge:
      'Bearer realm="keyhouse", error="insufficient_scope", error_description="This token lacks servers:write.", scope="servers:read servers:write"',
    body: {
      type: 'https://keyhouse.example/errors/insufficient_permissions',
      title: 'Insufficient permissions',
      status: 403,
      code: 'insufficient_permissions',
      detail: 'This token lacks servers:write.',
      missing: ['servers:write'],
      request_id: 'req_7',
    },
  },
  ambiguous_path: {
    status: 403,
    challenge:
      'Bearer realm="keyhouse", error_description="The path of this request can be read in more than one way, so it is refused."',
    body: {
      type: 'https://keyhouse.example/errors/ambiguous_path',
      title: 'Ambiguous path',
      status: 403,
      code: 'ambiguous_path',
      detail: 'The path of this request can be read in more than one way, so it is refused.',
      request_id: 'req_7',
    },
  },
  no_matching_rule: {
    status: 403,
    challenge:
      'Bearer realm="keyhouse", error_description="No rule says which permission this route needs, so it is refused."',
    body: {
      type: 'https://keyhouse.example/errors/no_matching_rule',
      title: 'No rule for this route',
      status: 403,
      code: 'no_matching_rule',
      detail: 'No rule says which permission this route needs, so it is refused.',
      request_id: 'req_7',
    },
  },
  rate_limited: {
    status: 429,
    retryAfter: '42',
    body: {
      type: 'https://keyhouse.example/errors/rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'This token has used up its rate limit. Retry after 42 s.',
      retry_after: 42,
      request_id: 'req_7',
    },
  },
  authority_unavailable: {
    status: 503,
    retryAfter: '5',
    body: {
      type: 'https://keyhouse.example/errors/authority_unavailable',
      title: 'Authentication unavailable',
      status: 503,
      code: 'authority_unavailable',
      detail: 'This token cannot be checked at the moment. Retry after 5 s.',
      retry_after: 5,
      request_id: 'req_7',
    },
  },
};

const DEPLOYERP: Readonly<Record<DenialReason, Expected>> = {
  authentication_required: {
    status: 401,
    challenge: 'Bearer realm="deployerp"',
    body: {
      error: { code: 'authentication_required', message: 'No authentication token provided', status: 401 },
    },
  },
  invalid_request: {
    status: 400,
    challenge:
      'Bearer realm="deployerp", error="invalid_request", error_description="The credentials of this request cannot be read. The header has two credentials."',
    body: {
      error: {
        code: 'invalid_request',
        message: 'The credentials of this request cannot be read. The header has two credentials.',
        status: 400,
      },
    },
  },
  invalid_token: {
    status: 401,
    challenge:
      'Bearer realm="deployerp", error="invalid_token", error_description="This API key is not valid. It is incomplete or mistyped."',
    body: {
      error: {
        code: 'invalid_token',
        message: 'This API key is not valid. It is incomplete or mistyped.',
        status: 401,
      },
    },
  },
  token_expired: {
    status: 401,
    challenge: 'Bearer realm="deployerp", error="invalid_token", error_description="This API key has expired."',
    body: { error: { code: 'token_expired', message: 'This API key has expired.', status: 401 } },
  },
  ip_restricted: {
    status: 403,
    challenge: 'Bearer realm="deployerp", error_description="This API key cannot be used from this address."',
    body: {
      error: { code: 'ip_restricted', message: 'This API key cannot be used from this address.', status: 403 },
    },
  },
  insufficient_permissions: {
    status: 403,
    challenge:
      'Bearer realm="deployerp", error="insufficient_scope", error_description="This API key lacks servers:write.", scope="servers:read servers:write"',
    body: {
      error: { code: 'insufficient_permissions', message: 'This API key lacks servers:write.', status: 403 },
    },
  },
  ambiguous_path: {
    status: 403,
    challenge:
      'Bearer realm="deployerp", error_description="The path of this request can be read in more than one way, so it is refused."',
    body: {
      error: {
        code: 'ambiguous_path',
        message: 'The path of this request can be read in more than one way, so it is refused.',
        status: 403,
      },
    },
  },
  no_matching_rule: {
    status: 403,
    challenge:
      'Bearer realm="deployerp", error_description="No rule says which permission this route needs, so it is refused."',
    body: {
      error: {
        code: 'no_matching_rule',
        message: 'No rule says which permission this route needs, so it is refused.',
        status: 403,
      },
    },
  },
  rate_limited: {
    status: 429,
    retryAfter: '42',
    body: {
      error: {
        code: 'rate_limited',
        message: 'This API key has used up its rate limit. Retry after 42 s.',
        status: 429,
      },
    },
  },
  authority_unavailable: {
    status: 503,
    retryAfter: '5',
    body: {
      error: {
        code: 'authority_unavailable',
        message: 'This API key cannot be checked at the moment. Retry after 5 s.',
        status: 503,
      },
    },
  },
};

const MATRIX: readonly [profile: Profile, contentType: string, expected: Readonly<Record<DenialReason, Expected>>][] = [
  [keyhouse, 'application/problem+json', NEUTRAL],
  [deployerp, 'application/json', DEPLOYERP],
];

describe('rendering a denial', () => {
  it('has an expectation for every preset', () => {
    expect(MATRIX.map(([profile]) => profile)).toEqual(Object.values(presets));
  });

  describe.each(MATRIX)('$name', (profile, contentType, expected) => {
    it.each(DENIAL_REASONS)('D9: answers %s in full', (reason) => {
      const { status, challenge, retryAfter, body } = expected[reason];
      const rendered = renderDenial(profile, { reason, ...DENIALS[reason], requestId: 'req_7' });
      expect(rendered.status).toBe(status);
      expect(rendered.headers).toEqual({
        'Content-Type': contentType,
        'Cache-Control': 'no-store',
        'X-Request-Id': 'req_7',
        ...(challenge === undefined ? {} : { 'WWW-Authenticate': challenge }),
        ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }),
      });
      expect(JSON.stringify(rendered.body)).toBe(JSON.stringify(body));
    });
  });

  it('has no empty cell: every preset words every reason, says whose words they are and answers something', () => {
    for (const profile of Object.values(presets)) {
      expect(Object.keys(profile.errors.denials).sort()).toEqual([...DENIAL_REASONS].sort());
      for (const reason of DENIAL_REASONS) {
        const row = profile.errors.denials[reason];
        expect(['document', 'ours']).toContain(row.source);
        expect(Object.keys(renderDenial(profile, { reason, requestId: 'r' }).body as object)).not.toHaveLength(0);
      }
    }
  });

  it('says what was found even when no credential counts as sent, and still gives no error code', () => {
    const help = 'The token is in the address; send it in the Authorization header.';
    const { headers } = renderDenial(deployerp, { reason: 'authentication_required', help, requestId: 'r' });
    expect(headers['WWW-Authenticate']).toBe(
      'Bearer realm="deployerp", error_description="This request carries no API key. Send one as Authorization: Bearer <value>. ' +
        `${help}"`,
    );
  });

  it('tells every missing permission in the list and counts them in the sentence when there are many', () => {
    const missing = Array.from({ length: 12 }, (_, index) => `r${index}:read`);
    const { body } = renderDenial(keyhouse, { reason: 'insufficient_permissions', missing, requestId: 'r' });
    expect(body).toMatchObject({ missing });
    expect((body as { detail: string }).detail).toMatch(/r9:read and 2 more\.$/);
  });

  it('leaves the scope out of the header when it would not fit, instead of telling half of it', () => {
    const needed = Array.from({ length: 200 }, (_, index) => `resource-number-${index}:read`);
    const { headers } = renderDenial(keyhouse, { reason: 'insufficient_permissions', needed, requestId: 'r' });
    expect(headers['WWW-Authenticate']).not.toContain('scope=');
    expect(headers['WWW-Authenticate']?.length).toBeLessThan(1_000);
  });

  it('row 53: never puts NaN, Infinity, a fraction, zero or a negative number into Retry-After', () => {
    const retryAfter = (retryAfterSeconds: number | null, reason: DenialReason = 'rate_limited') =>
      renderDenial(keyhouse, { reason, retryAfterSeconds, requestId: 'r' }).headers['Retry-After'];
    expect([0, -3, 0.2, 59.01].map((seconds) => retryAfter(seconds))).toEqual(['1', '1', '1', '60']);
    for (const never of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(retryAfter(never)).toBeUndefined();
      expect(retryAfter(never, 'authority_unavailable')).toBe('5');
    }
  });

  it('takes no waiting time into an answer that has none', () => {
    const { headers, body } = renderDenial(keyhouse, { reason: 'token_expired', retryAfterSeconds: 9, requestId: 'r' });
    expect(headers).not.toHaveProperty('Retry-After');
    expect(body).not.toHaveProperty('retry_after');
  });

  it('row 18: two denials of one reason differ in their request id alone', () => {
    const [one, other] = ['req_1', 'req_2'].map((requestId) =>
      JSON.stringify(renderDenial(keyhouse, { reason: 'invalid_token', requestId })),
    );
    expect(one?.replaceAll('req_1', 'req_2')).toBe(other);
  });
});

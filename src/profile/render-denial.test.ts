import { describe, expect, it } from 'vitest';
import { DENIAL_REASONS, type DenialReason } from '../policy/index.ts';
import { EXPECTED_DENIALS } from './denials.fixture.ts';
import { type DenialToRender, deployerp, keyhouse, type Profile, presets, renderDenial } from './index.ts';

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

describe('rendering a denial', () => {
  it('has an expectation for every preset', () => {
    expect(Object.keys(EXPECTED_DENIALS)).toEqual(Object.keys(presets));
  });

  describe.each(Object.entries(EXPECTED_DENIALS))('%s', (name, expected) => {
    const profile = presets[name] as Profile;

    it.each(DENIAL_REASONS)('D9: answers %s in full', (reason) => {
      const [status, header, body] = expected[reason];
      const rendered = renderDenial(profile, { reason, ...DENIALS[reason], requestId: 'req_7' });
      expect(rendered.status).toBe(status);
      expect(rendered.headers).toEqual({
        'Content-Type': profile.errors.contentType,
        'Cache-Control': 'no-store',
        'X-Request-Id': 'req_7',
        ...(header.startsWith('Bearer ') ? { 'WWW-Authenticate': header } : { 'Retry-After': header.slice(13) }),
      });
      expect(JSON.stringify(rendered.body)).toBe(body);
    });
  });

  it('tells the reason in the header in every preset, whatever the body may say', () => {
    for (const [name, profile] of Object.entries(presets)) {
      const headers = DENIAL_REASONS.map((reason) => EXPECTED_DENIALS[name]?.[reason][1]);
      const told = headers.map((header) =>
        header?.replaceAll(profile.words.token, 'token').replace(/realm="[^"]+"/, ''),
      );
      const neutral = DENIAL_REASONS.map((reason) => EXPECTED_DENIALS.keyhouse?.[reason][1].replace(/realm="\w+"/, ''));
      expect(told).toEqual(neutral);
      expect(new Set(told).size).toBe(DENIAL_REASONS.length);
    }
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

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIAL_REASONS, type DenialReason } from '../../src/policy/index.ts';
import type { DenialToRender, Profile } from '../../src/profile/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, type RawAnswer, said, saying } from './profile-house.ts';

const GUARDED = 'GET /behind/guarded HTTP/1.1';
const bearer = (value: string) => [`Authorization: Bearer ${value}`];
const unknownOf = ({ token }: Profile) =>
  generateToken(token, 'token', token.environments.length === 0 ? null : 'live', systemRandom);

interface Brought {
  readonly answer: RawAnswer;
  /** What the answer tells beside the reason. */
  readonly told?: Partial<DenialToRender>;
}

/** How each reason is brought about; the last one breaks the house. */
const BRING: Readonly<Record<DenialReason, (at: ProfileHouse) => Promise<Brought>>> = {
  authentication_required: async ({ send }) => ({ answer: await send(GUARDED) }),
  invalid_request: async ({ send, mint }) => {
    const line = bearer((await mint()).value);
    const help = 'The request has more than one Authorization header; send exactly one.';
    return { answer: await send(GUARDED, [...line, ...line]), told: { help } };
  },
  invalid_token: async ({ send, profile }) => ({ answer: await send(GUARDED, bearer(unknownOf(profile))) }),
  token_expired: async ({ send, mint, house }) => {
    const { value } = await mint({ expires_in: '1m' });
    house.time.now += 60_000;
    return { answer: await send(GUARDED, bearer(value)) };
  },
  ip_restricted: async ({ send, mint }) => {
    const { value } = await mint({ ip_allowlist: ['203.0.113.0/24'] });
    return { answer: await send(GUARDED, bearer(value)) };
  },
  insufficient_permissions: async ({ send, mint, tell, guard, permissions: [, other] }) => {
    const { value, owner } = await mint();
    expect((await send(GUARDED, bearer(value))).status).toBe(200);
    await tell(owner, [other]);
    return { answer: await send(GUARDED, bearer(value)), told: { missing: [guard] } };
  },
  ambiguous_path: async ({ send, mint }) => ({
    answer: await send('GET /behind/open/%2e%2e/guarded HTTP/1.1', bearer((await mint()).value)),
  }),
  no_matching_rule: async ({ send, mint }) => ({
    answer: await send('GET /behind/nobody-thought-of-this HTTP/1.1', bearer((await mint()).value)),
  }),
  rate_limited: async ({ send, mint }) => {
    const { value } = await mint({ limits: [{ name: 'hour', limit: 1, seconds: 3_600 }] });
    expect((await send(GUARDED, bearer(value))).status).toBe(200);
    const answer = await send(GUARDED, bearer(value));
    return { answer, told: { retryAfterSeconds: Number(answer.headers['retry-after']) } };
  },
  authority_unavailable: async ({ send, mint, house }) => {
    const { value } = await mint();
    await house.engine.store.close();
    return { answer: await send(GUARDED, bearer(value)) };
  },
};

describe.each(EVERY_PROFILE.map((profile) => [profile.name, profile] as const))('%s, over HTTP', (_name, given) => {
  let at: ProfileHouse;
  beforeAll(async () => {
    at = await openProfileHouse(given);
  });
  afterAll(() => at?.close());

  it('row 18: an unknown and a revoked token look alike; of a replaced one the header says so', async () => {
    const manager = await at.manager();
    const { tokens } = given.paths;
    const revoked = await at.mint();
    expect((await at.call('DELETE', `${tokens}/${revoked.id}`, manager)).status).toBe(200);
    const replaced = await at.mint();
    const rotated = await at.call('POST', `${tokens}/${replaced.id}/rotate`, manager, { grace_period: '0s' });
    expect(rotated.status).toBe(201);
    const answers = [
      await at.send(GUARDED, bearer(unknownOf(given))),
      await at.send(GUARDED, bearer(revoked.value)),
      await at.send(GUARDED, bearer(replaced.value)),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/error="invalid_token"/);
    }
    expect(answers[2]?.headers['www-authenticate']).toMatch(/ was replaced /);
    const [unknown, gone] = answers.map((answer) => JSON.stringify(said(answer)).replaceAll(/req_\w+/g, 'req'));
    expect(gone).toBe(unknown);
  });

  it.each(DENIAL_REASONS)('says no for %s in its own words, and tells the reason in the header', async (reason) => {
    const { answer, told } = await BRING[reason](at);
    expect(said(answer)).toEqual(saying(at.profile, answer, reason, told));
    expect(answer.status).toBe(given.errors.denials[reason].status);
    expect(answer.headers['x-request-id']).toMatch(/^req_\w{20,}$/);
    if (reason === 'insufficient_permissions') {
      expect(answer.headers['www-authenticate']).toContain(`scope="${at.guard}"`);
      expect(answer.headers['www-authenticate']).toContain(at.guard);
    }
    if (reason === 'rate_limited') {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(3_660);
    }
  });
});

/**
 * Every refusal, brought about at a company's real listener. Prevents that a reason is only ever rendered, and nobody knows
 * whether a request can come by it.
 */
import { expect } from 'vitest';
import type { DenialReason } from '../../src/policy/index.ts';
import type { DenialToRender, Profile } from '../../src/profile/index.ts';
import { generateToken, systemRandom } from '../../src/token/index.ts';
import type { ProfileHouse, RawAnswer } from './profile-house.ts';

export const GUARDED = 'GET /behind/guarded HTTP/1.1';
export const bearer = (value: string) => [`Authorization: Bearer ${value}`];
export const unknownOf = ({ token }: Profile) =>
  generateToken(token, 'token', token.environments.length === 0 ? null : 'live', systemRandom);

export interface Brought {
  readonly answer: RawAnswer;
  /** What the answer tells beside the reason. */
  readonly told?: Partial<DenialToRender>;
}

/** How each reason is brought about; the last one breaks the house. */
export const BRING: Readonly<Record<DenialReason, (at: ProfileHouse) => Promise<Brought>>> = {
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

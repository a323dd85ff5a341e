import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DENIAL_REASONS } from '../../src/policy/index.ts';
import { BRING, bearer, GUARDED, unknownOf } from './bring-denial.ts';
import { EVERY_PROFILE, openProfileHouse, type ProfileHouse, said, saying } from './profile-house.ts';

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

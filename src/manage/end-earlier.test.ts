import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyhouse, type Profile } from '../profile/index.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { applyProfile } from './apply-profile.ts';
import { createToken } from './create-token.ts';
import { putOwner } from './put-owner.ts';
import { rotateToken } from './rotate-token.ts';

const SOLE: Profile = { ...keyhouse, onePerOwner: true, rotation: { gracePeriod: '0s' } };

describe('row 63: one token for each owner, said by a profile that is applied later', () => {
  let house: TestEngine;
  beforeAll(async () => {
    house = await testEngine();
  });
  afterAll(() => house?.close());

  const make = (owner: string, workspace = 'org') =>
    house.asHost(createToken, {
      name: 'ci',
      owner: { external_id: owner },
      workspace: { external_id: workspace },
      permissions: ['servers:read'],
    });
  const apply = (profile: Profile) => house.asHost(applyProfile, { profile, allow_narrowing: true });
  const verdicts = (tokens: readonly { readonly value: string | null }[]) =>
    Promise.all(tokens.map(({ value }) => house.verdict(value as string)));

  it('a new token ends at once all that its owner had in the workspace, in grace or paused, and nothing else', async () => {
    const memberships = ['org', 'other'].map((external_id) => ({
      workspace: { external_id, name: external_id },
      permissions: ['servers:read'],
    }));
    for (const external_id of ['ada', 'bob']) await house.asHost(putOwner, { external_id, memberships });
    const [first, second, third] = [await make('ada'), await make('ada'), await make('ada')];
    const { new_key: successor } = await house.asHost(rotateToken, { id: third.id, grace_period: '7d' });
    const others = [await make('bob'), await make('ada', 'other')];
    const earlier = [first, second, third, successor];
    await apply(SOLE);
    expect(await verdicts(earlier)).toEqual(['ok', 'ok', 'ok', 'ok']);
    const made = await make('ada');
    expect(made.guarantee).toBeDefined();
    expect(await verdicts(earlier)).toEqual(Array(4).fill('invalid_token'));
    expect(await verdicts([made, ...others])).toEqual(['ok', 'ok', 'ok']);
  });

  it('so does every one of many at the same moment, until one is left', async () => {
    await apply(keyhouse);
    const earlier = await Promise.all(Array.from({ length: 5 }, () => make('ada')));
    await apply(SOLE);
    const made = await Promise.all(Array.from({ length: 10 }, () => make('ada')));
    const working = (await verdicts([...earlier, ...made])).filter((verdict) => verdict === 'ok');
    expect(working).toHaveLength(1);
    expect((await verdicts(earlier)).includes('ok')).toBe(false);
  });
});

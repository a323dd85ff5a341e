import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimToken } from '../people/index.ts';
import { externalToken } from '../testing/cast.ts';
import { type TestEngine, testEngine } from '../testing/engine.ts';
import { takeMails } from '../testing/mailed.ts';
import { rotationsDue } from '../upkeep/index.ts';
import { anonymousCaller, readToken, revokeToken, rotateToken, updateToken } from './index.ts';

/** One thing that can happen to a line of tokens; `which` picks one of those made so far. */
type Step =
  | {
      readonly do: 'rotate' | 'rotateBySelf';
      readonly which: number;
      readonly grace: string;
      readonly replace: boolean;
      readonly endOnUse?: boolean;
    }
  | { readonly do: 'revoke'; readonly which: number; readonly scope: 'lineage' | null }
  | { readonly do: 'disable' | 'enable' | 'use'; readonly which: number }
  | { readonly do: 'claim'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number };

const which = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('rotate' as const, 'rotateBySelf' as const),
      which,
      grace: fc.constantFrom('0s', '1m', '1h'),
      replace: fc.boolean(),
      endOnUse: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('revoke' as const), which, scope: fc.constantFrom('lineage', null) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('disable' as const, 'enable' as const, 'use' as const), which }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 60_000, 660_000, 3_600_000) }),
  },
);

interface Line {
  readonly tokens: { readonly id: string; readonly value: string }[];
  readonly ended: Set<string>;
  /** Of the links that were mailed for it. */
  readonly secrets: string[];
  /** To which they go. */
  readonly email: string;
}

const VISITOR = anonymousCaller({ ip: null, requestId: 'req_claim', idempotencyKey: null });

function keep(line: Line, made: { readonly id: string; readonly value: string | null }): void {
  const known = line.tokens.find((token) => token.id === made.id);
  if (known === undefined) line.tokens.push({ id: made.id, value: made.value as string });
  else expect(made.value, 'a repeat gives the same value').toBe(known.value);
}

describe('row 60: whatever happens to a line of tokens, in whatever order', () => {
  let house: TestEngine;
  let count = 0;
  beforeAll(async () => {
    house = await testEngine({ sendsMail: true });
  });
  afterAll(() => house.close());

  async function take(line: Line, one: Step): Promise<void> {
    if (one.do === 'wait') {
      house.clock.advance(one.ms);
      await house.runJob(rotationsDue);
      for (const { to, secret } of await takeMails(house)) if (to === line.email) line.secrets.push(secret as string);
      return;
    }
    if (one.do === 'claim') {
      const secret = line.secrets[one.which % line.secrets.length];
      if (secret !== undefined) keep(line, (await house.as(VISITOR, claimToken, { secret })).new_key);
      return;
    }
    const { id, value } = line.tokens[one.which % line.tokens.length] as Line['tokens'][number];
    switch (one.do) {
      case 'rotate':
      case 'rotateBySelf': {
        const input = {
          grace_period: one.grace,
          replace_unused_successor: one.replace,
          end_old_on_first_use: one.endOnUse ?? false,
        };
        const { new_key } = await (one.do === 'rotate'
          ? house.asHost(rotateToken, { id, ...input })
          : house.asBearer(value, rotateToken, { id: 'current', ...input }));
        return keep(line, new_key);
      }
      case 'revoke': {
        const { revoked_ids } = await house.asHost(revokeToken, { id, ...(one.scope && { scope: one.scope }) });
        expect(revoked_ids.length).toBeGreaterThan(0);
        for (const revoked of [id, ...revoked_ids]) line.ended.add(revoked);
        return;
      }
      case 'disable':
      case 'enable':
        await house.asHost(updateToken, { id, disabled: one.do === 'disable' });
        return;
      case 'use':
        await house.verdict(value);
    }
  }

  it('at most two of its values work, none that has ended works again, and what is told of each is true', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
        const externalId = `line-${count++}`;
        const email = `${externalId}@example.com`;
        const made = await externalToken(house, {
          externalId,
          workspace: 'o',
          may: ['a:b'],
          token: {
            limits: 'unlimited',
            auto_rotate: true,
            rotation_period: '30m',
            notification_email: email,
          },
        });
        const line: Line = { tokens: [{ id: made.token.id, value: made.value }], ended: new Set(), secrets: [], email };
        for (const one of steps) {
          await take(line, one).catch(refusedOnly);
          let working = 0;
          for (const { id, value } of line.tokens) {
            const works = (await house.verdict(value, [], { cost: 0 })) === 'ok';
            const { state } = await house.asHost(readToken, { id });
            expect([id, works]).toEqual([id, state === 'active' || state === 'superseded']);
            if (works) expect(line.ended.has(id), 'an end is an end').toBe(false);
            if (state === 'replaced' || state === 'revoked') line.ended.add(id);
            working += Number(works);
          }
          expect(working).toBeLessThanOrEqual(2);
        }
        await house.asHost(revokeToken, { id: made.token.id, scope: 'lineage' });
      }),
      { numRuns: 80, examples: [[DISABLED_IN_ITS_GRACE]] },
    );
  });
});

/** A token that is disabled while its line goes on must not come back as a third one when it is enabled. */
const DISABLED_IN_ITS_GRACE: Step[] = [
  { do: 'rotate', which: 0, grace: '1h', replace: false },
  { do: 'disable', which: 0 },
  { do: 'rotate', which: 1, grace: '1m', replace: false },
  { do: 'enable', which: 0 },
];

/** What is refused is refused in a way the caller can act on. */
function refusedOnly(error: { code?: string; reason?: string }): void {
  if (['conflict', 'already_rotated', 'link_invalid'].includes(error.code ?? '') || error.reason === 'invalid_token')
    return;
  throw error;
}

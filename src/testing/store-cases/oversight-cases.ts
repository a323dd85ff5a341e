import { deepEqual, equal } from 'node:assert/strict';
import type { TokenFilter, UsageSpan } from '../../ports/index.ts';
import { sampleDenial, sampleId, sampleMembership, sampleOwner, sampleToken } from '../sample-records.ts';
import { idsOf, type StoreCase, seedTokens } from './store-case.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

/** What a person looks at who watches over many tokens: sums, and the lists behind numbers. */
export const oversightCases: readonly StoreCase[] = [
  {
    title: 'uses are summed by hour or day and outcome over the tokens of a workspace, an owner, a line, or all',
    async run({ store, usage }) {
      // Hours of their own: the store may hold what other cases counted.
      const first = HOUR * 9_999_984;
      const { workspace, owner, tokens, ids } = await seedTokens({ store }, {}, {});
      const other = await seedTokens({ store }, {});
      const count = (tokenId: string, hour: number, outcome: string, by: number) => ({
        tokenId,
        hour: first + hour * HOUR,
        outcome,
        count: by,
      });
      const [one, two, elsewhere] = [...ids, ...other.ids] as [string, string, string];
      await usage.add(
        [
          count(one, 0, 'ok', 5),
          count(two, 0, 'ok', 7),
          count(two, 0, 'rate_limited', 2),
          count(one, 1, 'token_expired', 1),
          count(elsewhere, 1, 'ok', 100),
          count(one, 2, 'ok', 1_000),
        ],
        [],
      );
      const span: UsageSpan = { unit: 'hour', from: first, to: first + 2 * HOUR };
      const sum = (hour: number, outcome: string, by: number) => ({ at: first + hour * HOUR, outcome, count: by });
      const both = [sum(0, 'ok', 12), sum(0, 'rate_limited', 2), sum(1, 'token_expired', 1)];
      deepEqual(await store.oversight.uses({ workspaceId: workspace.id }, span), both);
      deepEqual(await store.oversight.uses({ ownerId: owner.id, workspaceId: workspace.id }, span), both);
      deepEqual(await store.oversight.uses({ lineageId: tokens[0]?.lineageId ?? '' }, span), [
        sum(0, 'ok', 5),
        sum(1, 'token_expired', 1),
      ]);
      deepEqual(await store.oversight.uses({}, span), [
        sum(0, 'ok', 12),
        sum(0, 'rate_limited', 2),
        sum(1, 'ok', 100),
        sum(1, 'token_expired', 1),
      ]);
      const top = (of: 'accepted' | 'refused', limit = 9) => store.oversight.topTokens({}, of, span, limit);
      deepEqual(await top('accepted'), [
        { tokenId: elsewhere, count: 100 },
        { tokenId: two, count: 7 },
        { tokenId: one, count: 5 },
      ]);
      deepEqual(await top('accepted', 1), [{ tokenId: elsewhere, count: 100 }]);
      deepEqual(await top('refused'), [
        { tokenId: two, count: 2 },
        { tokenId: one, count: 1 },
      ]);
      deepEqual(await store.oversight.topTokens({ workspaceId: other.workspace.id }, 'refused', span, 9), []);

      await usage.add([count(one, 24, 'ok', 3), count(one, 25, 'ok', 4), count(one, 48, 'ok', 9_000)], []);
      const days: UsageSpan = { unit: 'day', from: first, to: first + 48 * HOUR };
      const own = [sum(0, 'ok', 1_012), sum(0, 'rate_limited', 2), sum(0, 'token_expired', 1), sum(24, 'ok', 7)];
      deepEqual(await store.oversight.uses({ workspaceId: workspace.id }, days), own);
      const all = [{ ...own[0], count: 1_112 }, ...own.slice(1)];
      deepEqual(await store.oversight.uses({}, days), all);
      deepEqual(await store.oversight.topTokens({}, 'accepted', days, 2), [
        { tokenId: one, count: 1_012 },
        { tokenId: elsewhere, count: 100 },
      ]);
    },
  },
  {
    title: 'a list knows tokens without an expiry and those whose owner has ended, and a tally agrees with it',
    async run({ store, usage }) {
      const { workspace, owner, ids } = await seedTokens({ store }, {}, { expiresAt: NOW + 9, createdAt: NOW - 9 });
      const gone = [
        sampleOwner({ disabledAt: NOW }),
        sampleOwner({ disabledByProviderAt: NOW }),
        sampleOwner({ deletedAt: NOW }),
        sampleOwner(),
      ];
      const theirs = gone.map((each) => sampleToken(each, workspace, { createdAt: NOW - 9 }));
      await store.transact(async ({ owners, tokens }) => {
        for (const [at, each] of gone.entries()) {
          await owners.insertOwner(each);
          // The last one left the workspace, where the others are members still.
          if (at < 3) await owners.putMembership(sampleMembership(each, workspace));
        }
        for (const token of theirs) await tokens.insert(token);
      });
      await usage.add([], [{ tokenId: theirs[0]?.id ?? '', at: NOW, ip: null }]);
      const expectList = async (filter: TokenFilter, expected: readonly string[]) => {
        const asked = { workspaceId: workspace.id, ...filter };
        const page = await store.tokens.list(asked, { limit: 100, after: null });
        deepEqual(idsOf(page.rows).sort(), [...expected].sort());
      };
      await expectList({}, [...ids, ...idsOf(theirs)]);
      await expectList({ ownerEnded: true }, idsOf(theirs));
      await expectList({ neverExpires: true }, [ids[0] as string, ...idsOf(theirs)]);
      await expectList({ ownerEnded: true, ownerId: owner.id }, []);
      await expectList({ unusedSince: NOW }, [ids[1] as string, ...idsOf(theirs.slice(1))]);
      await expectList({ expires: { from: NOW, to: NOW + 10 }, liveAt: NOW + 8 }, [ids[1] as string]);
      const tally = (scope: object, liveAt: number) =>
        store.oversight.tally(scope, { liveAt, endsBefore: NOW + 10, unusedSince: NOW });
      const mine = { workspaceId: workspace.id };
      const live = { live: 6, ending: 1, neverExpire: 5, unused: 4, ownerEnded: 4 };
      deepEqual(await tally(mine, NOW), live);
      deepEqual(await tally(mine, NOW + 9), { ...live, live: 5, ending: 0, unused: 3 });
      const own = { live: 2, ending: 1, neverExpire: 1, unused: 1, ownerEnded: 0 };
      deepEqual(await tally({ ownerId: owner.id }, NOW), own);
      const none = { live: 0, ending: 0, neverExpire: 0, unused: 0, ownerEnded: 0 };
      deepEqual(await tally({ ownerId: 'own_none' }, NOW), none);
    },
  },
  {
    title: 'denials of no known token are tallied by reason, of one workspace or of all, within their time',
    async run({ denials }) {
      const workspaceId = sampleId('wsp');
      const unknown = { tokenId: null, lineageId: null, workspaceId };
      await denials.add([
        ...[7, 8].map((at) => sampleDenial({ ...unknown, at, reason: 'invalid_token' })),
        sampleDenial({ ...unknown, at: 7, reason: 'authentication_required' }),
        sampleDenial({ ...unknown, at: 9, reason: 'invalid_token' }),
        sampleDenial({ workspaceId, at: 7, reason: 'rate_limited' }),
      ]);
      deepEqual(await denials.tallyUnknown({ workspaceId, from: 7, to: 9 }), [
        { reason: 'invalid_token', count: 2 },
        { reason: 'authentication_required', count: 1 },
      ]);
      deepEqual(await denials.tallyUnknown({ workspaceId, from: 10, to: 90 }), []);
      const everywhere = await denials.tallyUnknown({ from: 7, to: 9 });
      equal((everywhere.find(({ reason }) => reason === 'invalid_token')?.count ?? 0) >= 2, true);
    },
  },
];

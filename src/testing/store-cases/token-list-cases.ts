import { deepEqual, equal } from 'node:assert/strict';
import { tokenState } from '../../policy/index.ts';
import type { Page, PagePosition, TokenFilter, TokenOrder, TokenRecord } from '../../ports/index.ts';
import { sampleToken } from '../sample-records.ts';
import { idsOf, type StoreCase, seedTokens } from './store-case.ts';

const NOW = 1_700_000_000_000;

export const tokenListCases: readonly StoreCase[] = [
  {
    title: 'pages run newest first, ties by id, and neither repeat nor miss a row while others are inserted',
    async run(subject) {
      const { store } = subject;
      const ages = [5, 3, 3, 3, 1].map((age) => ({ createdAt: NOW + age }));
      const { owner, workspace, tokens } = await seedTokens(subject, ...ages);
      const expected = [...tokens].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
      const seen: string[] = [];
      let after: PagePosition | null = null;
      do {
        const page = await store.tokens.list({ workspaceId: workspace.id }, { limit: 2, after });
        seen.push(...idsOf(page.rows));
        after = page.next;
        const newer = sampleToken(owner, workspace, { createdAt: NOW + 100 + seen.length });
        await store.transact(({ tokens: writes }) => writes.insert(newer));
      } while (after !== null);
      deepEqual(seen, idsOf(expected));
    },
  },
  {
    title: 'a page that ends with the last row has no next position',
    async run(subject) {
      const { workspace } = await seedTokens(subject, {}, {});
      const page = await subject.store.tokens.list({ workspaceId: workspace.id }, { limit: 2, after: null });
      equal(page.rows.length, 2);
      equal(page.next, null);
    },
  },
  {
    title: 'a list is narrowed by owner, workspace, lineage and environment, together',
    async run(subject) {
      const { owner, workspace, tokens, ids } = await seedTokens(subject, { environment: 'test' }, {}, {});
      const other = await seedTokens(subject, {});
      const list = async (filter: Parameters<typeof subject.store.tokens.list>[0]) =>
        idsOf((await subject.store.tokens.list(filter, { limit: 100, after: null })).rows).sort();
      deepEqual(await list({ ownerId: owner.id }), [...ids].sort());
      deepEqual(await list({ workspaceId: workspace.id }), [...ids].sort());
      deepEqual(await list({ lineageId: tokens[1]?.lineageId ?? '' }), [ids[1]]);
      deepEqual(await list({ ownerId: owner.id, environment: 'test' }), [ids[0]]);
      deepEqual(await list({ ownerId: owner.id, workspaceId: other.workspace.id }), []);
    },
  },
  {
    title: 'a search finds name and hint whatever the case and takes nothing for a pattern',
    async run(subject) {
      const { workspace, ids } = await seedTokens(
        subject,
        { name: 'Straße ÖLWERK', hint: 'kh_live_aBcD…wXyZ' },
        { name: '100% of a_b \\ c', hint: 'kh_live_0000…0000' },
      );
      const search = async (text: string) => {
        const page = await subject.store.tokens.list(
          { workspaceId: workspace.id, search: text },
          { limit: 9, after: null },
        );
        return idsOf(page.rows);
      };
      deepEqual(await search('ölwerk'), [ids[0]]);
      deepEqual(await search('STRASSE'), []);
      deepEqual(await search('ABCD'), [ids[0]]);
      deepEqual(await search('100%'), [ids[1]]);
      deepEqual(await search('a_b'), [ids[1]]);
      deepEqual(await search('a%b'), []);
      deepEqual(await search('aXb'), []);
      deepEqual(await search('\\'), [ids[1]]);
      deepEqual(await search(`' or 1=1 --`), []);
    },
  },
  {
    title: 'live are tokens that are not revoked, not expired and not past their grace; disabled ones count',
    async run(subject) {
      const { workspace, ids } = await seedTokens(
        subject,
        {},
        { disabledAt: NOW },
        { expiresAt: NOW + 1 },
        { supersededAt: NOW - 9, supersededBy: 'tok_x', graceEndsAt: NOW + 1 },
        { revokedAt: NOW - 1 },
        { expiresAt: NOW },
        { supersededAt: NOW - 9, supersededBy: 'tok_x', graceEndsAt: NOW },
      );
      const filter = { workspaceId: workspace.id, liveAt: NOW };
      const page = await subject.store.tokens.list(filter, { limit: 100, after: null });
      deepEqual(idsOf(page.rows).sort(), ids.slice(0, 4).sort());
      equal(await subject.store.tokens.countLive(workspace.id, NOW), 4);
      equal(await subject.store.tokens.countLive('wsp_none', NOW), 0);
    },
  },
  {
    title: 'every token is in the list of its one state, at every boundary',
    async run(subject) {
      const over = { supersededAt: NOW - 9, supersededBy: 'tok_x' };
      const fields: Partial<TokenRecord>[] = [
        {},
        { expiresAt: NOW + 1 },
        { expiresAt: NOW },
        { disabledAt: NOW, expiresAt: NOW },
        { revokedAt: NOW, disabledAt: NOW },
        { ...over, graceEndsAt: NOW + 1 },
        { ...over, graceEndsAt: NOW },
        { ...over, graceEndsAt: null },
        { ...over, graceEndsAt: NOW + 1, expiresAt: NOW },
        { ...over, graceEndsAt: NOW, expiresAt: NOW },
        { ...over, graceEndsAt: NOW, revokedAt: NOW },
      ];
      const { workspace, tokens } = await seedTokens(subject, ...fields);
      for (const is of ['active', 'disabled', 'superseded', 'replaced', 'expired', 'revoked'] as const) {
        const filter = { workspaceId: workspace.id, state: { is, at: NOW } };
        const page = await subject.store.tokens.list(filter, { limit: 100, after: null });
        const expected = tokens.filter((token) => tokenState(token, NOW) === is);
        deepEqual(idsOf(page.rows).sort(), idsOf(expected).sort(), is);
      }
    },
  },
  {
    title: 'a list knows who was not used since, and whose expiry is near',
    async run({ store, usage }) {
      const { workspace, ids } = await seedTokens(
        { store },
        { createdAt: NOW - 100, expiresAt: NOW + 10 },
        { createdAt: NOW - 100, expiresAt: NOW + 20 },
        { createdAt: NOW - 100 },
        { createdAt: NOW },
      );
      await usage.add(
        [],
        [
          { tokenId: ids[0] as string, at: NOW - 51, ip: null },
          { tokenId: ids[1] as string, at: NOW - 50, ip: null },
        ],
      );
      const list = async (filter: TokenFilter) => {
        const page = await store.tokens.list({ workspaceId: workspace.id, ...filter }, { limit: 100, after: null });
        return idsOf(page.rows).sort();
      };
      deepEqual(await list({ unusedSince: NOW - 50 }), [ids[0], ids[2]].sort());
      deepEqual(await list({ expires: { from: NOW, to: NOW + 20 } }), [ids[0]]);
      deepEqual(await list({ expires: { from: NOW + 11, to: NOW + 99 } }), [ids[1]]);
    },
  },
  {
    title: 'pages run in every order, ties by id, and neither repeat nor miss a row',
    async run({ store, usage }) {
      const { workspace, tokens } = await seedTokens(
        { store },
        ...['beta', 'Alpha', 'alpha', 'Émile', 'gamma'].map((name, at) => ({
          name,
          createdAt: NOW + (at % 2),
          expiresAt: at < 2 ? null : NOW + (at % 3),
        })),
      );
      const used = new Map(tokens.slice(0, 3).map(({ id }, at) => [id, NOW + (at % 2)]));
      await usage.add(
        [],
        [...used].map(([tokenId, at]) => ({ tokenId, at, ip: null })),
      );
      const keys: Readonly<Record<TokenOrder, (token: TokenRecord) => number | string>> = {
        newest: ({ createdAt }) => -createdAt,
        oldest: ({ createdAt }) => createdAt,
        name: ({ name }) => Buffer.from(name.toLowerCase()).toString('hex'),
        last_used: ({ id }) => -(used.get(id) ?? 0),
        expires: ({ expiresAt }) => expiresAt ?? Number.MAX_SAFE_INTEGER,
      };
      for (const [order, key] of Object.entries(keys) as [TokenOrder, (typeof keys)['name']][]) {
        const isDown = order === 'newest' || order === 'last_used';
        const expected = tokens.toSorted((a, b) => {
          if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1;
          return (a.id < b.id ? -1 : 1) * (isDown ? -1 : 1);
        });
        const seen: string[] = [];
        let after: PagePosition | null = null;
        do {
          const page: Page<TokenRecord> = await store.tokens.list(
            { workspaceId: workspace.id },
            { limit: 2, after },
            order,
          );
          seen.push(...idsOf(page.rows));
          after = page.next;
        } while (after !== null);
        deepEqual(seen, idsOf(expected), order);
      }
    },
  },
];

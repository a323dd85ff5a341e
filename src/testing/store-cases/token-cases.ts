import { deepEqual, equal, rejects } from 'node:assert/strict';
import { tokenState } from '../../policy/index.ts';
import type {
  Page,
  PagePosition,
  TokenFilter,
  TokenOrder,
  TokenPatch,
  TokenRecord,
  UniqueViolation,
} from '../../ports/index.ts';
import { sampleId, sampleToken } from '../sample-records.ts';
import { type StoreCase, type StoreSubject, seedMember } from './store-case.ts';

const NOW = 1_700_000_000_000;

/** A member with tokens of the given fields, inserted one transaction each. */
async function seedTokens({ store }: Pick<StoreSubject, 'store'>, ...fields: Partial<TokenRecord>[]) {
  const member = await seedMember(store);
  const tokens = fields.map((each) => sampleToken(member.owner, member.workspace, each));
  for (const token of tokens) await store.transact(({ tokens: writes }) => writes.insert(token));
  return { ...member, tokens, ids: tokens.map(({ id }) => id) };
}

const everyField: Partial<TokenRecord> = {
  kind: 'access',
  parentId: 'tok_parent',
  clientId: 'cli_1',
  name: 'Überwachung "prod"; drop table',
  description: 'two\nlines',
  environment: 'test',
  pepperVersion: 7,
  ipAllowlist: ['203.0.113.0/24', '2001:db8::/32'],
  expiresAt: 253_402_300_799_999,
  expiryExplicit: true,
  limits: { by: 'windows', windows: [{ name: 'hour', limit: 1_000, seconds: 3_600 }] },
  rotation: {
    autoRotate: true,
    rotationPeriod: '90d',
    gracePeriod: '7d',
    notificationEmail: 'ops@example.com',
    selfRotate: false,
  },
  metadata: { plan: 'gold', nested: { list: [1, null, 'x'] } },
  createdBy: { kind: 'external', id: 'u-1' },
  disabledAt: NOW + 1,
  revokedAt: NOW + 2,
  revokedReason: 'left the company',
  supersededAt: NOW + 3,
  supersededBy: 'tok_next',
  graceEndsAt: NOW + 4,
  supersedes: 'tok_before',
  firstUsedAt: NOW + 5,
};

export const tokenCases: readonly StoreCase[] = [
  {
    title: 'a token comes back with every field as it was stored',
    async run(subject) {
      const grants: TokenRecord['grant'][] = [
        { mode: 'permissions', permissions: [] },
        { mode: 'level', level: 'admin' },
        { mode: 'inherit' },
      ];
      for (const grant of grants) {
        const soleKey = sampleId('sole');
        const { tokens } = await seedTokens(subject, { ...everyField, grant, soleKey }, {});
        for (const token of tokens) {
          deepEqual(plain(await subject.store.tokens.findById(token.id)), plain(token));
        }
      }
    },
  },
  {
    title: 'an unknown token is null, and an unknown lineage empty',
    async run({ store }) {
      equal(await store.tokens.findById('tok_none'), null);
      deepEqual(await store.tokens.findByLineage('lin_none'), []);
    },
  },
  {
    title: 'a lineage is listed oldest first',
    async run(subject) {
      const lineageId = sampleId('lin');
      const { ids } = await seedTokens(
        subject,
        { lineageId, createdAt: NOW + 2 },
        { lineageId, createdAt: NOW },
        { lineageId, createdAt: NOW + 1 },
        {},
      );
      const found = await subject.store.tokens.findByLineage(lineageId);
      deepEqual(idsOf(found), [ids[1], ids[2], ids[0]]);
    },
  },
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
  {
    title: 'an update changes what it names and nothing else',
    async run(subject) {
      const { store } = subject;
      const { tokens } = await seedTokens(subject, { description: 'kept' }, {});
      const [token, other] = tokens as [TokenRecord, TokenRecord];
      const patch: TokenPatch = {
        name: 'RENAMED',
        grant: { mode: 'level', level: 'read' },
        ipAllowlist: ['203.0.113.7'],
        revokedAt: NOW + 9,
        revokedReason: 'gone',
        digest: sampleId('digest'),
        pepperVersion: 2,
      };
      await store.transact(async ({ tokens: writes }) => {
        await writes.update(token.id, patch);
        await writes.update(other.id, {});
      });
      deepEqual(await store.tokens.findById(token.id), { ...token, ...patch });
      deepEqual(await store.tokens.findById(other.id), other);
      const found = await store.tokens.list({ ownerId: token.ownerId, search: 'renamed' }, { limit: 9, after: null });
      deepEqual(idsOf(found.rows), [token.id]);
    },
  },
  {
    title: 'row 14: a second token with the same digest or sole key is refused and named',
    async run(subject) {
      const { store } = subject;
      const soleKey = sampleId('sole');
      const { owner, workspace, tokens } = await seedTokens(subject, { soleKey });
      const digest = tokens[0]?.digest ?? '';
      const insert = (fields: Partial<TokenRecord>) =>
        store.transact(({ tokens: writes }) => writes.insert(sampleToken(owner, workspace, fields)));
      await rejects(insert({ digest }), isViolationOf('digest'));
      await rejects(insert({ soleKey }), isViolationOf('sole_key'));
      await insert({ soleKey: null });
    },
  },
  {
    title: 'locking a lineage gives all of it, oldest first, and [] for none',
    async run(subject) {
      const lineageId = sampleId('lin');
      const { ids } = await seedTokens(subject, { lineageId, createdAt: NOW + 1 }, { lineageId, revokedAt: NOW });
      await subject.store.transact(async ({ tokens }) => {
        deepEqual(idsOf(await tokens.lockLineage(lineageId)), [ids[1], ids[0]]);
        deepEqual(await tokens.lockLineage('lin_none'), []);
      });
    },
  },
  {
    title: 'locking an owner or a sole key gives the tokens that are not revoked, locking children gives all',
    async run(subject) {
      const soleKey = sampleId('sole');
      const parentId = sampleId('tok');
      const { owner, workspace, ids } = await seedTokens(
        subject,
        { soleKey },
        { parentId },
        { parentId, revokedAt: NOW },
      );
      await subject.store.transact(async ({ tokens }) => {
        equal((await tokens.lockSole(soleKey))?.id, ids[0]);
        equal(await tokens.lockSole('none/none'), null);
        deepEqual(idsOf(await tokens.lockChildren([parentId, 'tok_none'])).sort(), [ids[1], ids[2]].sort());
        deepEqual(await tokens.lockChildren([]), []);
        deepEqual(idsOf(await tokens.lockOfOwner(owner.id)).sort(), [ids[0], ids[1]].sort());
        deepEqual(idsOf(await tokens.lockOfOwner(owner.id, workspace.id)).length, 2);
        deepEqual(await tokens.lockOfOwner(owner.id, 'wsp_none'), []);
      });
    },
  },
];

export function isViolationOf(constraint: string) {
  return (error: unknown): boolean => {
    equal((error as Error).name, 'UniqueViolation');
    equal((error as UniqueViolation).constraint, constraint);
    return true;
  };
}

function idsOf(tokens: readonly TokenRecord[]): string[] {
  return tokens.map(({ id }) => id);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

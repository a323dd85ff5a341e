import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { TokenPatch, TokenRecord, UniqueViolation } from '../../ports/index.ts';
import { sampleId, sampleToken } from '../sample-records.ts';
import { idsOf, type StoreCase, seedTokens } from './store-case.ts';

const NOW = 1_700_000_000_000;

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

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

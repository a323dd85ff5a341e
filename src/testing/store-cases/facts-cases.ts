import { deepEqual, equal } from 'node:assert/strict';
import { sampleMembership, sampleRole, sampleToken } from '../sample-records.ts';
import { recordChange } from './history-cases.ts';
import { type StoreCase, seedMember } from './store-case.ts';

/** The one read that validity is decided from. */
export const factsCases: readonly StoreCase[] = [
  {
    title: 'facts are a token with its owner, membership, roles and workspace, and the sequence they were read at',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      const roles = [sampleRole(), sampleRole({ everything: true })].sort((a, b) => (a.id < b.id ? -1 : 1));
      const membership = sampleMembership(owner, workspace, {
        permissions: ['servers:*'],
        roleIds: roles.map(({ id }) => id),
      });
      await store.transact(async ({ owners, tokens, profiles }) => {
        for (const role of roles) await owners.directory.insertRole(role);
        await owners.putMembership(membership);
        await tokens.insert(token);
        await profiles.append({ name: 'keyhouse', digest: token.id, document: '{}', appliedAt: 1 });
      });
      const asOf = await recordChange(store, [{ kind: 'lineage', id: token.lineageId }]);
      const profileVersion = (await store.profiles.inForce())?.version;
      const expected = { token, owner, membership, roles, workspace, profileVersion, asOf };
      const sorted = (facts: typeof expected | null) =>
        facts && {
          ...facts,
          roles: [...facts.roles].sort((a, b) => (a.id < b.id ? -1 : 1)),
          membership: { ...facts.membership, roleIds: [...facts.membership.roleIds].sort() },
        };
      deepEqual(sorted((await store.facts.findByDigest([token.digest])) as typeof expected), expected);
      deepEqual(sorted((await store.facts.findByTokenId(token.id)) as typeof expected), expected);
    },
  },
  {
    title: 'row 16: a token is found by the digest of any pepper version asked for',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      await store.transact(({ tokens }) => tokens.insert(token));
      for (const digests of [
        [token.digest, 'x'],
        ['x', token.digest],
        ['x', 'y', token.digest],
      ]) {
        equal((await store.facts.findByDigest(digests))?.token.id, token.id);
      }
      equal(await store.facts.findByDigest(['x', 'y']), null);
      equal(await store.facts.findByDigest([]), null);
      equal(await store.facts.findByTokenId('tok_none'), null);
    },
  },
  {
    title: 'row 11: a digest is compared byte by byte',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      await store.transact(({ tokens }) => tokens.insert(token));
      const flipped = token.digest.replace(/[a-z]/i, (letter) =>
        letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
      );
      for (const digest of [flipped, `${token.digest} `, token.digest.slice(0, -1), '', '%', `${token.digest}\0`]) {
        equal(await Promise.resolve(store.facts.findByDigest([digest])).catch(() => null), null);
      }
    },
  },
  {
    title: 'row 29: an owner who left the workspace has facts without a membership',
    async run({ store }) {
      const { owner, workspace } = await seedMember(store);
      const token = sampleToken(owner, workspace);
      await store.transact(async ({ tokens, owners }) => {
        await tokens.insert(token);
        await owners.deleteMembership(owner.id, workspace.id);
      });
      const facts = await store.facts.findByDigest([token.digest]);
      equal(facts?.membership, null);
      deepEqual(facts?.roles, []);
      equal(facts?.owner.id, owner.id);
    },
  },
];

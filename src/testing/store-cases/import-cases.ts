import { deepEqual, equal, rejects } from 'node:assert/strict';
import { UniqueViolation } from '../../ports/index.ts';
import type { ImportedForm } from '../../token/index.ts';
import { sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const NOW = 1_700_000_000_000;
const FORM: ImportedForm = {
  source: 'table',
  recipe: 'sha256',
  prefix: 'old_',
  alphabet: 'hex',
  lengthMin: 32,
  lengthMax: 40,
  scheme: null,
};

/** What came from other systems. */
export const importCases: readonly StoreCase[] = [
  {
    title: 'a token of another system is noted once under its id there, and found by either id',
    async run({ store }) {
      const tokenId = sampleId('tok');
      const foreignId = `${tokenId}|1`;
      await store.transact(({ imports }) => imports.note('table', foreignId, tokenId, NOW));
      await store.transact(async ({ imports }) => {
        equal(await imports.find('table', foreignId), tokenId);
        equal(await imports.find('other', foreignId), null);
        equal(await imports.foreignId('table', tokenId), foreignId);
        equal(await imports.foreignId('table', sampleId('tok')), null);
      });
      const again = store.transact(({ imports }) => imports.note('table', foreignId, sampleId('tok'), NOW));
      await rejects(again, (error) => error instanceof UniqueViolation && /^imported_token/.test(error.constraint));
    },
  },
  {
    title: 'what tokens of other systems look like is kept by every later version of the profile',
    async run({ store }) {
      const version = { name: 'imports', digest: sampleId('sha'), document: '{}', appliedAt: NOW };
      await store.transact(({ profiles }) => profiles.append({ ...version, imports: [FORM] }));
      deepEqual((await store.profiles.inForce())?.imports, [FORM]);
      await store.transact(({ profiles }) => profiles.append({ ...version, digest: sampleId('sha') }));
      deepEqual((await store.profiles.inForce())?.imports, [FORM]);
      await store.transact(({ profiles }) => profiles.append({ ...version, imports: [] }));
      deepEqual((await store.profiles.inForce())?.imports, []);
    },
  },
];

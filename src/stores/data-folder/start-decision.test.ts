import { describe, expect, it } from 'vitest';
import {
  canariesOf,
  decideStart,
  type RefusedStart,
  type StartFindings,
  type StoreFound,
  type StoreSecrets,
} from './index.ts';

const places = { database: '/srv/data/keyhouse.sqlite', secrets: '/srv/data.secrets' };

function secretsOf(storeId: string, seed: number, change: Partial<StoreSecrets> = {}): StoreSecrets {
  return {
    storeId,
    pepper: { current: 1, versions: new Map([[1, new Uint8Array(32).fill(seed)]]) },
    isConfirmed: true,
    ...change,
  };
}

const secrets = secretsOf('sto_1', 1);
const store: StoreFound = { storeId: 'sto_1', canaries: canariesOf(secrets), newestSeq: 57, auditHashAtWitness: 'aa' };
const witness = { storeId: 'sto_1', seq: 57, auditHash: 'aa' };
const fitting: StartFindings = { store, secrets, witness };

describe('decideStart', () => {
  it('row 16: goes on where database, pepper and witness belong together', () => {
    expect(decideStart(fitting, places)).toEqual({ decision: 'ok', canariesToWrite: new Map(), confirm: false });
  });

  it('makes a new store where there is nothing at all', () => {
    const nothing: StartFindings = { store: null, secrets: null, witness: 'missing' };
    expect(decideStart(nothing, places)).toEqual({ decision: 'create', secrets: null });
  });

  it('finishes a first start that was cut off, at every point', () => {
    const begun = secretsOf('sto_1', 1, { isConfirmed: false });
    expect(decideStart({ store: null, secrets: begun, witness: 'missing' }, places)).toEqual({
      decision: 'create',
      secrets: begun,
    });
    expect(decideStart({ store, secrets: begun, witness: 'missing' }, places)).toMatchObject({
      decision: 'ok',
      confirm: true,
    });
    expect(decideStart({ store, secrets: begun, witness }, places)).toMatchObject({ decision: 'ok', confirm: true });
  });

  it('gives the store the canary of a pepper whose rotation was cut off', () => {
    const pepper = { current: 2, versions: new Map([...secrets.pepper.versions, [2, new Uint8Array(32).fill(9)]]) };
    const rotated = { ...secrets, pepper };
    const decision = decideStart({ ...fitting, secrets: rotated }, places);
    expect(decision).toMatchObject({ decision: 'ok' });
    expect(decision.decision === 'ok' && decision.canariesToWrite).toEqual(new Map([[2, canariesOf(rotated).get(2)]]));
  });

  it('accepts a newer database: not every change is a tightening', () => {
    expect(decideStart({ ...fitting, store: { ...store, newestSeq: 60 } }, places).decision).toBe('ok');
  });

  it('accepts a restored database, which has no change of the witness’ number', () => {
    const restored = { ...store, newestSeq: 58, auditHashAtWitness: null };
    expect(decideStart({ ...fitting, store: restored }, places).decision).toBe('ok');
  });

  it('asks for no witness where other nodes play its part', () => {
    expect(decideStart({ ...fitting, witness: 'not_kept' }, places).decision).toBe('ok');
    expect(decideStart({ store: null, secrets, witness: 'not_kept' }, places)).toMatchObject({
      because: 'database_missing',
    });
  });

  const refused: readonly [string, StartFindings, RefusedStart, readonly string[]][] = [
    [
      'a missing database beside secrets in use',
      { ...fitting, store: null },
      'database_missing',
      ['keyhouse restore <backup file> --keys=revoke-all', '--keys=trust', 'keyhouse init --new-store', 'sto_1'],
    ],
    [
      'a missing pepper',
      { ...fitting, secrets: null },
      'pepper_missing',
      ['/srv/data.secrets', 'KEYHOUSE_SECRETS_DIR', '--new-pepper'],
    ],
    [
      'a wrong pepper',
      { ...fitting, secrets: secretsOf('sto_1', 2) },
      'pepper_wrong',
      ['Pepper 1', 'Put the right copy'],
    ],
    [
      'a pepper that the store still needs and the ring no longer has',
      {
        ...fitting,
        secrets: { ...secrets, pepper: { current: 2, versions: new Map([[2, new Uint8Array(32)]]) } },
      },
      'pepper_wrong',
      ['Pepper 1', 'is missing'],
    ],
    ['the secrets of another store', { ...fitting, secrets: secretsOf('sto_2', 1) }, 'other_store', ['sto_1', 'sto_2']],
    [
      'the witness of another store',
      { ...fitting, witness: { ...witness, storeId: 'sto_2' } },
      'other_store',
      ['sto_2', 'witness'],
    ],
    [
      'a missing witness',
      { ...fitting, witness: 'missing' },
      'witness_missing',
      ['/srv/data.secrets/witness', `keyhouse restore ${places.database} --keys=trust`, 'keyhouse init --new-store'],
    ],
    ['a damaged witness', { ...fitting, witness: 'damaged' }, 'witness_damaged', ['is damaged', '--keys=revoke-all']],
    [
      'an old copy of the database',
      { ...fitting, store: { ...store, newestSeq: 56 } },
      'database_older',
      ['number 56', 'number 57', '--keys=revoke-all', '--keys=trust', 'keyhouse init --new-store'],
    ],
    [
      'a copy that went on by itself',
      { ...fitting, store: { ...store, newestSeq: 90, auditHashAtWitness: 'bb' } },
      'other_history',
      ['number 57', '--keys=revoke-all', 'keyhouse init --new-store'],
    ],
  ];
  it.each(refused)('row 16: refuses %s and says what to do', (_title, findings, because, words) => {
    const decision = decideStart(findings, places);
    expect(decision).toMatchObject({ decision: 'refuse', because });
    for (const word of words) expect(decision.decision === 'refuse' && decision.message).toContain(word);
  });
});

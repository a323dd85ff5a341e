import { describe, expect, it } from 'vitest';
import type { InstallationFacts } from '../server/operator.ts';
import { judgeInstallation, judgeListeners, judgeStore, type StoreCheck } from './diagnosis.ts';

const NOW = Date.parse('2027-03-01T12:00:00Z');
const CLOSED = { path: '/data', exists: true, openToOthers: null, foreignUser: null };
const SOUND: InstallationFacts = {
  version: '1.2.3',
  nodeVersion: '24.21.0',
  runtimeProblem: null,
  now: NOW,
  dataFolder: CLOSED,
  secretsFolder: { ...CLOSED, path: '/data.secrets' },
  pepperFile: { ...CLOSED, path: '/data.secrets/pepper.json' },
  secretsAmongData: false,
  ownerNote: { pid: 7, startedAt: NOW, version: '1.2.3' },
  freeBytes: 1e10,
  certificateEndsAt: null,
};
const STORE: StoreCheck = {
  store_id: 'sto_1',
  pepper: { current: 1, versions: [1] },
  newest_change: 5,
  newest_event_at: '2027-03-01T11:59:59.000Z',
  audit: { sound: true, seq: 5, problem: null },
  now: '2027-03-01T12:00:00.000Z',
  version: '1.2.3',
};
const LISTENERS = {
  api: { host: '127.0.0.1', port: 8000 },
  dashboard: { host: '127.0.0.1', port: 4300 },
  tls: null,
  trustedProxies: null,
  unsafe: [],
};

const complaints = (facts: Partial<InstallationFacts>) =>
  judgeInstallation({ ...SOUND, ...facts })
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status }) => `${status} ${check}`);
const listenerComplaints = (facts: Partial<InstallationFacts>) =>
  judgeListeners(LISTENERS, { ...SOUND, ...facts })
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status }) => `${status} ${check}`);
const storeComplaints = (check: Partial<StoreCheck>, facts: Partial<InstallationFacts> = {}) =>
  judgeStore({ ...STORE, ...check }, { ...SOUND, ...facts }, true)
    .filter(({ status }) => status !== 'ok')
    .map(({ check: what, status }) => `${status} ${what}`);

describe('the diagnosis', () => {
  it('complains of nothing in a sound installation', () => {
    expect([...complaints({}), ...listenerComplaints({}), ...storeComplaints({})]).toEqual([]);
  });

  it('complains of folders and files that others reach, and of a pepper that is lost or among the data', () => {
    expect(complaints({ dataFolder: { ...CLOSED, openToOthers: '0755' } })).toEqual(['problem data folder']);
    expect(complaints({ secretsFolder: { ...CLOSED, foreignUser: 1000 } })).toEqual(['problem secrets']);
    expect(complaints({ pepperFile: { ...CLOSED, openToOthers: '0644' } })).toEqual(['problem pepper']);
    expect(complaints({ pepperFile: { ...CLOSED, exists: false } })).toEqual(['problem pepper']);
    expect(complaints({ secretsAmongData: true })).toEqual(['warning pepper']);
  });

  it('complains of an old Node.js, a full disk and a clock that is long past', () => {
    expect(complaints({ runtimeProblem: 'Too old.' })).toEqual(['problem node']);
    expect(complaints({ freeBytes: 1_000 })).toEqual(['warning disk']);
    expect(complaints({ now: 0 })).toEqual(['problem clock']);
  });

  it('warns of a certificate that ends soon and complains of one that has ended', () => {
    expect(listenerComplaints({ certificateEndsAt: NOW + 86_400_000 * 60 })).toEqual([]);
    expect(listenerComplaints({ certificateEndsAt: NOW + 86_400_000 })).toEqual(['warning certificate']);
    expect(listenerComplaints({ certificateEndsAt: NOW - 1 })).toEqual(['problem certificate']);
  });

  it('complains of a broken audit chain, of changes from the future, of clocks that differ and of another version', () => {
    expect(storeComplaints({ audit: { sound: false, seq: 3, problem: 'content' } })).toEqual(['problem audit']);
    expect(storeComplaints({ newest_event_at: '2027-03-01T13:00:00.000Z' })).toEqual(['problem clock']);
    expect(storeComplaints({ now: '2027-03-01T12:05:00.000Z' })).toEqual(['problem clock']);
    expect(storeComplaints({ version: '1.2.2' })).toEqual(['warning owner']);
  });
});

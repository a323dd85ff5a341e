import { deepEqual, equal } from 'node:assert/strict';
import type { Finding, TrialRecord } from '../../ports/index.ts';
import { sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const DAY = 86_400_000;
/** No other case has trials: what is in force at these instants is of the case alone. */
const NOW = Date.parse('2031-05-01T00:00:00Z');

function sampleTrial(fields: Partial<TrialRecord> = {}): TrialRecord {
  const terms = { kind: 'role' as const, permissions: ['servers:read'] };
  return {
    id: sampleId('trl'),
    name: 'A trial',
    subject: { kind: 'role', id: sampleId('rol') },
    workspaceId: null,
    operation: 'updateRole',
    input: { permissions: [] },
    before: terms,
    after: { ...terms, permissions: [] },
    createdAt: NOW,
    createdBy: { kind: 'operator', id: null },
    endsAt: NOW + DAY,
    endedAt: null,
    ending: null,
    ...fields,
  };
}

function sampleFinding(fields: Partial<Finding> = {}): Finding {
  return {
    id: sampleId('fnd'),
    tokenId: sampleId('tok'),
    reason: 'insufficient_permissions',
    about: { missing: ['servers:write'], route: 'GET /servers/{id}' },
    count: 1,
    firstAt: NOW,
    lastAt: NOW,
    lastRequestId: 'req_1',
    ...fields,
  };
}

/** Trials, and what they have seen. */
export const trialCases: readonly StoreCase[] = [
  {
    title: 'a trial is in force until it is over or ended, and is listed by operation and workspace afterwards',
    async run({ store }) {
      const workspaceId = sampleId('wsp');
      const [lasting, ended, over] = [
        sampleTrial({ workspaceId }),
        sampleTrial({ workspaceId, createdAt: NOW + 1 }),
        sampleTrial({ workspaceId, createdAt: NOW + 2, endsAt: NOW + 5 }),
      ] as const;
      await store.transact(async ({ trials }) => {
        const others = await trials.lockInForce(NOW, workspaceId);
        equal(others.here, 0);
        for (const trial of [lasting, ended, over]) await trials.insert(trial);
        deepEqual(await trials.lockInForce(NOW, workspaceId), { here: 3, ofWorkspaces: others.ofWorkspaces + 3 });
        deepEqual(await trials.lock(ended.id), ended);
        await trials.end(ended.id, NOW + 3, 'enforced');
      });
      const inForce = (await store.trials.inForce(NOW + 5)).filter((trial) => trial.workspaceId === workspaceId);
      deepEqual(inForce, [lasting]);
      deepEqual(await store.trials.find(ended.id), { ...ended, endedAt: NOW + 3, ending: 'enforced' });
      equal(await store.trials.find('trl_none'), null);
      const list = (operations: string[], after: { at: number; id: string } | null) =>
        store.trials.list({ operations, workspaceId }, { limit: 2, after });
      const first = await list(['updateRole', 'updateToken'], null);
      deepEqual(
        first.rows.map(({ id }) => id),
        [over.id, ended.id],
      );
      deepEqual(
        (await list(['updateRole'], { at: ended.createdAt, id: ended.id })).rows.map(({ id }) => id),
        [lasting.id],
      );
      deepEqual(await list(['updateToken'], null), { rows: [], next: null });
      deepEqual(await list([], null), { rows: [], next: null });
    },
  },
  {
    title: 'trials that ended before an instant are purged, and no others',
    async run({ store }) {
      const long = NOW - 1_000 * DAY;
      const [over, ended, lasting] = [
        sampleTrial({ createdAt: long, endsAt: long + 1 }),
        sampleTrial({ createdAt: long, endsAt: NOW, endedAt: long + 2, ending: 'ended' }),
        sampleTrial({ createdAt: long, endsAt: NOW }),
      ] as const;
      await store.transact(async ({ trials }) => {
        for (const trial of [over, ended, lasting]) await trials.insert(trial);
      });
      const purged = await store.transact(({ trials }) => trials.purge(long + 3));
      deepEqual(
        [over, ended, lasting].map(({ id }) => purged.includes(id)),
        [true, true, false],
      );
      equal(await store.trials.find(over.id), null);
      deepEqual(await store.trials.find(lasting.id), lasting);
    },
  },
  {
    title: 'what a trial has seen adds up: counts are summed, instants widen, the newest request is kept',
    async run({ trials }) {
      const trialId = sampleId('trl');
      const finding = sampleFinding();
      const other = sampleFinding({ firstAt: NOW + 9, lastAt: NOW + 9 });
      const tally = { judged: 3, refused: 2, unlisted: 1 };
      await trials.add([{ trialId, ...tally, findings: [{ ...finding, firstAt: NOW + 1, lastAt: NOW + 5 }, other] }]);
      const older = { ...finding, count: 2, lastAt: NOW + 4, lastRequestId: 'req_older' };
      await trials.add([{ trialId, ...tally, findings: [older] }]);
      await trials.add([]);
      const { rows } = await trials.findings(trialId, { limit: 100, after: null });
      deepEqual(rows, [other, { ...finding, count: 3, firstAt: NOW, lastAt: NOW + 5 }]);
      deepEqual(
        await trials.tallies([trialId, 'trl_none']),
        new Map([[trialId, { judged: 6, refused: 4, unlisted: 2, tokens: 2 }]]),
      );
      deepEqual(
        (await trials.known(trialId)).map(({ tokenId }) => tokenId).sort(),
        [finding.tokenId, other.tokenId].sort(),
      );
    },
  },
  {
    title: 'findings come page by page, newest first, and go with their trial',
    async run({ trials }) {
      const trialId = sampleId('trl');
      const findings = [1, 2, 3].map((at) => sampleFinding({ firstAt: NOW + at, lastAt: NOW + at }));
      await trials.add([{ trialId, judged: 3, refused: 3, unlisted: 0, findings }]);
      const first = await trials.findings(trialId, { limit: 2, after: null });
      deepEqual(first.rows, [findings[2], findings[1]]);
      const second = await trials.findings(trialId, { limit: 2, after: first.next });
      deepEqual(second, { rows: [findings[0]], next: null });
      await trials.remove([trialId]);
      await trials.remove([]);
      deepEqual(await trials.findings(trialId, { limit: 2, after: null }), { rows: [], next: null });
      equal((await trials.tallies([trialId])).size, 0);
    },
  },
];

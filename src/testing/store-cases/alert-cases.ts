import { deepEqual, equal } from 'node:assert/strict';
import { sampleAlert, sampleDenial, sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = 472_000 * HOUR_MS;
const DAY = Math.floor(NOW / DAY_MS) * DAY_MS;

/** What was unusual, and what is looked at for it. */
export const alertCases: readonly StoreCase[] = [
  {
    title: 'an alert is there once for its key, is counted up, acknowledged and found by what it is about',
    async run({ store }) {
      const alert = sampleAlert({ workspaceId: sampleId('wsp'), lineageId: sampleId('lin'), ownerId: sampleId('own') });
      const again = { ...alert, id: sampleId('alt') };
      const insert = (one: typeof alert) => store.transact(({ alerts }) => alerts.insert(one));
      equal(await insert(alert), true);
      equal(await insert(again), false);
      deepEqual(await store.transact(({ alerts }) => alerts.lockByKey(alert.key)), alert);
      const patch = {
        count: 3,
        networks: ['192.0.2.0/24'],
        acknowledgedAt: NOW,
        acknowledgedBy: { kind: 'host', id: null },
        note: 'known',
      } as const;
      await store.transact(({ alerts }) => alerts.update(alert.id, patch));
      deepEqual(await store.alerts.find(alert.id), { ...alert, ...patch });
      const open = sampleAlert({ workspaceId: alert.workspaceId, createdAt: alert.createdAt + 1 });
      await insert(open);
      const { workspaceId = '' } = alert as { workspaceId: string };
      const page = { limit: 1, after: null };
      const first = await store.alerts.list({ workspaceId }, page);
      deepEqual(first.rows, [open]);
      deepEqual((await store.alerts.list({ workspaceId }, { ...page, after: first.next })).rows, [
        { ...alert, ...patch },
      ]);
      deepEqual((await store.alerts.list({ workspaceId, isOpen: true }, page)).rows, [open]);
      deepEqual((await store.alerts.list({ lineageId: alert.lineageId ?? '' }, page)).rows.length, 1);
      equal(await store.alerts.count({ workspaceId }, 1), 1);
      equal(await store.transact(({ alerts }) => alerts.eraseNetworks(alert.ownerId ?? '')), 1);
      deepEqual((await store.alerts.find(alert.id))?.networks, []);
    },
  },
  {
    title: 'the oldest alerts go, those beyond a time and those beyond a number, and a watch keeps its place',
    async run({ store }) {
      const ids = [];
      for (const createdAt of [10, 20, 30]) {
        const alert = sampleAlert({ createdAt });
        ids.push(alert.id);
        await store.transact(({ alerts }) => alerts.insert(alert));
      }
      await store.transact(({ alerts }) => alerts.trim(15, 1_000_000));
      equal(await store.alerts.find(ids[0] ?? ''), null);
      await store.transact(({ alerts }) => alerts.trim(0, 1));
      const { rows } = await store.alerts.list({}, { limit: 10, after: null });
      equal(rows.length, 1);
      const name = sampleId('watch');
      equal(await store.transact(({ alerts }) => alerts.position(name)), null);
      for (const place of [5, 9]) await store.transact(({ alerts }) => alerts.moveTo(name, place));
      equal(await store.transact(({ alerts }) => alerts.position(name)), 9);
    },
  },
  {
    title: 'a network of a token is new until it was looked at, and forgotten when it was long unused',
    async run({ sightings: { networks } }) {
      const [tokenId, other] = [sampleId('tok'), sampleId('tok')];
      const [home, away] = ['198.51.100.0/24', '2001:db8::/64'];
      await networks.note([{ tokenId, network: home }], 1_000);
      await networks.note(
        [
          { tokenId, network: away },
          { tokenId: other, network: away },
          { tokenId, network: home },
        ],
        2_000,
      );
      const mine = [
        { tokenId, network: home, firstAt: 1_000 },
        { tokenId, network: away, firstAt: 2_000 },
      ];
      const found = await networks.findNew(1_000);
      deepEqual(
        found.filter((one) => one.tokenId === tokenId),
        mine,
      );
      await networks.learn(mine);
      deepEqual(
        await networks.of([tokenId]),
        mine.map((one) => ({ ...one, isKnown: true })),
      );
      await networks.note([{ tokenId, network: home }], 3 * DAY_MS);
      equal((await networks.of([tokenId]))[0]?.firstAt, 1_000);
      await networks.forgetUnused(DAY_MS);
      deepEqual(
        (await networks.of([tokenId, other])).map((one) => [one.tokenId, one.network]),
        [
          [tokenId, home],
          [other, away],
        ],
      );
      await networks.forget([{ tokenId: other, network: away, firstAt: 2_000 }]);
      deepEqual(await networks.of([other]), []);
    },
  },
  {
    title: 'too many refusals of a token in an hour are found, with all of its day and none because of a limit',
    async run({ sightings: { refusals, networks }, usage }) {
      const [busy, quiet] = [sampleId('tok'), sampleId('tok')];
      const row = (tokenId: string, hour: number, outcome: string, count: number) => ({
        tokenId,
        hour,
        outcome,
        count,
      });
      await usage.add(
        [
          row(busy, DAY, 'invalid_token', 2),
          row(busy, NOW, 'invalid_token', 600_000),
          row(busy, NOW, 'insufficient_permissions', 400_000),
          row(busy, NOW, 'ok', 5),
          row(quiet, NOW, 'insufficient_permissions', 1),
          row(quiet, NOW, 'rate_limited', 2_000_000),
        ],
        [],
      );
      const bursts = await refusals.bursts({ fromHour: NOW - HOUR_MS, countMin: 1_000_000, limit: 10 });
      deepEqual(
        bursts.filter(({ tokenId }) => [busy, quiet].includes(tokenId)),
        [{ tokenId: busy, day: DAY, count: 1_000_002, firstHour: DAY, lastHour: NOW }],
      );
      equal(await networks.countUses([busy, quiet], NOW + 1), 5);
      equal(await networks.countUses([busy], NOW - 1), 0);
    },
  },
  {
    title: 'uses after the end are found among denials, with all there is of each day and where they came from',
    async run({ sightings: { refusals }, denials }) {
      const [tokenId, lineageId] = [sampleId('tok'), sampleId('lin')];
      const ended = { tokenId, lineageId, reason: 'invalid_token', cause: 'revoked' };
      await denials.add([
        sampleDenial({ ...ended, at: DAY + 1, ip: '192.0.2.1' }),
        sampleDenial({ ...ended, at: NOW, ip: '192.0.2.2', cause: 'replaced' }),
        sampleDenial({ ...ended, at: NOW + 1, cause: 'disabled' }),
        sampleDenial({ ...ended, at: DAY - 1 }),
      ]);
      const uses = await refusals.endedUses(NOW, 1_000);
      deepEqual(
        uses.filter((use) => use.tokenId === tokenId),
        [{ tokenId, day: DAY, count: 2, firstAt: DAY + 1, lastAt: NOW }],
      );
      const addresses = await refusals.addressesOf(lineageId, DAY, NOW + 1);
      deepEqual([...addresses].sort(), ['192.0.2.1', '192.0.2.2']);
    },
  },
  {
    title: 'failures are added up by hour and network, and found where there are too many in one hour',
    async run({ sightings: { failures } }) {
      const network = `${sampleId('net')}/24`;
      const row = (hour: number, count: number) =>
        ({ kind: 'guess', network, hour, count, lastAt: hour + count }) as const;
      await failures.add([row(DAY, 1), row(NOW, 600_000)]);
      await failures.add([row(NOW, 400_000), { ...row(NOW, 7), kind: 'token_in_url' }]);
      const asked = { fromHour: NOW, countMin: 1_000_000, limit: 10 };
      const mine = (await failures.bursts('guess', asked)).filter((burst) => burst.network === network);
      deepEqual(mine, [{ network, day: DAY, count: 1_000_001, firstHour: DAY, lastAt: NOW + 400_000 }]);
      deepEqual(await failures.bursts('guess', { ...asked, countMin: 1_000_001 }), []);
      await failures.forget(NOW + HOUR_MS);
      deepEqual(await failures.bursts('token_in_url', { ...asked, countMin: 1 }), []);
    },
  },
];

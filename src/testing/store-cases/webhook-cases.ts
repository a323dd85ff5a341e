import { deepEqual, equal } from 'node:assert/strict';
import type { EventDraft, Store, WebhookRecord } from '../../ports/index.ts';
import { sampleId } from '../sample-records.ts';
import type { StoreCase } from './store-case.ts';

const NOW = 1_700_000_000_000;
const HOUR = 3_600_000;

async function seedWebhook(store: Store, patch: Partial<WebhookRecord> = {}): Promise<WebhookRecord> {
  const webhook: WebhookRecord = {
    id: sampleId('whk'),
    workspaceId: sampleId('wsp'),
    url: 'https://hooks.example.com/',
    description: null,
    eventTypes: null,
    sealedSecret: '1.sealed',
    previousSealed: null,
    previousEndsAt: null,
    disabledAt: null,
    disabledWhy: null,
    failingSince: null,
    lastFailedAt: null,
    createdAt: NOW,
    createdBy: { kind: 'host', id: null },
    ...patch,
  };
  await store.transact(({ webhooks }) => webhooks.insert(webhook));
  return webhook;
}

const event = ({ workspaceId }: WebhookRecord, patch: Partial<EventDraft> = {}): EventDraft => ({
  type: 'token.revoked',
  at: NOW,
  workspaceId,
  data: { b: 1, a: 'ü' },
  ...patch,
});

const publish = (store: Store, draft: EventDraft) => store.transact(({ events }) => events.publish(draft));
const deliveriesOf = async (store: Store, { id }: WebhookRecord) =>
  (await store.webhooks.listDeliveries({ webhookId: id }, { limit: 100, after: null })).rows;

/** Who is told what happens, and what became of it. */
export const webhookCases: readonly StoreCase[] = [
  {
    title: 'an endpoint is kept as it was given, found in its workspace, and gone with its deliveries',
    async run({ store }) {
      const webhook = await seedWebhook(store, { eventTypes: ['token.revoked'], description: 'x' });
      const { id, workspaceId } = webhook;
      deepEqual(await store.webhooks.find(id), webhook);
      const page = await store.webhooks.list({ workspaceId: workspaceId ?? '' }, { limit: 10, after: null });
      deepEqual(page.rows, [webhook]);
      const patch = {
        url: 'https://other.example.com/',
        eventTypes: null,
        disabledAt: 5,
        disabledWhy: 'gone',
      } as const;
      await store.transact(async ({ webhooks }) => {
        equal(await webhooks.count(workspaceId), 1);
        deepEqual(await webhooks.lock(id), webhook);
        await webhooks.update(id, patch);
      });
      deepEqual(await store.webhooks.find(id), { ...webhook, ...patch });
      await store.transact(({ webhooks }) => webhooks.delete(id));
      equal(await store.webhooks.find(id), null);
    },
  },
  {
    title: 'an event is for the endpoints of its workspace that are enabled and named its type, and for no others',
    async run({ store }) {
      const webhook = await seedWebhook(store);
      const { workspaceId } = webhook;
      const picky = await seedWebhook(store, { workspaceId, eventTypes: ['token.created'] });
      const disabled = await seedWebhook(store, { workspaceId, disabledAt: 1, disabledWhy: 'by_hand' });
      const foreign = await seedWebhook(store);
      await publish(store, event(webhook));
      const told = await Promise.all([webhook, picky, disabled, foreign].map((one) => deliveriesOf(store, one)));
      deepEqual(
        told.map((rows) => rows.map(({ type, state, attempts }) => [type, state, attempts])),
        [[['token.revoked', 'pending', 0]], [], [], []],
      );
      await store.transact(async ({ events, webhooks }) => {
        equal(await events.isAwaited('token.revoked', workspaceId), true);
        await webhooks.delete(webhook.id);
        equal(await events.isAwaited('token.revoked', workspaceId), true, 'one that is disabled may ask later');
        await webhooks.delete(disabled.id);
        equal(await events.isAwaited('token.revoked', workspaceId), false);
      });
    },
  },
  {
    title: 'an event is published with its transaction, or not at all',
    async run({ store }) {
      const webhook = await seedWebhook(store);
      const work = store.transact(async ({ events }) => {
        await events.publish(event(webhook));
        throw new Error('taken back');
      });
      await work.catch(() => {});
      deepEqual(await deliveriesOf(store, webhook), []);
    },
  },
  {
    title: 'a delivery is taken by one, settled once, and taken again when its claim has run out',
    async run({ store, deliveryQueue: deliveries }) {
      const webhook = await seedWebhook(store);
      await publish(store, event(webhook));
      const mine = async (now: number, until: number) =>
        (await deliveries.claim(now, until, { count: 1_000 })).filter((one) => one.webhook.id === webhook.id);
      const [taken, ...others] = await mine(NOW, NOW + 100);
      equal(others.length, 0);
      if (taken === undefined) throw new Error('a delivery is due');
      deepEqual(taken.webhook, webhook);
      deepEqual([taken.attempts, taken.attemptsOfSeries, taken.begunAt], [1, 1, NOW]);
      deepEqual(
        [taken.event.type, taken.event.at, JSON.parse(taken.event.dataText)],
        ['token.revoked', NOW, { b: 1, a: 'ü' }],
      );
      deepEqual(await mine(NOW + 99, NOW + 200), []);
      const [again] = await mine(NOW + 100, NOW + 200);
      equal(again?.attempts, 2);
      equal(await deliveries.settle(taken, { state: 'sent', at: NOW, status: 204 }), false, 'somebody else has it');
      const later = { state: 'pending', nextAt: NOW + HOUR, error: 'no', status: 500 } as const;
      equal(await deliveries.settle(again as typeof taken, later), true);
      deepEqual(await mine(NOW + HOUR - 1, NOW + HOUR), []);
      const [third] = await mine(NOW + HOUR, NOW + 2 * HOUR);
      equal(await deliveries.settle(third as typeof taken, { state: 'sent', at: NOW + HOUR, status: 204 }), true);
      const [record] = await deliveriesOf(store, webhook);
      deepEqual(
        [record?.state, record?.attempts, record?.lastStatus, record?.lastError, record?.sentAt],
        ['sent', 3, 204, null, NOW + HOUR],
      );
    },
  },
  {
    title: 'of one endpoint no more deliveries are taken at a time than are allowed, and those of others all the same',
    async run({ store, deliveryQueue: deliveries }) {
      const [slow, other] = [await seedWebhook(store), await seedWebhook(store)];
      for (let at = 0; at < 5; at++) await publish(store, event(slow, { at: NOW - 10 * HOUR + at }));
      await publish(store, event(other));
      const limit = { count: 1_000, perReceiver: 2, underWay: new Map([[slow.id, 1]]) };
      const taken = await deliveries.claim(NOW, NOW + 1, limit);
      const countOf = ({ id }: WebhookRecord) => taken.filter(({ webhook }) => webhook.id === id).length;
      deepEqual([countOf(slow), countOf(other)], [1, 1]);
      const full = { ...limit, underWay: new Map([[slow.id, 2]]) };
      const more = await deliveries.claim(NOW, NOW + 1, full);
      equal(more.filter(({ webhook }) => webhook.id === slow.id).length, 0);
    },
  },
  {
    title: 'a replay begins anew what ended, and what an endpoint has missed since a time',
    async run({ store, deliveryQueue: deliveries }) {
      const webhook = await seedWebhook(store);
      await publish(store, event(webhook));
      const [first] = await deliveriesOf(store, webhook);
      const id = first?.id ?? '';
      await store.transact(({ webhooks }) => webhooks.giveUpAll(webhook.id, 'no more'));
      const again = await store.transact(({ webhooks }) => webhooks.replay(id, NOW + 5));
      deepEqual([again?.state, again?.nextAt, again?.lastError], ['pending', NOW + 5, null]);
      const [taken] = (await deliveries.claim(NOW + 5, NOW + 6, { count: 1_000 })).filter((one) => one.id === id);
      deepEqual([taken?.attemptsOfSeries, taken?.begunAt], [1, NOW + 5]);
      equal(await store.transact(({ webhooks }) => webhooks.replay('dlv_none', NOW)), null);

      await deliveries.settle({ id, attempts: taken?.attempts ?? 0 }, { state: 'sent', at: NOW + 6 });
      await store.transact(({ webhooks }) => webhooks.update(webhook.id, { disabledAt: NOW, disabledWhy: 'by_hand' }));
      await publish(store, event(webhook, { at: NOW + 10 }));
      await publish(store, event(webhook, { at: NOW + 20 }));
      const since = (at: number, isAll: boolean) =>
        store.transact(({ webhooks }) => webhooks.replaySince(webhook, at, NOW + 30, isAll));
      equal(await since(NOW + 11, false), 1);
      equal(await since(NOW, false), 1);
      equal(await since(NOW, false), 0);
      equal(await since(NOW, true), 1);
      equal((await deliveriesOf(store, webhook)).length, 3);
    },
  },
  {
    title:
      'an endpoint fails since its first failure, and anew after a delivery was taken or nothing was tried for days',
    async run({ store, deliveryQueue: deliveries }) {
      const { id } = await seedWebhook(store);
      const failingAfter = async (at: number, isTaken: boolean) => {
        await deliveries.noteHealth(id, at, isTaken);
        return (await store.webhooks.find(id))?.failingSince;
      };
      equal(await failingAfter(NOW, false), NOW);
      equal(await failingAfter(NOW + 24 * HOUR, false), NOW);
      equal(await failingAfter(NOW + 25 * HOUR, true), null);
      equal(await failingAfter(NOW + 26 * HOUR, false), NOW + 26 * HOUR);
      equal(await failingAfter(NOW + 90 * HOUR, false), NOW + 90 * HOUR);
    },
  },
  {
    title: 'events that are old go, with their deliveries',
    async run({ store, deliveryQueue: deliveries }) {
      const webhook = await seedWebhook(store);
      await publish(store, event(webhook, { at: 1_000 }));
      await publish(store, event(webhook));
      await deliveries.trim(2_000, 1_000_000);
      deepEqual(
        (await deliveriesOf(store, webhook)).map(({ happenedAt }) => happenedAt),
        [NOW],
      );
    },
  },
];

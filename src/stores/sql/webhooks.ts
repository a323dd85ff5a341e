import { sql } from 'kysely';
import type { WebhookReads, WebhookWrites } from '../../ports/index.ts';
import { findDelivery, listDeliveries } from './deliveries.ts';
import { insertDeliveries, insertEvent } from './events.ts';
import { byAge, isAfter, toPage } from './paging.ts';
import type { Session } from './session.ts';
import { toColumns, toWebhook } from './webhook-row.ts';

export function webhookReads(session: Pick<Session, 'db'>): WebhookReads {
  const { db } = session;
  return {
    async find(id) {
      const row = await db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toWebhook(row);
    },

    async list({ workspaceId }, { limit, after }) {
      let query = db.selectFrom('webhook').selectAll();
      if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
      if (after !== null) query = query.where(isAfter(after));
      const rows = await query
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toWebhook, byAge);
    },

    findDelivery: (id) => findDelivery(session, id),
    listDeliveries: (filter, page) => listDeliveries(session, filter, page),
  };
}

export function webhookWrites(session: Session): WebhookWrites {
  const { db, rowLocks } = session;
  const beginAnew = (at: number) =>
    ({
      state: 'pending',
      next_at: at,
      begun_at: at,
      attempts_before: sql<number>`attempts`,
      last_error: null,
      sent_at: null,
    }) as const;
  return {
    async insert(webhook) {
      await db
        .insertInto('webhook')
        .values({
          id: webhook.id,
          workspace_id: webhook.workspaceId,
          created_at: webhook.createdAt,
          created_by_kind: webhook.createdBy.kind,
          created_by_id: webhook.createdBy.id,
          ...toColumns(webhook),
          url: webhook.url,
          sealed_secret: webhook.sealedSecret,
        })
        .execute();
    },

    async lock(id) {
      const row = await db
        .selectFrom('webhook')
        .selectAll()
        .where('id', '=', id)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      return row === undefined ? null : toWebhook(row);
    },

    async update(id, patch) {
      const columns = toColumns(patch);
      if (Object.keys(columns).length === 0) return;
      await db.updateTable('webhook').set(columns).where('id', '=', id).execute();
    },

    async delete(id) {
      await db.deleteFrom('webhook_delivery').where('webhook_id', '=', id).execute();
      await db.deleteFrom('webhook').where('id', '=', id).execute();
    },

    async count(workspaceId) {
      const { count } = await db
        .selectFrom('webhook')
        .select((select) => select.fn.countAll().as('count'))
        .where('workspace_id', workspaceId === null ? 'is' : '=', workspaceId)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async giveUpAll(id, error) {
      await db
        .updateTable('webhook_delivery')
        .set({ state: 'given_up', claimed_until: null, last_error: error })
        .where('webhook_id', '=', id)
        .where('state', '=', 'pending')
        .execute();
    },

    async publishTo(id, event) {
      const eventId = await insertEvent(session, { ...event, workspaceId: null });
      const [deliveryId = ''] = await insertDeliveries(session, [{ webhookId: id, eventId }], event.at);
      const delivery = await findDelivery(session, deliveryId);
      if (delivery === null) throw new Error('a delivery was not written');
      return delivery;
    },

    async replay(deliveryId, at) {
      const of = () => db.updateTable('webhook_delivery').where('id', '=', deliveryId);
      await of().set({ next_at: at }).where('state', '=', 'pending').where('next_at', '>', at).execute();
      await of().set(beginAnew(at)).where('state', '!=', 'pending').execute();
      return findDelivery(session, deliveryId);
    },

    async replaySince({ id, workspaceId, eventTypes }, since, at, isAll) {
      const failed = await db
        .updateTable('webhook_delivery')
        .set(beginAnew(at))
        .where('webhook_id', '=', id)
        .where('state', 'in', isAll ? ['given_up', 'sent'] : ['given_up'])
        .where('event_id', 'in', (select) => select.selectFrom('webhook_event').select('id').where('at', '>=', since))
        .executeTakeFirstOrThrow();
      let missed = db
        .selectFrom('webhook_event as e')
        .leftJoin('webhook_delivery as d', (join) => join.onRef('d.event_id', '=', 'e.id').on('d.webhook_id', '=', id))
        .select('e.id')
        .where('e.at', '>=', since)
        .where('d.id', 'is', null)
        .where('e.type', '!=', 'webhook.test');
      if (workspaceId !== null) missed = missed.where('e.workspace_id', '=', workspaceId);
      if (eventTypes !== null) missed = missed.where('e.type', 'in', eventTypes);
      const rows = await missed.orderBy('e.at').orderBy('e.id').execute();
      const begun = await insertDeliveries(
        session,
        rows.map((row) => ({ webhookId: id, eventId: row.id })),
        at,
      );
      return Number(failed.numUpdatedRows) + begun.length;
    },
  };
}

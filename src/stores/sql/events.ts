import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { EventDraft, EventWrites } from '../../ports/index.ts';
import { generateId, systemRandom } from '../../token/index.ts';
import type { Session } from './session.ts';

/** Rows of one statement: a statement has room for a limited number of values. */
const ROWS_PER_INSERT = 500;

export function eventWrites({ db }: Session): EventWrites {
  const listeners = async (type: string, workspaceId: string | null) => {
    const rows = await db
      .selectFrom('webhook')
      .select(['id', 'event_types', 'disabled_at'])
      .where(covers(workspaceId))
      .execute();
    return rows.filter(({ event_types }) => event_types === null || JSON.parse(event_types).includes(type));
  };
  return {
    isAwaited: async (type, workspaceId) => (await listeners(type, workspaceId)).length > 0,

    async publish(event) {
      const told = await listeners(event.type, event.workspaceId);
      if (told.length === 0) return;
      const eventId = await insertEvent({ db }, event);
      const ready = told.filter(({ disabled_at }) => disabled_at === null).map(({ id }) => id);
      await insertDeliveries(
        { db },
        ready.map((webhookId) => ({ webhookId, eventId })),
        event.at,
      );
    },
  };
}

/** Endpoints that are told of what happens there. */
function covers(workspaceId: string | null): RawBuilder<SqlBool> {
  return workspaceId === null
    ? sql<SqlBool>`workspace_id is null`
    : sql<SqlBool>`(workspace_id is null or workspace_id = ${workspaceId})`;
}

/** @returns its id. */
export async function insertEvent({ db }: Pick<Session, 'db'>, event: EventDraft): Promise<string> {
  const id = generateId('evt', systemRandom);
  await db
    .insertInto('webhook_event')
    .values({ id, type: event.type, at: event.at, workspace_id: event.workspaceId, data: JSON.stringify(event.data) })
    .execute();
  return id;
}

/** Deliveries that are due at once. @returns their ids. */
export async function insertDeliveries(
  { db }: Pick<Session, 'db'>,
  pairs: readonly { readonly webhookId: string; readonly eventId: string }[],
  at: number,
): Promise<readonly string[]> {
  const rows = pairs.map(({ webhookId, eventId }) => ({
    id: generateId('dlv', systemRandom),
    webhook_id: webhookId,
    event_id: eventId,
    state: 'pending',
    attempts: 0,
    attempts_before: 0,
    begun_at: at,
    next_at: at,
    claimed_until: null,
    last_status: null,
    last_error: null,
    created_at: at,
    sent_at: null,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await db
      .insertInto('webhook_delivery')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .execute();
  }
  return rows.map(({ id }) => id);
}

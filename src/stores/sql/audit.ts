import { randomBytes } from 'node:crypto';
import type {
  ActorRef,
  AuditDraft,
  AuditEvent,
  AuditFilter,
  AuditHead,
  AuditReads,
  AuditWrites,
  Page,
  ProvableEvent,
  Subject,
} from '../../ports/index.ts';
import { chainHash, commitment } from './audit-chain.ts';
import { eraseClearText } from './audit-erasure.ts';
import { toPage } from './paging.ts';
import type { AuditEventTable, Schema } from './schema.ts';
import type { Session } from './session.ts';

type PersonalField = Pick<Schema['audit_personal'], 'field' | 'value' | 'salt'>;

const SALT_BYTES = 16;

export function auditReads({ db }: Session): AuditReads {
  const events = db.selectFrom('audit_event').selectAll();

  const personal = db
    .selectFrom('audit_personal')
    .select(['seq', 'field', 'value', 'salt'])
    .orderBy('seq')
    .orderBy('field');

  const found = ({ subjectId, actorId, action, requestId, workspaceId, from, to }: AuditFilter) => {
    let query = events;
    if (subjectId !== undefined) query = query.where('subject_id', '=', subjectId);
    if (actorId !== undefined) query = query.where('actor_id', '=', actorId);
    if (action !== undefined) query = query.where('action', '=', action);
    if (requestId !== undefined) query = query.where('request_id', '=', requestId);
    if (workspaceId !== undefined) query = query.where('workspace_id', '=', workspaceId);
    if (from !== undefined) query = query.where('at', '>=', from);
    if (to !== undefined) query = query.where('at', '<', to);
    return query;
  };

  const withPersonal = async (rows: readonly AuditEventTable[], limit: number): Promise<Page<ProvableEvent>> => {
    const shown = rows.slice(0, limit).map(({ seq }) => seq);
    const fields = shown.length === 0 ? [] : await personal.where('seq', 'in', shown).execute();
    const bySeq = Map.groupBy(fields, ({ seq }) => seq);
    return toPage(
      rows,
      limit,
      (row) => toProvable(row, bySeq.get(row.seq)),
      ({ seq }) => ({ at: seq, id: '' }),
    );
  };

  return {
    async list(filter, { limit, after }) {
      const query = after === null ? found(filter) : found(filter).where('seq', '<', Number(after.at));
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      return withPersonal(rows, limit);
    },

    async walk(filter, { limit, after }) {
      const query = after === null ? found(filter) : found(filter).where('seq', '>', Number(after.at));
      const rows = await query
        .orderBy('seq')
        .limit(limit + 1)
        .execute();
      return withPersonal(rows, limit);
    },

    async read(afterSeq, limit) {
      const rows = await events.where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute();
      const last = rows.at(-1)?.seq ?? afterSeq;
      const fields = await personal.where('seq', '>', afterSeq).where('seq', '<=', last).execute();
      const bySeq = Map.groupBy(fields, ({ seq }) => seq);
      return rows.map((row) => toProvable(row, bySeq.get(row.seq)));
    },
  };
}

export function auditWrites(session: Session): AuditWrites {
  const { db } = session;
  return {
    erase: (about) => eraseClearText(session, about),

    async append(seq, draft) {
      const { seq: newest, audit_hash } = await db.selectFrom('auth_epoch').selectAll().executeTakeFirstOrThrow();
      // `ChangeWrites.append` of this transaction has locked the epoch row: until commit nobody else can extend the chain.
      if (seq !== newest) throw new TypeError('an audit event stands under the sequence its own transaction has taken');
      const { personal, commitments } = commit(seq, draft.personal);
      const hash = chainHash(audit_hash, { ...draft, seq, commitments });

      await db
        .insertInto('audit_event')
        .values({
          seq,
          at: draft.at,
          action: draft.action,
          actor_kind: draft.actor.kind,
          actor_id: draft.actor.id,
          behalf_kind: draft.onBehalfOf?.kind ?? null,
          behalf_id: draft.onBehalfOf?.id ?? null,
          subject_kind: draft.subject?.kind ?? null,
          subject_id: draft.subject?.id ?? null,
          workspace_id: draft.workspaceId,
          request_id: draft.requestId,
          details: JSON.stringify(draft.details),
          commitments: JSON.stringify(commitments),
          previous_hash: audit_hash,
          hash,
        })
        .execute();
      if (personal.length > 0) await db.insertInto('audit_personal').values(personal).execute();
      await db.updateTable('auth_epoch').set({ audit_seq: seq, audit_hash: hash }).execute();
      return hash;
    },
  };
}

/** The newest event as the epoch row remembers it, for finding a cut-off tail. */
export async function auditHead({ db }: Session): Promise<AuditHead> {
  const row = await db.selectFrom('auth_epoch').select(['audit_seq', 'audit_hash']).executeTakeFirstOrThrow();
  return { seq: row.audit_seq, hash: row.audit_hash };
}

function commit(seq: number, fields: AuditDraft['personal']) {
  const commitments: Record<string, string> = {};
  const personal = Object.entries(fields).map(([field, value]) => {
    const salt = randomBytes(SALT_BYTES);
    commitments[field] = commitment(salt, field, value);
    return { seq, field, value, salt: salt.toString('base64url') };
  });
  return { personal, commitments };
}

function toEvent(row: AuditEventTable, personal: readonly PersonalField[] = []): AuditEvent {
  return {
    seq: row.seq,
    at: row.at,
    action: row.action,
    actor: { kind: row.actor_kind as ActorRef['kind'], id: row.actor_id },
    onBehalfOf: row.behalf_kind === null ? null : { kind: row.behalf_kind as ActorRef['kind'], id: row.behalf_id },
    subject:
      row.subject_kind === null || row.subject_id === null
        ? null
        : { kind: row.subject_kind as Subject['kind'], id: row.subject_id },
    workspaceId: row.workspace_id,
    requestId: row.request_id,
    details: parsed(row.details),
    commitments: parsed(row.commitments),
    personal: Object.fromEntries(personal.map(({ field, value }) => [field, value])),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

function toProvable(row: AuditEventTable, personal: readonly PersonalField[] = []): ProvableEvent {
  return { ...toEvent(row, personal), salts: Object.fromEntries(personal.map(({ field, salt }) => [field, salt])) };
}

/** What somebody made of a column is shown by the chain, and keeps nobody from reading the other events. */
function parsed(text: string): Record<string, never> {
  try {
    return JSON.parse(text);
  } catch {
    return { unreadable: text as never };
  }
}

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Finding, TrialLog, TrialSightings } from '../../ports/index.ts';
import { toPage } from './paging.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';

/** Rows per statement, well below what either database binds. */
const BATCH = 500;

/** Reads go to `reads`, which may be another connection than the one that writes. */
export function trialLog(writes: Session, reads: Session): TrialLog {
  return {
    async add(sightings) {
      if (sightings.length === 0) return;
      // In one order, so that two processes never deadlock.
      const inOrder = [...sightings].sort((a, b) => (a.trialId < b.trialId ? -1 : 1));
      await writes.db.transaction().execute(async (db) => {
        for (const one of inOrder) {
          await addTally(db, one);
          await addFindings(db, one);
        }
      });
    },

    async tallies(trialIds) {
      if (trialIds.length === 0) return new Map();
      const rows = await reads.db.selectFrom('trial_tally').selectAll().where('trial_id', 'in', trialIds).execute();
      const tokens = await reads.db
        .selectFrom('trial_finding')
        .select(['trial_id', (select) => select.fn.count<number>('token_id').distinct().as('tokens')])
        .where('trial_id', 'in', trialIds)
        .groupBy('trial_id')
        .execute();
      const tokensOf = new Map(tokens.map((row) => [row.trial_id, row.tokens]));
      return new Map(
        rows.map(({ trial_id, ...tally }) => [trial_id, { ...tally, tokens: tokensOf.get(trial_id) ?? 0 }]),
      );
    },

    async findings(trialId, { limit, after }) {
      let query = reads.db.selectFrom('trial_finding').selectAll().where('trial_id', '=', trialId);
      if (after !== null) query = query.where(sql<boolean>`(first_at, id) < (${after.at}, ${after.id})`);
      const rows = await query
        .orderBy('first_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, toFinding, (row) => ({ at: row.first_at, id: row.id }));
    },

    async known(trialId) {
      const rows = await reads.db
        .selectFrom('trial_finding')
        .select(['id', 'token_id'])
        .where('trial_id', '=', trialId)
        .execute();
      return rows.map(({ id, token_id }) => ({ id, tokenId: token_id }));
    },

    async remove(trialIds) {
      if (trialIds.length === 0) return;
      await writes.db.transaction().execute(async (db) => {
        await db.deleteFrom('trial_tally').where('trial_id', 'in', trialIds).execute();
        await db.deleteFrom('trial_finding').where('trial_id', 'in', trialIds).execute();
      });
    },
  };
}

async function addTally(db: Kysely<Schema>, { trialId, judged, refused, unlisted }: TrialSightings): Promise<void> {
  await db
    .insertInto('trial_tally')
    .values({ trial_id: trialId, judged, refused, unlisted })
    .onConflict((conflict) =>
      conflict.column('trial_id').doUpdateSet((set) => ({
        judged: set('trial_tally.judged', '+', set.ref('excluded.judged')),
        refused: set('trial_tally.refused', '+', set.ref('excluded.refused')),
        unlisted: set('trial_tally.unlisted', '+', set.ref('excluded.unlisted')),
      })),
    )
    .execute();
}

async function addFindings(db: Kysely<Schema>, { trialId, findings }: TrialSightings): Promise<void> {
  const rows = [...findings].sort((a, b) => (a.id < b.id ? -1 : 1)).map((finding) => toRow(trialId, finding));
  for (let from = 0; from < rows.length; from += BATCH) {
    await db
      .insertInto('trial_finding')
      .values(rows.slice(from, from + BATCH))
      .onConflict((conflict) =>
        conflict.columns(['trial_id', 'id']).doUpdateSet((set) => ({
          count: set('trial_finding.count', '+', set.ref('excluded.count')),
          first_at: whichever('first_at', '<'),
          last_at: whichever('last_at', '>'),
          last_request_id: sql<string | null>`case when excluded.last_at >= trial_finding.last_at
            then excluded.last_request_id else trial_finding.last_request_id end`,
        })),
      )
      .execute();
  }
}

/** `min` and `max` of two values are called differently by the two databases. */
function whichever(column: 'first_at' | 'last_at', is: '<' | '>'): RawBuilder<number> {
  const [added, stored] = [sql.ref(`excluded.${column}`), sql.ref(`trial_finding.${column}`)];
  return sql<number>`case when ${added} ${sql.raw(is)} ${stored} then ${added} else ${stored} end`;
}

function toFinding(row: Schema['trial_finding']): Finding {
  return {
    id: row.id,
    tokenId: row.token_id,
    reason: row.reason as Finding['reason'],
    about: JSON.parse(row.about),
    count: row.count,
    firstAt: row.first_at,
    lastAt: row.last_at,
    lastRequestId: row.last_request_id,
  };
}

function toRow(trialId: string, finding: Finding): Schema['trial_finding'] {
  return {
    trial_id: trialId,
    id: finding.id,
    token_id: finding.tokenId,
    reason: finding.reason,
    about: JSON.stringify(finding.about),
    count: finding.count,
    first_at: finding.firstAt,
    last_at: finding.lastAt,
    last_request_id: finding.lastRequestId,
  };
}

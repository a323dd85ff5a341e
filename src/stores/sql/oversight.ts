import type { OversightReads, OversightScope } from '../../ports/index.ts';
import type { Session } from './session.ts';

/** Reads the uses beside the tokens they belong to: the session must see both. */
export function oversightReads({ db }: Session): OversightReads {
  /** Of all tokens by hour, of some by what each of them did. */
  const usesIn = ({ ownerId, workspaceId, lineageId }: OversightScope, from: number, to: number) => {
    let query = db.selectFrom('usage_hour').where('hour', '>=', from).where('hour', '<', to);
    if (ownerId === undefined && workspaceId === undefined && lineageId === undefined) return query;
    let tokens = db.selectFrom('token').select('id');
    if (ownerId !== undefined) tokens = tokens.where('owner_id', '=', ownerId);
    if (workspaceId !== undefined) tokens = tokens.where('workspace_id', '=', workspaceId);
    if (lineageId !== undefined) tokens = tokens.where('lineage_id', '=', lineageId);
    query = query.where('token_id', 'in', tokens);
    return query;
  };

  return {
    async uses(scope, from, to) {
      const rows = await usesIn(scope, from, to)
        .select((select) => ['hour', 'outcome', select.fn.sum<number | string>('count').as('sum')])
        .groupBy(['hour', 'outcome'])
        .orderBy('hour')
        .orderBy('outcome')
        .execute();
      // PostgreSQL sums whole numbers into a type of its own, which arrives as text.
      return rows.map(({ hour, outcome, sum }) => ({ hour, outcome, count: Number(sum) }));
    },

    async topTokens(scope, of, from, to, limit) {
      const rows = await usesIn(scope, from, to)
        .where('outcome', of === 'accepted' ? '=' : '!=', 'ok')
        .select((select) => ['token_id', select.fn.sum<number | string>('count').as('sum')])
        .groupBy('token_id')
        .orderBy('sum', 'desc')
        .orderBy('token_id')
        .limit(limit)
        .execute();
      return rows.map(({ token_id, sum }) => ({ tokenId: token_id, count: Number(sum) }));
    },
  };
}

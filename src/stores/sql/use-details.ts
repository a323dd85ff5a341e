import type { Kysely } from 'kysely';
import { OTHER_USES } from '../../policy/index.ts';
import { USE_VALUES_MAX, type UsageLog, type UseDetail, type UseSum } from '../../ports/index.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';

const DAY_MS = 86_400_000;
/** Six values each, well below what either database binds. */
const BATCH = 500;
/** Deleted at once; more would keep the writer from others. */
const ROWS_PER_DELETE = 2_000;

type Row = Schema['use_hour'];

/** Adds details in the transaction of the counts they belong to. */
export async function addDetails(db: Kysely<Schema>, details: readonly UseDetail[]): Promise<void> {
  const rows = details.map(({ tokenId, hour, aspect, value, outcome, count }) => {
    return { token_id: tokenId, at: hour, aspect, value, outcome, count };
  });
  const hours = await fitted(db, sumRows(rows));
  const days = sumRows(hours.map((row) => ({ ...row, at: Math.floor(row.at / DAY_MS) * DAY_MS })));
  for (const [table, all] of [
    ['use_hour', hours],
    ['use_day', days],
  ] as const) {
    for (const some of batches(all)) {
      await db
        .insertInto(table)
        .values(some)
        .onConflict((conflict) =>
          conflict
            .columns(['token_id', 'at', 'aspect', 'value', 'outcome'])
            .doUpdateSet((set) => ({ count: set(`${table}.count`, '+', set.ref('excluded.count')) })),
        )
        .execute();
    }
  }
}

export function detailReads(
  { db }: Session,
  { db: writes }: Session,
): Pick<UsageLog, 'readDetails' | 'detailsSince' | 'trimDetails'> {
  return {
    async readDetails(tokenIds, aspect, { unit, from, to }) {
      const found: UseSum[] = [];
      for (const ids of batches(tokenIds)) {
        const rows = await db
          .selectFrom(unit === 'hour' ? 'use_hour' : 'use_day')
          .select(['token_id', 'at', 'value', 'outcome', 'count'])
          .where('token_id', 'in', ids)
          .where('aspect', '=', aspect)
          .where('at', '>=', from)
          .where('at', '<', to)
          .orderBy('at')
          .orderBy('value')
          .orderBy('outcome')
          .execute();
        found.push(...rows.map(({ token_id, ...row }) => ({ tokenId: token_id, ...row })));
      }
      return found;
    },

    async detailsSince() {
      const row = await db.selectFrom('use_day').select('at').orderBy('at').limit(1).executeTakeFirst();
      return row?.at ?? null;
    },

    async trimDetails(hoursBefore, daysBefore) {
      for (const [table, before] of [
        ['use_hour', hoursBefore],
        ['use_day', daysBefore],
      ] as const) {
        for (;;) {
          const old = await writes
            .selectFrom(table)
            .select(['token_id', 'at'])
            .distinct()
            .where('at', '<', before)
            .where('token_id', '!=', '')
            .limit(ROWS_PER_DELETE / 10)
            .execute();
          if (old.length === 0) break;
          for (const { token_id, at } of old) {
            await writes.deleteFrom(table).where('token_id', '=', token_id).where('at', '=', at).execute();
          }
        }
      }
    },
  };
}

/** What would be too many values of one aspect for a token and hour becomes `other`. */
async function fitted(db: Kysely<Schema>, rows: readonly Row[]): Promise<readonly Row[]> {
  const added = new Map<string, { readonly row: Row; readonly values: Set<string> }>();
  for (const row of rows) {
    const place = placeOf(row);
    const known = added.get(place);
    if (known === undefined) added.set(place, { row, values: new Set([row.value]) });
    else known.values.add(row.value);
  }
  const held = new Map<string, number>();
  const places = [...new Map(rows.map((row) => [`${row.token_id} ${row.at}`, row])).values()];
  for (const some of batches(places)) {
    const counted = await db
      .selectFrom('use_hour')
      .select((select) => [
        'token_id',
        'at',
        'aspect',
        select.fn.count<number | string>('value').distinct().as('values'),
      ])
      .where('token_id', 'in', [...new Set(some.map(({ token_id }) => token_id))])
      .where('at', 'in', [...new Set(some.map(({ at }) => at))])
      .groupBy(['token_id', 'at', 'aspect'])
      .execute();
    for (const { values, ...place } of counted) held.set(placeOf(place), Number(values));
  }
  const kept = new Map<string, ReadonlySet<string>>();
  for (const [place, { row, values }] of added) {
    if ((held.get(place) ?? 0) + values.size <= USE_VALUES_MAX) continue;
    kept.set(place, await valuesKept(db, row, values));
  }
  if (kept.size === 0) return rows;
  return sumRows(
    rows.map((row) => {
      const values = kept.get(placeOf(row));
      return values === undefined || values.has(row.value) ? row : { ...row, value: OTHER_USES };
    }),
  );
}

async function valuesKept(db: Kysely<Schema>, { token_id, at, aspect }: Row, added: ReadonlySet<string>) {
  const known = await db
    .selectFrom('use_hour')
    .select('value')
    .distinct()
    .where('token_id', '=', token_id)
    .where('at', '=', at)
    .where('aspect', '=', aspect)
    .execute();
  const kept = new Set(known.map(({ value }) => value));
  for (const value of added) if (kept.size < USE_VALUES_MAX) kept.add(value);
  return kept;
}

function placeOf({ token_id, at, aspect }: Pick<Row, 'token_id' | 'at' | 'aspect'>): string {
  return `${token_id} ${at} ${aspect}`;
}

/** One row per key, since a statement may touch each row once; in one order, so that two processes never deadlock. */
function sumRows(rows: readonly Row[]): readonly Row[] {
  const sums = new Map<string, Row>();
  for (const row of rows) {
    const key = `${placeOf(row)} ${row.value} ${row.outcome}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? row : { ...sum, count: sum.count + row.count });
  }
  return [...sums].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
}

function* batches<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH);
}

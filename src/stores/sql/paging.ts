import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Page, PagePosition } from '../../ports/index.ts';

/** Rows after a position in a list that runs newest first by (created_at, id). */
export function isAfter({ at, id }: PagePosition): RawBuilder<SqlBool> {
  return sql<SqlBool>`(created_at, id) < (${at}, ${id})`;
}

/** Makes a page of `limit` rows out of up to `limit + 1`: the one too many says that there is a next page. */
export function toPage<Row, Record>(
  rows: readonly Row[],
  limit: number,
  toRecord: (row: Row) => Record,
  toPosition: (row: Row) => PagePosition,
): Page<Record> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(toRecord),
    next: rows.length > limit && last !== undefined ? toPosition(last) : null,
  };
}

export function byAge(row: { created_at: number; id: string }): PagePosition {
  return { at: row.created_at, id: row.id };
}

/** Text as it is compared in searches: one spelling of each character, lower case in every script. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** `folded`, an expression of folded text, contains `search`, whatever its case. */
export function contains(folded: RawBuilder<unknown>, search: string): RawBuilder<SqlBool> {
  const pattern = `%${fold(search).replace(/[\\%_]/g, '\\$&')}%`;
  return sql<SqlBool>`${folded} like ${pattern} escape '\\'`;
}

import { call } from '../../api/call.ts';
import type { AuditEvent, ListAuditEventsOutput } from '../../api/operations.ts';

export type ExportFormat = 'csv' | 'ndjson';

const PAGE_ROWS = 100;
const TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

interface Exporting {
  /** As the log was asked for; it has a beginning, and an end so that what happens meanwhile shifts no page. */
  readonly query: Readonly<Record<string, string | null | undefined>>;
  readonly format: ExportFormat;
  readonly signal: AbortSignal;
  /** Told after each page. */
  readonly onProgress: (events: number) => void;
}

/**
 * Everything that a filter finds, as one file. Each page is asked for when the one before has been taken: the server never
 * holds more than one, and goes no faster than this browser (threats row 80).
 * @throws {ApiError} what the server said, and the error of a signal that was aborted.
 */
export async function exportAudit({ query, format, signal, onProgress }: Exporting): Promise<Blob> {
  const parts: string[] = format === 'csv' ? [csvLine(COLUMNS.map(([name]) => name))] : [];
  let cursor: string | null = null;
  let events = 0;
  do {
    const page: ListAuditEventsOutput = await call<ListAuditEventsOutput>('GET', '/v1/audit-events', {
      query: { ...query, limit: PAGE_ROWS, cursor },
      signal,
    });
    parts.push(page.data.map(format === 'csv' ? csvOf : ndjsonOf).join(''));
    events += page.data.length;
    cursor = page.next_cursor;
    onProgress(events);
  } while (cursor !== null);
  return new Blob(parts, { type: TYPES[format] });
}

const COLUMNS: readonly (readonly [name: string, value: (event: AuditEvent) => string | number | null | undefined])[] =
  [
    ['seq', ({ seq }) => seq],
    ['at', ({ at }) => at],
    ['action', ({ action }) => action],
    ['actor_kind', ({ actor }) => actor.kind],
    ['actor_id', ({ actor }) => actor.id],
    ['on_behalf_of_kind', ({ on_behalf_of: behalf }) => behalf?.kind],
    ['on_behalf_of_id', ({ on_behalf_of: behalf }) => behalf?.id],
    ['subject_kind', ({ subject }) => subject?.kind],
    ['subject_id', ({ subject }) => subject?.id],
    ['workspace_id', ({ workspace_id }) => workspace_id],
    ['request_id', ({ request_id }) => request_id],
    ['ip', ({ personal }) => personal.ip],
    ['name', ({ personal }) => personal.name],
    ['email', ({ personal }) => personal.email],
    ['reason', ({ personal }) => personal.reason],
    ['details', ({ details }) => JSON.stringify(details)],
    ['hash', ({ hash }) => hash],
  ];

function csvOf(event: AuditEvent): string {
  return csvLine(COLUMNS.map(([, value]) => value(event)));
}

/** RFC 4180. Every cell is quoted, so that nothing in it needs a second look. */
function csvLine(cells: readonly (string | number | null | undefined)[]): string {
  return `${cells.map((cell) => `"${asPlainText(String(cell ?? '')).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A cell that begins like a formula is run by spreadsheets; with an apostrophe it is text (threats row 21b). */
function asPlainText(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** One event is one line, whatever is in it (threats row 20): also what only some readers take for the end of one. */
function ndjsonOf(event: AuditEvent): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(event).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escaped)}\n`;
}

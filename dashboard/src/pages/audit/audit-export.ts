import { call } from '../../api/call.ts';
import type { AuditExport } from '../../api/operations.ts';

export type ExportFormat = 'csv' | 'jsonl';

const PIECE_EVENTS = 500;
const TYPES: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv', jsonl: 'application/jsonl' };

interface Exporting {
  /** As the log was asked for; it has a beginning, and an end. Empty fields are left out. */
  readonly query: Readonly<Record<string, string | null | undefined>>;
  readonly format: ExportFormat;
  readonly signal: AbortSignal;
  /** Told after each piece. */
  readonly onProgress: (events: number) => void;
}

/**
 * Everything that a filter finds, as one file. Each piece is asked for when the one before has been taken: the server never
 * holds more than one, and goes no faster than this browser (threats row 80).
 * @throws {ApiError} what the server said, and the error of a signal that was aborted.
 */
export async function exportAudit({ query, format, signal, onProgress }: Exporting): Promise<Blob> {
  const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value != null && value !== ''));
  const parts: string[] = [];
  let cursor: string | null = null;
  let events = 0;
  do {
    const piece: AuditExport = await call<AuditExport>('POST', '/v1/audit-exports', {
      body: { ...asked, format, limit: PIECE_EVENTS, ...(cursor !== null && { cursor }) },
      signal,
    });
    parts.push(piece.text);
    events += piece.events;
    cursor = piece.next_cursor;
    onProgress(events);
  } while (cursor !== null);
  return new Blob(parts, { type: TYPES[format] });
}

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from './durable-file.ts';
import { OWNER_NOTE_FILE } from './layout.ts';

/** Who owns a data folder, as it wrote about itself. */
export interface OwnerNote {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Where its private socket listens. */
  readonly socket: string;
  readonly version: string;
}

/** What the owner wrote about itself; null where nothing legible is. It may be stale: only the lock knows. */
export function readOwnerNote(dir: string): OwnerNote | null {
  const file = join(dir, OWNER_NOTE_FILE);
  if (!existsSync(file)) return null;
  try {
    const note: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof note !== 'object' || note === null) return null;
    const { pid, started_at: startedAt, socket, version } = note as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return null;
    if (typeof socket !== 'string' || typeof version !== 'string') return null;
    return { pid, startedAt: Date.parse(startedAt), socket, version };
  } catch {
    return null;
  }
}

/** Replaces the note. Only the holder of the lock writes it. */
export function writeOwnerNote(dir: string, note: OwnerNote): void {
  const text = {
    pid: note.pid,
    started_at: new Date(note.startedAt).toISOString(),
    socket: note.socket,
    version: note.version,
  };
  writeFileDurably(join(dir, OWNER_NOTE_FILE), `${JSON.stringify(text)}\n`);
}

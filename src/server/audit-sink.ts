import { type FileHandle, open } from 'node:fs/promises';
import { checkpointWire } from '../manage/index.ts';
import type { Checkpoint, CheckpointSink } from '../ports/index.ts';
import type { AuditSinkConfig } from './audit-config.ts';

const ANSWER_MS = 10_000;
const NEW_LINE = 0x0a;

export function auditSinkOf(config: AuditSinkConfig): CheckpointSink {
  return 'file' in config ? fileSink(config.file) : urlSink(config.url, config.token);
}

/** A file that only grows: one line each, on disk before the next. */
function fileSink(path: string): CheckpointSink {
  return {
    name: path,
    async take(checkpoint) {
      const file = await open(path, 'a+', 0o600);
      try {
        const start = (await endsInLine(file)) ? '' : '\n';
        await file.appendFile(`${start}${lineOf(checkpoint)}`);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}

/** A line that a crash cut off is left as it is, and the next one begins behind it. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEW_LINE;
}

function urlSink(url: URL, token: string | null): CheckpointSink {
  return {
    name: url.origin,
    async take(checkpoint, signal) {
      const answer = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': `${checkpoint.storeId}-${checkpoint.number}`,
          ...(token !== null && { Authorization: `Bearer ${token}` }),
        },
        body: lineOf(checkpoint),
        // The token is for this address alone.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      });
      await answer.body?.cancel();
      if (!answer.ok) throw new Error(`the audit sink ${url.origin} answered ${answer.status}`);
    },
  };
}

function lineOf(checkpoint: Checkpoint): string {
  return `${JSON.stringify(checkpointWire(checkpoint))}\n`;
}

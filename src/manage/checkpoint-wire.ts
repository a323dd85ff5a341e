import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { Checkpoint, CheckpointRecord } from '../ports/index.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

/** A checkpoint as it leaves the store: in lists, in files and at a sink. */
export const checkpointSchema = z
  .object({
    store_id: z.string(),
    number: z.int().describe('Counted from 1, without a gap'),
    seq: z.int().describe('Of the audit event that was the newest'),
    hash: z.string().describe('Of that event, SHA-256 in hex'),
    at: timeSchema,
    kid: z.string().describe('Of the key that signed, as in the audit keys'),
    signature: z.string().describe('Ed25519, base64url'),
  })
  .meta({ id: 'AuditCheckpoint' });
export type CheckpointWire = z.infer<typeof checkpointSchema>;

export const checkpointRecordSchema = checkpointSchema
  .extend({ delivered_at: timeSchema.nullable().describe('When the audit sink took it; null while it has not') })
  .meta({ id: 'AuditCheckpointRecord' });
export type CheckpointRecordWire = z.infer<typeof checkpointRecordSchema>;

export function checkpointWire({ storeId, number, seq, hash, at, kid, signature }: Checkpoint): CheckpointWire {
  return { store_id: storeId, number, seq, hash, at: formatInstant(at), kid, signature };
}

export function checkpointRecordWire(record: CheckpointRecord): CheckpointRecordWire {
  return { ...checkpointWire(record), delivered_at: instantOrNull(record.deliveredAt) };
}

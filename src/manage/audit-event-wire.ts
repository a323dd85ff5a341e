import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import type { AuditEvent, ProvableEvent } from '../ports/index.ts';
import { actorRefSchema, timeSchema } from './schemas.ts';

export const auditEventSchema = z
  .object({
    seq: z.int(),
    at: timeSchema,
    action: z.string(),
    actor: actorRefSchema,
    on_behalf_of: actorRefSchema.nullable(),
    subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
    workspace_id: z.string().nullable(),
    request_id: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    personal: z.record(z.string(), z.string()).describe('What can be erased later: addresses, names, reasons'),
    commitments: z.record(z.string(), z.string()).describe('Salted SHA-256 of each personal field, erased or not'),
    previous_hash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEventWire = z.infer<typeof auditEventSchema>;

/** An event as it is exported: with the salts that prove its clear text. */
export type ProvableEventWire = AuditEventWire & { readonly salts: Readonly<Record<string, string>> };

export function auditEventWire(event: AuditEvent): AuditEventWire {
  return {
    seq: event.seq,
    at: formatInstant(event.at),
    action: event.action,
    actor: { ...event.actor },
    on_behalf_of: event.onBehalfOf === null ? null : { ...event.onBehalfOf },
    subject: event.subject === null ? null : { kind: event.subject.kind, id: event.subject.id },
    workspace_id: event.workspaceId,
    request_id: event.requestId,
    details: { ...event.details },
    personal: { ...event.personal },
    commitments: { ...event.commitments },
    previous_hash: event.previousHash,
    hash: event.hash,
  };
}

export function provableEventWire(event: ProvableEvent): ProvableEventWire {
  return { ...auditEventWire(event), salts: { ...event.salts } };
}

const provableSchema = z.strictObject({
  ...auditEventSchema.shape,
  actor: z.strictObject(actorRefSchema.shape),
  on_behalf_of: z.strictObject(actorRefSchema.shape).nullable(),
  subject: z.strictObject({ kind: z.string(), id: z.string() }).nullable(),
  salts: z.record(z.string(), z.string()),
});

/** An event out of an export; null for what is none. */
export function readProvableEvent(value: unknown): ProvableEvent | null {
  const { success, data } = provableSchema.safeParse(value);
  if (!success) return null;
  const { on_behalf_of, workspace_id, request_id, previous_hash, at, ...same } = data;
  return {
    ...same,
    at: Date.parse(at),
    actor: same.actor as ProvableEvent['actor'],
    subject: same.subject as ProvableEvent['subject'],
    onBehalfOf: on_behalf_of as ProvableEvent['onBehalfOf'],
    workspaceId: workspace_id,
    requestId: request_id,
    previousHash: previous_hash,
  };
}

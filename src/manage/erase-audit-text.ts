import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { ErasedText, OwnerRecord, PagePosition, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, requireInstallation } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { descriptionSchema, emailSchema, referenceSchema } from './schemas.ts';

const inputSchema = z.strictObject({
  person: z
    .union([referenceSchema, z.strictObject({ email: emailSchema })])
    .describe('An owner or user, also one that was deleted; by address also somebody who never became one'),
  reason: descriptionSchema.optional(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    owner_id: z.string().nullable(),
    events: z.int().describe('Audit events that lost clear text'),
    fields: z.int().describe('Fields of clear text that were erased'),
    record_erased: z
      .boolean()
      .describe('Whether the record of a deleted owner lost its name, address and metadata too'),
  })
  .meta({ id: 'AuditErasure' });
type Output = z.infer<typeof outputSchema>;

/**
 * Erases what the audit log says of a person in clear text: names, addresses, free text, as who acted and as whom it was
 * about. The events stay, and the chain over them: it holds commitments, whose salts go too.
 */
export const eraseAuditText = defineOperation<Input, Output, z.input<typeof inputSchema>>({
  id: 'eraseAuditText',
  summary: 'Erase the clear text about a person from the audit log',
  access: { needs: 'keyhouse-audit:erase' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    requireInstallation(caller);
    const { value } = await engine.changes.commit((transaction) => draftErasure(engine, caller, input, transaction));
    // Kept for days alone, and outside the chain: addresses go, whether or not anything stood in the audit log.
    if (value.owner_id !== null) await engine.accesses.eraseAddresses(value.owner_id);
    return value;
  },
});

async function draftErasure(
  engine: Engine,
  caller: Caller,
  { person, reason }: Input,
  transaction: Transaction,
): Promise<Draft<Output>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const found = await transaction.owners.find('external_id' in person ? { externalId: person.external_id } : person);
  if (found === null && !('email' in person)) throw new Rejection('not_found');
  const text = await eraseText(transaction, found, 'email' in person ? person.email : (found?.email ?? null));
  const networks = found === null ? 0 : await transaction.alerts.eraseNetworks(found.id);
  const erased = { ...text, fields: text.fields + networks };
  const isRecordErased = found !== null && found.deletedAt !== null && hasText(found);
  if (isRecordErased) await transaction.owners.updateOwner(found.id, { name: null, email: null, metadata: {} });
  const value = { owner_id: found?.id ?? null, ...erased, record_erased: isRecordErased };
  return {
    value,
    subjects: found === null ? [] : [{ kind: 'owner', id: found.id }],
    unchanged: erased.fields === 0 && !isRecordErased,
    tightening: false,
    audit: auditDraft(caller, now, {
      action: 'audit.erased',
      subject: found === null ? null : { kind: 'owner', id: found.id },
      workspaceId: null,
      // Verifying the log counts on this being what the log itself has lost.
      details: { ...value, fields: text.fields },
      personal: { reason },
    }),
  };
}

async function eraseText(
  transaction: Transaction,
  owner: OwnerRecord | null,
  email: string | null,
): Promise<ErasedText> {
  const tokenIds: string[] = [];
  const lineageIds = new Set<string>();
  for (let after = null as PagePosition | null, more = owner !== null; more; more = after !== null) {
    const page = await transaction.tokens.list({ ownerId: owner?.id as string }, { limit: 100, after });
    for (const { id, lineageId } of page.rows) {
      tokenIds.push(id);
      lineageIds.add(lineageId);
    }
    after = page.next;
  }
  const ownerIds = owner === null ? [] : [owner.id];
  return transaction.audit.erase({
    actorIds: [...ownerIds, ...tokenIds],
    externalId: owner?.externalId ?? null,
    subjectIds: [...ownerIds, ...lineageIds],
    email,
  });
}

function hasText({ name, email, metadata }: OwnerRecord): boolean {
  return name !== null || email !== null || Object.keys(metadata).length > 0;
}

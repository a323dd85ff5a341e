import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { OwnerKind, OwnerRecord, PagePosition, TokenRecord, Transaction } from '../ports/index.ts';
import { auditDraft } from './audit-draft.ts';
import { type Caller, reaches } from './caller.ts';
import { guaranteeWire } from './guarantee-wire.ts';
import { lockActingToken } from './holder.ts';
import { keepAnAdministrator } from './keep-administrator.ts';
import type { Engine } from './operation.ts';
import { belongsElsewhere } from './plan-owner.ts';
import { Rejection } from './rejection.ts';
import { withDescendants } from './revoke-token.ts';
import { guaranteeSchema, timeSchema } from './schemas.ts';
import { AUDIT_WORD } from './write-owner.ts';

export const endedOwnerSchema = z
  .object({
    id: z.string(),
    deleted_at: timeSchema,
    revoked_ids: z.array(z.string()).describe('The tokens that ended with their owner'),
    guarantee: guaranteeSchema,
  })
  .meta({ id: 'DeletedOwner' });
export type EndedOwnerWire = z.infer<typeof endedOwnerSchema>;

interface Ended {
  readonly owner: OwnerRecord & { readonly deletedAt: number };
  readonly tokens: readonly TokenRecord[];
}

/**
 * Deletes an owner and revokes its tokens, in one transaction; its e-mail address and external id are free again. By id a
 * repeat answers what the first call did, after waiting again.
 * @throws {Rejection} `not_found`, once every node knows of a deletion that an earlier call may have made.
 */
export async function endOwner(
  engine: Engine,
  caller: Caller,
  kind: OwnerKind,
  by: { readonly id: string } | { readonly externalId: string },
): Promise<EndedOwnerWire> {
  const { value: ended, guarantee } = await engine.changes.commit((transaction) =>
    draftEnd(engine, caller, kind, by, transaction),
  );
  if (ended === null) throw new Rejection('not_found');
  if (guarantee === null) throw new Error('a deletion without a guarantee');
  return {
    id: ended.owner.id,
    deleted_at: formatInstant(ended.owner.deletedAt),
    revoked_ids: ended.tokens.map(({ id }) => id),
    guarantee: guaranteeWire(guarantee),
  };
}

async function draftEnd(
  engine: Engine,
  caller: Caller,
  kind: OwnerKind,
  by: { readonly id: string } | { readonly externalId: string },
  transaction: Transaction,
): Promise<Draft<Ended | null>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const found = await transaction.owners.find(by);
  if (found === null || found.kind !== kind) return unchanged(caller, now, null);
  // Tokens before their owner, as everywhere: then once more, for those that were made until the owner was ours.
  await transaction.tokens.lockOfOwner(found.id);
  const owner = await transaction.owners.lockOwner({ id: found.id });
  if (owner === null) return unchanged(caller, now, null);
  if (owner.deletedAt !== null) return repeat(caller, now, { ...owner, deletedAt: owner.deletedAt }, transaction);
  const memberships = await transaction.owners.memberships(owner.id);
  const held = memberships.filter((one) => reaches(caller, one.workspaceId));
  if (held.length === 0 && caller.reach !== 'installation') return unchanged(caller, now, null);
  if (held.length < memberships.length) throw belongsElsewhere();
  await keepAnAdministrator(transaction, owner, { owner: null, membershipOf: () => null });
  const isLive = (token: TokenRecord) => token.revokedAt === null;
  const tokens = await withDescendants(transaction, await transaction.tokens.lockOfOwner(owner.id), isLive);
  for (const { id } of tokens) {
    await transaction.tokens.update(id, { revokedAt: now, revokedReason: 'its owner was deleted', soleKey: null });
  }
  await transaction.replays.eraseSealed(tokens.map(({ id }) => id));
  for (const { workspaceId } of memberships) await transaction.owners.deleteMembership(owner.id, workspaceId);
  await transaction.owners.updateOwner(owner.id, { deletedAt: now });
  const [only, second] = memberships;
  return {
    value: { owner: { ...owner, deletedAt: now }, tokens },
    // The owner stands for all its tokens; one that another owner minted with them stands for itself.
    subjects: [{ kind: 'owner', id: owner.id }, ...tokens.filter((token) => token.ownerId !== owner.id).map(lineageOf)],
    tightening: true,
    audit: auditDraft(caller, now, {
      action: `${AUDIT_WORD[kind]}.deleted`,
      subject: { kind: 'owner', id: owner.id },
      workspaceId: second === undefined ? (only?.workspaceId ?? null) : null,
      details: {
        owner_id: owner.id,
        external_id: owner.externalId,
        token_ids: tokens.map(({ id }) => id),
        workspace_ids: memberships.map((one) => one.workspaceId),
      },
    }),
  };
}

function lineageOf({ lineageId }: TokenRecord) {
  return { kind: 'lineage' as const, id: lineageId };
}

/** What the first call ended: everything of the owner's that shares its instant. */
async function repeat(
  caller: Caller,
  now: number,
  owner: Ended['owner'],
  transaction: Transaction,
): Promise<Draft<Ended | null>> {
  if (caller.reach !== 'installation') return unchanged(caller, now, null);
  const tokens: TokenRecord[] = [];
  const filter = { ownerId: owner.id };
  for (let after = null as PagePosition | null, more = true; more; more = after !== null) {
    const page = await transaction.tokens.list(filter, { limit: 100, after });
    tokens.push(...page.rows.filter((token) => token.revokedAt === owner.deletedAt));
    after = page.next;
  }
  return unchanged(caller, now, { owner, tokens });
}

function unchanged(caller: Caller, now: number, value: Ended | null): Draft<Ended | null> {
  return {
    value,
    subjects: value === null ? [] : [{ kind: 'owner', id: value.owner.id }],
    unchanged: true,
    tightening: true,
    audit: auditDraft(caller, now, { action: 'owner.deleted', subject: null, workspaceId: null }),
  };
}

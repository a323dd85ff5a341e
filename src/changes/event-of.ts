import { formatInstant } from '../policy/index.ts';
import {
  type AuditDraft,
  type EventDraft,
  isEventType,
  type OwnerRecord,
  type TokenRecord,
  type Transaction,
} from '../ports/index.ts';

/** Tokens named one by one; what is beyond them stands in the audit log. */
const TOKENS_NAMED = 25;

/**
 * Publishes what an audit entry says happened, where its action is an event and anybody is told of it.
 * @param seq of the entry; null where something is told beside the entry of its change.
 */
export async function publishEvent(transaction: Transaction, seq: number | null, audit: AuditDraft): Promise<void> {
  const { action: type, at, workspaceId } = audit;
  if (!isEventType(type) || !(await transaction.events.isAwaited(type, workspaceId))) return;
  await transaction.events.publish({ type, at, workspaceId, data: await dataOf(transaction, seq, audit) });
}

/** What the event holds: the subject as it is after the change, who did it, and where the audit log has the rest. */
async function dataOf(transaction: Transaction, seq: number | null, audit: AuditDraft): Promise<EventDraft['data']> {
  const { actor, onBehalfOf, subject, workspaceId, requestId } = audit;
  return {
    ...(subject !== null && (await subjectData(transaction, audit))),
    workspace_id: workspaceId,
    actor,
    on_behalf_of: onBehalfOf,
    request_id: requestId,
    audit_seq: seq,
  };
}

async function subjectData(transaction: Transaction, { subject, details }: AuditDraft): Promise<EventDraft['data']> {
  if (subject === null) return {};
  const { kind, id } = subject;
  if (kind === 'lineage') {
    const named = idsIn(details);
    const lineage = await transaction.tokens.findByLineage(id);
    const tokens = named.size === 0 ? lineage : lineage.filter((token) => named.has(token.id));
    const [first] = tokens;
    const owner = first === undefined ? null : await transaction.owners.find({ id: first.ownerId });
    return {
      tokens: tokens.slice(-TOKENS_NAMED).map(eventTokenData),
      owner: owner === null ? null : eventOwnerData(owner),
    };
  }
  if (kind === 'owner') {
    const owner = await transaction.owners.find({ id });
    return { owner: owner === null ? null : eventOwnerData(owner) };
  }
  if (kind === 'workspace') {
    const workspace = await transaction.owners.findWorkspace({ id });
    if (workspace === null) return {};
    const { externalId, name, disabledAt } = workspace;
    return { workspace: { id, external_id: externalId, name, disabled: disabledAt !== null } };
  }
  if (kind === 'role') return { role: { id, name: nameIn(details) ?? nameIn(details.after) } };
  if (kind === 'profile') return { profile: { name: details.name ?? null, version: details.version ?? null } };
  return { [kind]: { id } };
}

/** The tokens that an entry about a lineage is about. */
function idsIn(details: AuditDraft['details']): ReadonlySet<unknown> {
  const { token_id, token_ids, old_id, new_id } = details;
  const ids = [token_id, old_id, new_id, ...(Array.isArray(token_ids) ? token_ids : [])];
  return new Set(ids.filter((id) => typeof id === 'string'));
}

function nameIn(details: unknown): string | null {
  const { name } = (details ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : null;
}

/** A token as events tell of it. */
export function eventTokenData(token: TokenRecord) {
  return {
    id: token.id,
    lineage_id: token.lineageId,
    name: token.name,
    hint: token.hint,
    environment: token.environment,
    expires_at: instant(token.expiresAt),
    disabled_at: instant(token.disabledAt),
    revoked_at: instant(token.revokedAt),
    supersedes: token.supersedes,
    superseded_by: token.supersededBy,
    grace_ends_at: instant(token.graceEndsAt),
  };
}

/** An owner as events tell of them, without anything personal. */
export function eventOwnerData({ id, kind, externalId, disabledAt, disabledByProviderAt, deletedAt }: OwnerRecord) {
  const isDisabled = disabledAt !== null || disabledByProviderAt !== null;
  return { id, kind, external_id: externalId, disabled: isDisabled, deleted: deletedAt !== null };
}

function instant(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

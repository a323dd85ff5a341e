import { z } from 'zod';
import { AGENT_CLASSES, canonicalAddress, formatInstant } from '../policy/index.ts';
import type { AccessRecord, DenialFilter, DenialRecord, Page, PageRequest } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import type { Engine } from './operation.ts';
import { readInstant } from './read-token-usage.ts';
import { invalidInput } from './rejection.ts';
import { askedText, idSchema, timeSchema } from './schemas.ts';

const SPAN_MAX_MS = 31 * 86_400_000;

/** Which decisions are asked for. */
export const askedAccessSchema = {
  from: z.string().max(64).describe('RFC 3339; decisions at that instant are in the list'),
  to: z.string().max(64).describe('RFC 3339; decisions at that instant are not. At most 31 days after `from`'),
  outcome: z.enum(['all', 'accepted', 'refused']).default('all'),
  reason: askedText(64).optional().describe('Why it was refused: for example insufficient_permissions'),
  token_id: idSchema.optional(),
  owner_id: idSchema.optional(),
  workspace_id: idSchema.optional(),
  ip: askedText(64).optional(),
};
const askedSchema = z.strictObject(askedAccessSchema);
export type AskedAccess = z.infer<typeof askedSchema>;

export const accessSchema = z
  .object({
    request_id: z.string(),
    at: timeSchema,
    outcome: z.string().describe('`ok`, or the reason of the refusal'),
    door: z.string().describe('api, forward_auth, gateway, middleware, verify or introspection'),
    method: z.string().nullable(),
    path: z.string().nullable().describe('Without the query, and without what may be a token'),
    ip: z.string().nullable(),
    agent: z.enum(AGENT_CLASSES).nullable().describe('The kind of client by its own word; null for refusals'),
    all_of: z.array(z.string()),
    any_of: z.array(z.string()),
    token: z.object({ id: z.string(), name: z.string(), hint: z.string().nullable() }).nullable(),
    owner_id: z.string().nullable(),
    workspace_id: z.string().nullable(),
  })
  .meta({ id: 'Access' });
export type AccessWire = z.infer<typeof accessSchema>;

type Decided = DenialRecord & Partial<Pick<AccessRecord, 'agent'>>;

/** Accepted samples and refusals as one list, newest first. @throws {Rejection} `invalid_input`. */
export async function readAccesses(
  engine: Engine,
  caller: Caller,
  asked: AskedAccess,
  page: PageRequest,
): Promise<Page<Decided>> {
  const filter = filterOf(caller, asked);
  if (filter === null) return { rows: [], next: null };
  const { outcome, reason } = asked;
  const none: Page<Decided> = { rows: [], next: null };
  const accepted = outcome === 'refused' || reason !== undefined ? none : await engine.accesses.list(filter, page);
  const refused =
    outcome === 'accepted'
      ? none
      : await engine.denials.list({ ...filter, ...(reason !== undefined && { reason }) }, page);
  const both = [...accepted.rows, ...refused.rows].sort(newestFirst);
  const rows = both.slice(0, page.limit);
  const last = rows.at(-1);
  const isMore = both.length > page.limit || accepted.next !== null || refused.next !== null;
  return { rows, next: isMore && last !== undefined ? { at: last.at, id: last.requestId } : null };
}

export function accessWire({ details, ...record }: Decided): AccessWire {
  return {
    request_id: record.requestId,
    at: formatInstant(record.at),
    outcome: record.reason,
    door: record.door,
    method: record.method,
    path: record.path,
    ip: record.ip,
    agent: record.agent ?? null,
    all_of: [...details.allOf],
    any_of: [...details.anyOf],
    token:
      record.tokenId === null
        ? null
        : { id: record.tokenId, name: details.token?.name ?? '', hint: details.token?.hint ?? null },
    owner_id: record.ownerId,
    workspace_id: record.workspaceId,
  };
}

/** null for a workspace out of reach: nothing is found there. */
function filterOf(
  caller: Caller,
  { token_id, owner_id, workspace_id, ip, ...asked }: AskedAccess,
): DenialFilter | null {
  const [from, to] = [readInstant('from', asked.from), readInstant('to', asked.to)];
  if (from >= to) throw invalidInput('from', 'Must be before `to`.');
  if (to - from > SPAN_MAX_MS) throw invalidInput('from', 'At most 31 days at a time.');
  if (workspace_id !== undefined && !reaches(caller, workspace_id)) return null;
  const workspaceId = caller.reach === 'installation' ? workspace_id : caller.reach.workspaceId;
  const address = ip === undefined ? undefined : canonicalAddress(ip);
  if (address === null) throw invalidInput('ip', 'Not an IP address.');
  return {
    from,
    to,
    ...(token_id !== undefined && { tokenId: token_id }),
    ...(owner_id !== undefined && { ownerId: owner_id }),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(address !== undefined && { ip: address }),
  };
}

function newestFirst(one: Decided, other: Decided): number {
  return other.at - one.at || (one.requestId < other.requestId ? 1 : -1);
}

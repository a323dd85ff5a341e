import { z } from 'zod';
import {
  EXPLAINED_CHECKS,
  type ExplainWords,
  explain,
  failedCheck,
  isHiddenFromHolder,
} from '../authenticate/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { DenialRecord } from '../ports/index.ts';
import { timeSchema } from './schemas.ts';
import { ownerSummarySchema, workspaceSummarySchema } from './token-wire.ts';

const seenSchema = z.object({
  request_id: z.string(),
  at: timeSchema,
  door: z.string().describe('api, forward_auth, gateway, middleware, verify or introspection'),
  method: z.string().nullable(),
  path: z.string().nullable().describe('Without the query, and without what may be a token'),
  reason: z.string(),
});

/** One line of a list. */
export const denialSchema = seenSchema
  .extend({
    cause: z.string().describe('Why exactly, for the operator'),
    ip: z.string().nullable(),
    token: z.object({ id: z.string(), name: z.string(), hint: z.string().nullable() }).nullable(),
    owner_id: z.string().nullable(),
    workspace_id: z.string().nullable(),
    missing: z.array(z.string()),
    failed_check: z.enum(EXPLAINED_CHECKS).nullable(),
  })
  .meta({ id: 'Denial' });
export type DenialWire = z.infer<typeof denialSchema>;

const permissionsSchema = z.object({
  all_of: z.array(z.string()),
  any_of: z.array(z.string()),
  missing: z.array(z.string()),
  held: z.array(z.string()),
  held_count: z.int().describe('Where not all that are held are listed'),
});

const windowSchema = z.object({
  name: z.string(),
  limit: z.int(),
  seconds: z.int(),
  remaining: z.int(),
  reset: timeSchema,
});

export const explanationSchema = seenSchema
  .extend({
    advice: z.string().describe('What to do, in one sentence'),
    checks: z
      .array(
        z.object({
          check: z.enum(EXPLAINED_CHECKS),
          outcome: z.enum(['passed', 'failed', 'not_reached']),
          compared: z.string().nullable(),
        }),
      )
      .describe('In the order in which they are made'),
    permissions: permissionsSchema.nullable().describe('null where permissions were not compared'),
    route: z.object({ methods: z.string(), path: z.string() }).nullable().describe('The route rule that asked'),
    address: z.object({
      ip: z.string().nullable(),
      from: z.string().nullable().describe('Name of the header, connection, or question where the application told it'),
    }),
    rate_limit: z
      .object({ windows: z.array(windowSchema), retry_after: z.number().nullable().describe('Seconds; null: never') })
      .nullable(),
    token: z.object({ id: z.string(), name: z.string(), hint: z.string().nullable() }).nullable(),
    cause: z.string().optional().describe('Why exactly; for operators, like what follows'),
    lineage_id: z.string().nullable().optional(),
    ip_allowlist: z.array(z.string()).nullable().optional(),
    owner: ownerSummarySchema.nullable().optional(),
    workspace: workspaceSummarySchema.nullable().optional(),
  })
  .meta({ id: 'Explanation' });
export type ExplanationWire = z.infer<typeof explanationSchema>;

export function denialWire(record: DenialRecord): DenialWire {
  return {
    ...seenWire(record),
    cause: record.cause,
    ip: record.ip,
    token: tokenWire(record),
    owner_id: record.ownerId,
    workspace_id: record.workspaceId,
    missing: [...(record.details.missing ?? [])],
    failed_check: failedCheck(record),
  };
}

/** What the bearer of the refused token may know: of one that is no longer valid, what anybody knows of one that never was. */
export function reducedExplanation(record: DenialRecord, words: ExplainWords): ExplanationWire {
  return explanationWire(isHiddenFromHolder(record.cause) ? asUnknown(record) : record, words);
}

/** Of a request whose token is not known to be the asker's: what its text alone tells. */
export function shapeExplanation(record: DenialRecord, words: ExplainWords): ExplanationWire {
  return explanationWire({ ...asUnknown(record), cause: record.cause, reason: record.reason, ...NOT_SEEN }, words);
}

const NOT_SEEN = { method: null, path: null, ip: null } as const;

/** Everything that may be told to who holds the token. */
export function explanationWire(record: DenialRecord, words: ExplainWords): ExplanationWire {
  const { details } = record;
  const { checks, advice } = explain(record, words);
  return {
    ...seenWire(record),
    advice,
    checks: checks.map((check) => ({ ...check })),
    permissions:
      details.held === undefined
        ? null
        : {
            all_of: [...details.allOf],
            any_of: [...details.anyOf],
            missing: [...(details.missing ?? [])],
            held: [...details.held],
            held_count: details.heldCount ?? details.held.length,
          },
    route: details.rule == null ? null : { ...details.rule },
    address: { ip: record.ip, from: record.ip === null ? null : details.addressFrom },
    rate_limit: limitWire(record),
    token: tokenWire(record),
  };
}

function asUnknown(record: DenialRecord): DenialRecord {
  const { environments, addressFrom, problem, help } = record.details;
  return {
    ...record,
    reason: 'invalid_token',
    cause: 'unknown',
    tokenId: null,
    lineageId: null,
    ownerId: null,
    workspaceId: null,
    details: {
      environments,
      addressFrom,
      allOf: [],
      anyOf: [],
      ...(problem !== undefined && { problem }),
      ...(help !== undefined && { help }),
    },
  };
}

function seenWire(record: DenialRecord): z.infer<typeof seenSchema> {
  const { requestId, at, door, method, path, reason } = record;
  return { request_id: requestId, at: formatInstant(at), door, method, path, reason };
}

function tokenWire({ tokenId, details: { token } }: DenialRecord): DenialWire['token'] {
  return tokenId === null ? null : { id: tokenId, name: token?.name ?? '', hint: token?.hint ?? null };
}

function limitWire({ details: { windows, retryAfterMs } }: DenialRecord): ExplanationWire['rate_limit'] {
  if (windows === undefined && retryAfterMs === undefined) return null;
  const listed = (windows ?? []).map(({ resetAt, ...window }) => ({ ...window, reset: formatInstant(resetAt) }));
  return { windows: listed, retry_after: retryAfterMs == null ? null : Math.ceil(retryAfterMs / 1000) };
}

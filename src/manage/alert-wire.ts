import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import { ALERT_KINDS, type AlertKind, type AlertRecord } from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { Rejection } from './rejection.ts';
import { actorRefSchema, descriptionSchema, timeSchema } from './schemas.ts';
import { instantOrNull, ownerSummary, ownerSummarySchema } from './token-wire.ts';

export const ALERT_KIND_NAMES = Object.keys(ALERT_KINDS) as [AlertKind, ...AlertKind[]];

export const noteSchema = descriptionSchema.optional().describe('What was found out, for whoever looks later');

export const alertSchema = z
  .object({
    id: z.string(),
    kind: z.enum(ALERT_KIND_NAMES),
    summary: z.string().describe('What it says, in one sentence'),
    state: z.enum(['open', 'acknowledged']),
    token: z
      .object({ id: z.string(), name: z.string(), hint: z.string() })
      .nullable()
      .describe('null where no token of yours is known'),
    owner: ownerSummarySchema.nullable(),
    workspace_id: z.string().nullable(),
    networks: z.array(z.string()).describe('/24 of IPv4, /64 of IPv6; the newest 20'),
    count: z.int().describe('How often on that day (UTC), as far as is known'),
    first_seen_at: timeSchema,
    last_seen_at: timeSchema,
    raised_at: timeSchema,
    acknowledged_at: timeSchema.nullable(),
    acknowledged_by: actorRefSchema.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Alert' });
export type AlertWire = z.infer<typeof alertSchema>;

/** Alerts as everybody sees them, with the names their tokens and owners have now. */
export async function alertsWire({ store }: Engine, alerts: readonly AlertRecord[]): Promise<AlertWire[]> {
  return Promise.all(
    alerts.map(async (alert) => {
      const token = alert.tokenId === null ? null : await store.tokens.findById(alert.tokenId);
      const owner = alert.ownerId === null ? null : await store.owners.find({ id: alert.ownerId });
      return {
        id: alert.id,
        kind: alert.kind,
        summary: ALERT_KINDS[alert.kind],
        state: alert.acknowledgedAt === null ? 'open' : 'acknowledged',
        token: token === null ? null : { id: token.id, name: token.name, hint: token.hint },
        owner: owner === null ? null : ownerSummary(owner),
        workspace_id: alert.workspaceId,
        networks: [...alert.networks],
        count: alert.count,
        first_seen_at: formatInstant(alert.firstAt),
        last_seen_at: formatInstant(alert.lastAt),
        raised_at: formatInstant(alert.createdAt),
        acknowledged_at: instantOrNull(alert.acknowledgedAt),
        acknowledged_by: alert.acknowledgedBy === null ? null : { ...alert.acknowledgedBy },
        note: alert.note,
      } satisfies AlertWire;
    }),
  );
}

/** @throws {Rejection} `not_found`, also for an alert out of the caller's reach. */
export function withinReach(caller: Caller, alert: AlertRecord | null): AlertRecord {
  const message = 'There is no such alert, or it is not yours.';
  if (alert === null) throw new Rejection('not_found', message);
  const { workspaceId } = alert;
  const isMine = workspaceId === null ? caller.reach === 'installation' : reaches(caller, workspaceId);
  if (!isMine) throw new OutOfReach('alert', alert.id, message);
  return alert;
}

import type { WebhookPatch, WebhookRecord } from '../../ports/index.ts';
import { stringifyNullable } from './json.ts';
import type { WebhookTable } from './schema.ts';

export function toColumns(patch: WebhookPatch): Partial<WebhookTable> {
  return {
    ...(patch.url !== undefined && { url: patch.url }),
    ...(patch.description !== undefined && { description: patch.description }),
    ...(patch.eventTypes !== undefined && { event_types: stringifyNullable(patch.eventTypes) }),
    ...(patch.sealedSecret !== undefined && { sealed_secret: patch.sealedSecret }),
    ...(patch.previousSealed !== undefined && { previous_sealed: patch.previousSealed }),
    ...(patch.previousEndsAt !== undefined && { previous_ends_at: patch.previousEndsAt }),
    ...(patch.disabledAt !== undefined && { disabled_at: patch.disabledAt }),
    ...(patch.disabledWhy !== undefined && { disabled_why: patch.disabledWhy }),
    ...(patch.failingSince !== undefined && { failing_since: patch.failingSince }),
    ...(patch.lastFailedAt !== undefined && { last_failed_at: patch.lastFailedAt }),
  };
}

export function toWebhook(row: WebhookTable): WebhookRecord {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    url: row.url,
    description: row.description,
    eventTypes: row.event_types === null ? null : JSON.parse(row.event_types),
    sealedSecret: row.sealed_secret,
    previousSealed: row.previous_sealed,
    previousEndsAt: row.previous_ends_at,
    disabledAt: row.disabled_at,
    disabledWhy: row.disabled_why as WebhookRecord['disabledWhy'],
    failingSince: row.failing_since,
    lastFailedAt: row.last_failed_at,
    createdAt: row.created_at,
    createdBy: { kind: row.created_by_kind as WebhookRecord['createdBy']['kind'], id: row.created_by_id },
  };
}

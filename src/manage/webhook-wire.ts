import { z } from 'zod';
import { formatInstant } from '../policy/index.ts';
import {
  type DeliveryRecord,
  EVENT_TYPES,
  type EventType,
  type Transaction,
  type WebhookReads,
  type WebhookRecord,
} from '../ports/index.ts';
import { type Caller, reaches } from './caller.ts';
import type { Engine } from './operation.ts';
import { OutOfReach } from './out-of-reach.ts';
import { Rejection } from './rejection.ts';
import { actorRefSchema, descriptionSchema, timeSchema } from './schemas.ts';

const TYPES = Object.keys(EVENT_TYPES) as [EventType, ...EventType[]];

/** What an endpoint can be told to be. */
export const webhookFields = {
  url: z.string().describe('https:// and a name or address of the public Internet'),
  description: descriptionSchema.nullable().optional(),
  event_types: z
    .array(z.enum(TYPES))
    .min(1, 'Name at least one, or send null for all.')
    .max(TYPES.length)
    .nullable()
    .optional()
    .describe('What it is told of; null is everything, also what later versions tell'),
};

export const webhookSchema = z
  .object({
    id: z.string(),
    workspace_id: z.string().nullable().describe('null is told of every workspace'),
    url: z.string(),
    description: z.string().nullable(),
    event_types: z.array(z.string()).nullable().describe('null is everything'),
    state: z.enum(['enabled', 'disabled']),
    disabled_at: timeSchema.nullable(),
    disabled_why: z
      .enum(['by_hand', 'failing', 'gone'])
      .nullable()
      .describe('`failing`: nothing was taken for five days; `gone`: it answered 410'),
    failing_since: timeSchema.nullable().describe('First failure since a delivery was taken'),
    previous_secret_ends_at: timeSchema.nullable().describe('Until then the secret before the last signs too'),
    created_at: timeSchema,
    created_by: actorRefSchema,
  })
  .meta({ id: 'Webhook' });
export type WebhookWire = z.infer<typeof webhookSchema>;

export const secretSchema = z.string().describe('whsec_…: in this answer and never again');

export function webhookWire(webhook: WebhookRecord, now: number): WebhookWire {
  const { previousEndsAt } = webhook;
  return {
    id: webhook.id,
    workspace_id: webhook.workspaceId,
    url: webhook.url,
    description: webhook.description,
    event_types: webhook.eventTypes === null ? null : [...webhook.eventTypes],
    state: webhook.disabledAt === null ? 'enabled' : 'disabled',
    disabled_at: instant(webhook.disabledAt),
    disabled_why: webhook.disabledWhy,
    failing_since: instant(webhook.failingSince),
    previous_secret_ends_at: previousEndsAt !== null && previousEndsAt > now ? formatInstant(previousEndsAt) : null,
    created_at: formatInstant(webhook.createdAt),
    created_by: { ...webhook.createdBy },
  };
}

export const deliverySchema = z
  .object({
    id: z.string(),
    webhook_id: z.string(),
    event_id: z.string().describe('Sent as webhook-id: the same at every attempt and every endpoint'),
    event_type: z.string(),
    event_at: timeSchema,
    state: z.enum(['pending', 'delivered', 'given_up']),
    attempts: z.int(),
    last_status: z.int().nullable().describe('What the endpoint answered last; null when it did not'),
    last_error: z.string().nullable().describe('Why the last attempt failed'),
    created_at: timeSchema,
    next_attempt_at: timeSchema.nullable().describe('null unless pending'),
    delivered_at: timeSchema.nullable(),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryWire = z.infer<typeof deliverySchema>;

export function deliveryWire(delivery: DeliveryRecord): DeliveryWire {
  return {
    id: delivery.id,
    webhook_id: delivery.webhookId,
    event_id: delivery.eventId,
    event_type: delivery.type,
    event_at: formatInstant(delivery.happenedAt),
    state: delivery.state === 'sent' ? 'delivered' : delivery.state,
    attempts: delivery.attempts,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: formatInstant(delivery.createdAt),
    next_attempt_at: delivery.state === 'pending' ? formatInstant(delivery.nextAt) : null,
    delivered_at: instant(delivery.sentAt),
  };
}

/** @throws {Rejection} `not_found`, also for an endpoint out of the caller's reach. */
export async function findWebhook({ store }: Engine, caller: Caller, id: string): Promise<WebhookRecord> {
  return withinReach(caller, await store.webhooks.find(id));
}

/** The same within a transaction, locked for update. */
export async function lockWebhook({ webhooks }: Transaction, caller: Caller, id: string): Promise<WebhookRecord> {
  return withinReach(caller, await webhooks.lock(id));
}

/** @throws {Rejection} `not_found` for a delivery of another endpoint too. */
export async function findDelivery(
  webhooks: Pick<WebhookReads, 'findDelivery'>,
  webhookId: string,
  id: string,
): Promise<DeliveryRecord> {
  const delivery = await webhooks.findDelivery(id);
  if (delivery === null || delivery.webhookId !== webhookId) throw new Rejection('not_found');
  return delivery;
}

/** @throws {Rejection} `conflict`: nothing is sent to an endpoint that is disabled. */
export function requireEnabled({ disabledAt }: WebhookRecord): void {
  if (disabledAt !== null) throw new Rejection('conflict', 'This webhook is disabled: enable it first.');
}

function withinReach(caller: Caller, webhook: WebhookRecord | null): WebhookRecord {
  if (webhook === null) throw new Rejection('not_found');
  const { workspaceId } = webhook;
  const isMine = workspaceId === null ? caller.reach === 'installation' : reaches(caller, workspaceId);
  if (!isMine) throw new OutOfReach('webhook', webhook.id);
  return webhook;
}

function instant(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

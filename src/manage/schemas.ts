import { z } from 'zod';

/** Pieces that several operations share; the wire names are those of the neutral profile. */

const METADATA_BYTES_MAX = 4096;
const CONTROL_OR_DIRECTION = /[\p{Cc}\p{Cs}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/u;

function isSeen(text: string): boolean {
  return !CONTROL_OR_DIRECTION.test(text);
}

/** What somebody looks for: short, and without what no stored text can hold. */
export function askedText(charactersMax: number) {
  return z.string().min(1).max(charactersMax).refine(isSeen, 'Control characters are not allowed.');
}

/** 1 to 100 code points, NFC, nothing invisible: names are shown to people who decide by them (threats row 55). */
export const nameSchema = z
  .string()
  .transform((text) => text.normalize('NFC'))
  .refine((text) => text.trim().length > 0 && [...text].length <= 100, 'Between 1 and 100 characters.')
  .refine(isSeen, 'Control, zero-width and direction characters are not allowed.');

export const descriptionSchema = z
  .string()
  .transform((text) => text.normalize('NFC'))
  .refine((text) => [...text].length <= 1000, 'At most 1,000 characters.')
  .refine((text) => !CONTROL_OR_DIRECTION.test(text.replaceAll('\n', '')), 'Control characters are not allowed.');

export const metadataSchema = z
  .record(z.string(), z.unknown())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= METADATA_BYTES_MAX, 'At most 4 KiB as JSON.');

export const idSchema = z.string().regex(/^[a-z]{2,8}_[0-9A-Za-z]{10,40}$/, 'Not an id.');

/** The provider's own id: any visible text up to 200 characters. */
export const externalIdSchema = askedText(200);

export const emailSchema = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => /^[^\s@]{1,64}@[^\s@]{1,189}$/.test(text) && isSeen(text), 'Not an e-mail address.');

export const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,4}[smhdw]$/, 'A whole number with a unit, such as 90d (units: s, m, h, d, w).');

export const gracePeriodSchema = z.union([z.literal('0s'), durationSchema]);

export const permissionListSchema = z.array(z.string().max(65)).max(200, 'At most 200 permissions.');

export const levelSchema = z.enum(['read', 'write', 'admin']);

export const environmentSchema = z.enum(['live', 'test']);

export const windowSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/, 'A lower-case word such as hour.'),
  limit: z.int().min(1).max(1_000_000_000),
  seconds: z.int().min(1).max(31_536_000),
});

/** Something by our id or by the provider's. */
export const referenceSchema = z.union([
  z.strictObject({ id: idSchema }),
  z.strictObject({ external_id: externalIdSchema }),
]);
export type Reference = z.infer<typeof referenceSchema>;

/** A switch that comes as JSON from a body and as text from a query. */
export const flagSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

export const searchSchema = askedText(100).describe('Part of a name, an e-mail address or an id of yours');

export const actorSchema = z.strictObject({ external_id: externalIdSchema, ip: askedText(64).optional() });

export const pageSchema = {
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(512).optional(),
};

export const timeSchema = z.string().describe('RFC 3339, UTC, milliseconds');

export const guaranteeSchema = z.object({
  class: z.enum(['process', 'cluster', 'bounded']),
  durability: z.enum(['single-copy', 'durable']),
  epoch: z.int(),
  nodes_acknowledged: z.int(),
  nodes_waited_out: z.int(),
  milliseconds: z.int(),
});

export const actorRefSchema = z.object({ kind: z.string(), id: z.string().nullable() });

export function listSchema<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), next_cursor: z.string().nullable() });
}

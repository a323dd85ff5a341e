import { z } from 'zod';
import { ALPHABETS, type ImportedForm, RECIPES } from '../token/index.ts';

/** Fewer random characters can be guessed. */
const LENGTH_MIN = 16;
const LENGTH_MAX = 256;

const lengthSchema = z.coerce.number().int().min(LENGTH_MIN).max(LENGTH_MAX);

/** What the tokens of one import look like, as whoever imports them says. */
export const importedFormFields = {
  source: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,31}$/, 'A lower-case word, such as laravel.')
    .describe('Where the tokens come from; together with their ids there it tells which are here already'),
  recipe: z.enum(RECIPES).describe('How that system made its digests'),
  prefix: z
    .string()
    .regex(/^[0-9A-Za-z._~-]{0,32}$/, 'At most 32 letters, digits and . _ ~ -')
    .describe('How the tokens begin; may be empty'),
  alphabet: z.enum(ALPHABETS).describe('What they are written with behind the prefix'),
  length_min: lengthSchema.describe('Characters behind the prefix, at least'),
  length_max: lengthSchema.describe('The same at most'),
  scheme: z
    .string()
    .regex(/^[A-Za-z][A-Za-z-]{0,31}$/, 'A word such as Token.')
    .nullable()
    .optional()
    .describe('A further scheme of the Authorization header that their clients send'),
};

export const importedFormSchema = z.object(importedFormFields).meta({ id: 'ImportedForm' });
export type ImportedFormWire = z.infer<typeof importedFormSchema>;

export function importedFormOf(wire: ImportedFormWire): ImportedForm {
  const { source, recipe, prefix, alphabet, length_min, length_max, scheme } = wire;
  const lower = scheme == null || scheme.toLowerCase() === 'bearer' ? null : scheme.toLowerCase();
  return { source, recipe, prefix, alphabet, lengthMin: length_min, lengthMax: length_max, scheme: lower };
}

export function importedFormWire(form: ImportedForm): ImportedFormWire {
  const { source, recipe, prefix, alphabet, lengthMin, lengthMax, scheme } = form;
  return { source, recipe, prefix, alphabet, length_min: lengthMin, length_max: lengthMax, scheme };
}

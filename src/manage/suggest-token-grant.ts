import { z } from 'zod';
import { findToken } from './find-token.ts';
import { defineOperation } from './operation.ts';
import { tokenIdSchema } from './read-token.ts';
import {
  SUGGESTION_DAYS,
  SUGGESTION_DAYS_MAX,
  type SuggestionWire,
  suggestGrants,
  suggestionSchema,
} from './suggest-grant.ts';

export const daysSchema = z.coerce
  .number()
  .int()
  .min(1)
  .max(SUGGESTION_DAYS_MAX)
  .default(SUGGESTION_DAYS)
  .describe('How far back is looked');

const inputSchema = z.strictObject({ id: tokenIdSchema, days: daysSchema });

/** Which of its permissions a token used, and the smaller grant that would have been enough. It changes nothing. */
export const suggestTokenGrant = defineOperation<
  z.infer<typeof inputSchema>,
  SuggestionWire,
  z.input<typeof inputSchema>
>({
  id: 'suggestTokenGrant',
  summary: 'Suggest what would be enough for a token',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: suggestionSchema,
  run: async (engine, caller, { id, days }) => {
    const row = await findToken(engine, caller, id, 'keyhouse-tokens:read');
    const [suggestion] = await suggestGrants(engine, [row], days);
    return suggestion as SuggestionWire;
  },
});

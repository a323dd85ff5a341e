import { z } from 'zod';
import { findToken } from './find-token.ts';
import { defineOperation } from './operation.ts';
import { askedText } from './schemas.ts';
import { describeToken, type TokenWire, tokenSchema } from './token-wire.ts';

export const tokenIdSchema = askedText(64).describe('A token id, or `current` for the token of this request');

const inputSchema = z.strictObject({ id: tokenIdSchema });

/** One token with everything but its value. */
export const readToken = defineOperation<z.infer<typeof inputSchema>, TokenWire>({
  id: 'readToken',
  summary: 'Read a token',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: tokenSchema,
  run: async (engine, caller, { id }) =>
    describeToken(engine, await findToken(engine, caller, id, 'keyhouse-tokens:read')),
});

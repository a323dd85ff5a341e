import { z } from 'zod';
import { diagnose } from '../token/index.ts';
import type { Caller } from './caller.ts';
import { isOwn } from './find-token.ts';
import { defineOperation, type Engine } from './operation.ts';
import { Rejection } from './rejection.ts';
import { describeToken, tokenSchema } from './token-wire.ts';
import { askedBy } from './verify-tokens.ts';

const inputSchema = z.strictObject({
  token: z.string().min(1).max(16_384).describe('The value, as it was found somewhere'),
});
type Input = z.infer<typeof inputSchema>;
type Output = z.infer<typeof tokenSchema>;

/**
 * Whose token a value is, for whoever has found one where it should not be. It spends nothing and counts no use; the value
 * is looked up and let go.
 * @throws {Rejection} `not_found` alike for what is no token, what is not known, and what is out of reach (threats row 30).
 */
export const findPastedToken = defineOperation<Input, Output>({
  id: 'findPastedToken',
  summary: 'Find the token that a value belongs to',
  access: { needs: 'keyhouse-tokens:read', orSelf: true },
  effect: 'reads',
  input: inputSchema,
  output: tokenSchema,
  run: async (engine, caller, { token }) => {
    const text = token.trim().replace(/^bearer\s+/i, '');
    const { facts } = await lookUp(engine, caller, text);
    const row = facts === null ? null : await engine.store.facts.findByTokenId(facts.id);
    if (row === null || !(caller.may('keyhouse-tokens:read') || isOwn(caller, row))) throw notFound(engine, text);
    return describeToken(engine, row);
  },
});

/** Through the guard that slows down whoever sends many values that nobody has. */
async function lookUp({ authenticator }: Engine, caller: Caller, text: string) {
  const { environments } = authenticator.profile.profile.token;
  const question = {
    credential: { found: 'text', text },
    environments,
    ip: null,
    allOf: [],
    anyOf: [],
    cost: 0,
    isLook: true,
  } as const;
  return authenticator.decide(askedBy(caller, question));
}

function notFound({ authenticator }: Engine, text: string): Rejection {
  const { token: format, words } = authenticator.profile.profile;
  const help = diagnose(['Authorization', `Bearer ${text}`], format, {
    sampleTokens: format.samples,
    tokenWord: words.token,
  });
  return new Rejection(
    'not_found',
    help ?? `No ${words.token} with this value is known here, or it is not yours to see.`,
  );
}

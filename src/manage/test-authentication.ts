import { z } from 'zod';
import { longestWindowWire } from './identity-wire.ts';
import { defineOperation } from './operation.ts';
import { Rejection } from './rejection.ts';
import { timeSchema } from './schemas.ts';
import { grantedEntries } from './token-wire.ts';

const outputSchema = z
  .object({
    authenticated: z.literal(true),
    key_id: z.string(),
    permissions: z.array(z.string()).describe('The grant as written'),
    rate_limit: z.object({ limit: z.int(), remaining: z.int(), reset: timeSchema }).nullable(),
  })
  .meta({ id: 'AuthenticationTest' });
type Output = z.infer<typeof outputSchema>;

/** Tells a bearer about the token of this very request, which counts like any other. */
export const testAuthentication = defineOperation<Record<string, never>, Output>({
  id: 'testAuthentication',
  summary: 'Test the token of this request',
  access: { anyToken: true },
  effect: 'reads',
  input: z.strictObject({}),
  output: outputSchema,
  run: async (engine, caller) => {
    if (caller.token === null) throw new Rejection('authentication_required');
    const now = engine.clock.now();
    return {
      authenticated: true,
      key_id: caller.token.id,
      permissions: grantedEntries(engine, caller.token),
      rate_limit: caller.limit === null ? null : longestWindowWire(caller.limit, now),
    };
  },
});

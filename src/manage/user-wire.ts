import { z } from 'zod';
import type { Engine } from './operation.ts';
import { type OwnerWire, ownerSchema } from './owner-wire.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

/** A user, with how they come in. */
export const userSchema = ownerSchema
  .extend({
    sign_in: z.object({
      password: z.boolean().describe('false for who has never set one'),
      second_factor: z.boolean(),
      last_at: timeSchema.nullable().describe('When the user last signed in'),
    }),
  })
  .meta({ id: 'User' });
export type UserWire = z.infer<typeof userSchema>;

export function describeUsers(engine: Pick<Engine, 'store'>, users: readonly OwnerWire[]): Promise<UserWire[]> {
  return Promise.all(users.map(async (user) => ({ ...user, sign_in: await signInOf(engine, user.id) })));
}

async function signInOf({ store: { people, audit } }: Pick<Engine, 'store'>, id: string): Promise<UserWire['sign_in']> {
  const [hash, factor, sessions, signIns] = await Promise.all([
    people.readPasswordHash(id),
    people.readSecondFactor(id),
    // An accepted invitation begins a session too; one that has ended is in the audit log alone.
    people.listSessions(id),
    audit.list({ actorId: id, action: 'session.started' }, { limit: 1, after: null }),
  ]);
  const times = [...sessions.map(({ createdAt }) => createdAt), ...signIns.rows.map(({ at }) => at)];
  return {
    password: hash !== null,
    second_factor: factor?.confirmedAt != null,
    last_at: instantOrNull(times.length === 0 ? null : Math.max(...times)),
  };
}

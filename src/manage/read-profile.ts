import { z } from 'zod';
import { canonicalProfile } from '../profile/index.ts';
import { profileDigest } from './apply-profile.ts';
import { defineOperation } from './operation.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

const outputSchema = z
  .object({
    version: z.int(),
    name: z.string(),
    digest: z.string().describe('SHA-256 of the canonical text, hex'),
    applied_at: timeSchema.nullable(),
    profile: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'ProfileInForce' });
type Output = z.infer<typeof outputSchema>;

/** The profile in force, complete: what a preset supplied is spelled out. */
export const readProfile = defineOperation<Record<string, never>, Output>({
  id: 'readProfile',
  summary: 'Read the profile in force',
  access: { needs: 'keyhouse-profile:read', orSelf: 'signed_in' },
  effect: 'reads',
  input: z.strictObject({}),
  output: outputSchema,
  run: async (engine) => {
    const stored = await engine.store.profiles.inForce();
    const { version, profile } = engine.authenticator.profile;
    return {
      version: stored?.version ?? version,
      name: stored?.name ?? profile.name,
      digest: stored?.digest ?? profileDigest(profile),
      applied_at: instantOrNull(stored?.appliedAt ?? null),
      profile: JSON.parse(stored?.document ?? canonicalProfile(profile)) as Record<string, unknown>,
    };
  },
});

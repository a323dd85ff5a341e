import { z } from 'zod';
import { canonicalProfile } from '../profile/index.ts';
import { profileDigest } from './apply-profile.ts';
import { importedFormSchema, importedFormWire } from './imported-form-wire.ts';
import { defineOperation } from './operation.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

const outputSchema = z
  .object({
    version: z.int(),
    name: z.string(),
    digest: z.string().describe('SHA-256 of the canonical text, hex'),
    applied_at: timeSchema.nullable(),
    imports: z.array(importedFormSchema).describe('What tokens of other systems look like that work too'),
    profile: z.record(z.string(), z.unknown()).describe('For people without keyhouse-profile:read without `routes`'),
  })
  .meta({ id: 'ProfileInForce' });
type Output = z.infer<typeof outputSchema>;

/**
 * The profile in force, complete: what a preset supplied is spelled out. Somebody signed in who may not read it is shown what
 * the pages of their own tokens say, and not the rules by which requests to the API behind are judged.
 */
export const readProfile = defineOperation<Record<string, never>, Output>({
  id: 'readProfile',
  summary: 'Read the profile in force',
  access: { needs: 'keyhouse-profile:read', orSelf: 'signed_in' },
  effect: 'reads',
  input: z.strictObject({}),
  output: outputSchema,
  run: async (engine, caller) => {
    const stored = await engine.store.profiles.inForce();
    const { version, profile } = engine.authenticator.profile;
    const { routes, ...shown } = JSON.parse(stored?.document ?? canonicalProfile(profile)) as Record<string, unknown>;
    return {
      version: stored?.version ?? version,
      name: stored?.name ?? profile.name,
      digest: stored?.digest ?? profileDigest(profile),
      applied_at: instantOrNull(stored?.appliedAt ?? null),
      imports: (stored?.imports ?? []).map(importedFormWire),
      profile: caller.may('keyhouse-profile:read') && routes !== undefined ? { ...shown, routes } : shown,
    };
  },
});

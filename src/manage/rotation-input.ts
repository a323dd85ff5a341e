import { z } from 'zod';
import type { ProfileInForce } from '../authenticate/index.ts';
import { parseRotationPeriod } from '../policy/index.ts';
import type { RotationSetting } from '../ports/index.ts';
import { rotationPlanOf } from '../profile/index.ts';
import { invalidInput } from './rejection.ts';
import { durationSchema, emailSchema, gracePeriodSchema } from './schemas.ts';

/** Fields of a token about its rotation, at creation and later. */
export const rotationSettingsSchema = {
  auto_rotate: z
    .boolean()
    .optional()
    .describe('Whether a successor becomes claimable by itself each `rotation_period`; the old one works until then'),
  rotation_period: durationSchema.nullable().optional().describe('1m to 3650d; what the profile says when left out'),
  grace_period: gracePeriodSchema.nullable().optional(),
  end_old_on_first_use: z
    .boolean()
    .optional()
    .describe('Whether the old token of a rotation ends as soon as its successor is first used, whatever the grace'),
  on_unclaimed: z
    .enum(['keep', 'end'])
    .nullable()
    .optional()
    .describe('What becomes of the token when nobody claims its successor; what the profile says when left out'),
  notification_email: emailSchema.nullable().optional(),
  self_rotate: z.boolean().optional(),
};

type Input = {
  readonly [Field in keyof typeof rotationSettingsSchema]?: z.infer<(typeof rotationSettingsSchema)[Field]>;
};

/** What a token without a word about rotation has. */
export function plainRotation({ profile }: ProfileInForce): RotationSetting {
  return {
    autoRotate: false,
    rotationPeriod: null,
    gracePeriod: null,
    notificationEmail: null,
    selfRotate: profile.selfService,
  };
}

/**
 * How the token rotates with what was asked for.
 * @throws {Rejection} `invalid_input`: a period out of bounds.
 */
export function readRotation(input: Input, before: RotationSetting, { profile }: ProfileInForce): RotationSetting {
  const { onUnclaimed, ...kept } = before;
  const asked = input.on_unclaimed === undefined ? onUnclaimed : (input.on_unclaimed ?? undefined);
  const after: RotationSetting = {
    ...kept,
    ...(input.auto_rotate !== undefined && { autoRotate: input.auto_rotate }),
    ...(input.rotation_period !== undefined && { rotationPeriod: input.rotation_period }),
    ...(input.grace_period !== undefined && { gracePeriod: input.grace_period }),
    ...(input.notification_email !== undefined && { notificationEmail: input.notification_email }),
    ...(input.self_rotate !== undefined && { selfRotate: input.self_rotate }),
    ...(input.end_old_on_first_use !== undefined && { endOldOnFirstUse: input.end_old_on_first_use }),
    ...(asked !== undefined && { onUnclaimed: asked }),
  };
  if (after.rotationPeriod !== null && parseRotationPeriod(after.rotationPeriod) === null)
    throw invalidInput('rotation_period', 'Between 1m and 3650d.');
  // Written down, so that a later profile does not move a day that people were told.
  return after.autoRotate && after.rotationPeriod === null
    ? { ...after, rotationPeriod: rotationPlanOf(profile).period }
    : after;
}

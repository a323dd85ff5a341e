import type { LimitSetting, Window } from '../policy/index.ts';
import type { LimitTier, Profile } from './profile.ts';

/**
 * The windows a token's limit setting means under this profile, longest first. A tier that was cut from the profile
 * since means the default tier.
 */
export function windowsOf(profile: Profile, setting: LimitSetting): readonly Window[] | 'unlimited' {
  if (setting.by === 'unlimited') return 'unlimited';
  if (setting.by === 'windows') return setting.windows;
  const { tiers, defaultTier } = profile.limits;
  const name = Object.hasOwn(tiers, setting.tier) ? setting.tier : defaultTier;
  return (tiers[name] as LimitTier).windows;
}

import type { Profile } from './profile.ts';

/** What is done about a token whose value somebody reports. */
export type LeakPolicy = 'revoke' | 'alert';

/** What a profile says of it, and ours where it says nothing. */
export function leakPolicyOf({ leaks }: Pick<Profile, 'leaks'>): LeakPolicy {
  return leaks?.onReport ?? 'revoke';
}

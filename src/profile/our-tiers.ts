import type { LimitTier } from './profile.ts';

const HOUR_SECONDS = 3_600;
const MINUTE_SECONDS = 60;

/** Tiers of the neutral profile, and of every company whose document names none. */
export const OUR_TIERS: Readonly<Record<string, LimitTier>> = {
  standard: {
    label: 'Standard',
    useCase: 'Everyday use',
    windows: [
      { name: 'hour', limit: 1_000, seconds: HOUR_SECONDS },
      { name: 'minute', limit: 100, seconds: MINUTE_SECONDS },
    ],
  },
  'high-volume': {
    label: 'High volume',
    useCase: 'Automation',
    windows: [
      { name: 'hour', limit: 10_000, seconds: HOUR_SECONDS },
      { name: 'minute', limit: 1_000, seconds: MINUTE_SECONDS },
    ],
  },
  limited: {
    label: 'Limited',
    useCase: 'Trying things out',
    windows: [
      { name: 'hour', limit: 100, seconds: HOUR_SECONDS },
      { name: 'minute', limit: 10, seconds: MINUTE_SECONDS },
    ],
  },
  unlimited: { label: 'Unlimited', useCase: 'Trusted internal services', windows: 'unlimited' },
};

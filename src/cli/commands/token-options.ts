import type { Call } from '../call.ts';
import type { OptionSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { readList, readObject, readWindow } from '../options.ts';

/** Settings of a token that creating and updating have in common. */
export const SETTINGS_OF_TOKEN: readonly OptionSpec[] = [
  { flags: '--description <text>', about: 'What it is for.' },
  { flags: '--permissions <list>', about: 'What it may do: servers:read,instances:*', reads: readList },
  {
    flags: '--level <level>',
    about: 'What it may do, as a level of the profile.',
    choices: ['read', 'write', 'admin'],
  },
  { flags: '--inherit', about: 'Whatever its owner may do, now and later.' },
  {
    flags: '--ip <network>',
    about: 'Address or network that may use it; several by repeating it or with commas.',
    reads: readList,
  },
  { flags: '--expires-in <duration>', about: 'When it ends: a number with s, m, h, d or w, such as 90d.' },
  { flags: '--expires-at <instant>', about: 'When it ends: 2027-01-31T00:00:00Z' },
  { flags: '--tier <tier>', about: 'How often it may be used: a tier of the profile.' },
  {
    flags: '--window <window>',
    about: 'Limits of its own: hour=1000/3600 is 1000 uses in 3600 seconds; repeatable.',
    reads: readWindow,
  },
  { flags: '--grace-period <duration>', about: 'How long the old value works after a rotation.' },
  {
    flags: '--auto-rotate',
    about: 'A new value waits to be taken each rotation period; the old one works until then.',
  },
  { flags: '--rotation-period <duration>', about: 'How often it should be rotated.' },
  {
    flags: '--on-unclaimed <what>',
    about: 'What becomes of it when nobody takes its new value after all reminders.',
    choices: ['keep', 'end'],
  },
  { flags: '--end-old-on-first-use', about: 'After a rotation, the old value ends as soon as the new one is used.' },
  { flags: '--notification-email <address>', about: 'Whom to tell about its rotation and its end.' },
  { flags: '--no-self-rotate', about: 'Its bearer may not rotate it.' },
  { flags: '--metadata <json>', about: 'An object of your own, at most 4 KiB.', reads: readObject },
];

/** Ways to take a setting away again. Before the settings: a `--no-x` that stands first would make x the default. */
export const WITHOUT_SETTINGS: readonly OptionSpec[] = [
  { flags: '--any-ip', about: 'Usable from anywhere again.' },
  { flags: '--no-expiry', about: 'Does not end by itself any more.' },
  { flags: '--self-rotate', about: 'Its bearer may rotate it again.' },
];

/** The same for what a flag has switched on; after the settings, for the same reason. */
export const SWITCHED_OFF: readonly OptionSpec[] = [
  { flags: '--no-auto-rotate', about: 'Does not rotate automatically any more.' },
  { flags: '--no-end-old-on-first-use', about: 'After a rotation, the old value works for its whole grace again.' },
];

/** The settings that were given, as the API takes them. */
export function tokenSettings(call: Call): Record<string, unknown> {
  if (call.flag('anyIp') && call.option('ip') !== undefined) clash('--any-ip', '--ip');
  const hasEnd = call.option('expiresIn') !== undefined || call.option('expiresAt') !== undefined;
  if (call.option<boolean>('expiry') === false && hasEnd) clash('--no-expiry', '--expires-in or --expires-at');
  const settings: Record<string, unknown> = {
    name: call.option('name'),
    description: call.option('description'),
    permissions: call.option('permissions'),
    level: call.option('level'),
    inherit: call.flag('inherit') ? true : undefined,
    ip_allowlist: call.flag('anyIp') ? null : call.option('ip'),
    expires_in: call.option('expiresIn'),
    expires_at: call.option<boolean>('expiry') === false ? null : call.option('expiresAt'),
    tier: call.option('tier'),
    limits: call.option('window'),
    grace_period: call.option('gracePeriod'),
    auto_rotate: call.option('autoRotate'),
    rotation_period: call.option('rotationPeriod'),
    on_unclaimed: call.option('onUnclaimed'),
    end_old_on_first_use: call.option('endOldOnFirstUse'),
    notification_email: call.option('notificationEmail'),
    self_rotate: call.option('selfRotate'),
    metadata: call.option('metadata'),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function clash(one: string, other: string): never {
  throw new CommandFailure('usage', `Give either ${one} or ${other}.`);
}

import { InvalidArgumentError } from 'commander';
import { fileKeyOf, SETTINGS, type Setting, type SettingName } from '../server/settings.ts';
import type { OptionSpec } from './command.ts';

/** `a,b` and repeated mentions both add up. */
export function readList(text: string, before: unknown): readonly string[] {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return [...((before as readonly string[] | undefined) ?? []), ...entries];
}

export function readWholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function readObject(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {}
  throw new InvalidArgumentError('It must be a JSON object, such as \'{"plan":"gold"}\'.');
}

/** `hour=1000/3600`: a name, how many uses, in how many seconds. */
export function readWindow(text: string, before: unknown): readonly unknown[] {
  const match = /^([a-z][a-z0-9_-]*)=(\d{1,10})\/(\d{1,8})$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It must be NAME=LIMIT/SECONDS, such as hour=1000/3600.');
  const window = { name: match[1], limit: Number(match[2]), seconds: Number(match[3]) };
  return [...((before as readonly unknown[] | undefined) ?? []), window];
}

const PLACE: readonly SettingName[] = ['data-dir', 'secrets-dir', 'database-url'];

/** Options that every command has. */
export const EVERYWHERE: readonly OptionSpec[] = [
  { flags: '--json', about: 'Print one line of JSON, exactly what the API answers; errors as JSON on standard error.' },
  ...PLACE.map(settingOption),
];

/** Options of commands that also work on a Keyhouse elsewhere. */
export const REMOTE: readonly OptionSpec[] = [
  {
    flags: '--url <address>',
    about: 'Work on the Keyhouse at this address, with a token, instead of on this machine (KEYHOUSE_URL).',
  },
  {
    flags: '--token-file <file>',
    about: 'File that holds the token for --url; otherwise it is taken from KEYHOUSE_TOKEN.',
  },
];

/** Options that set what a start depends on. */
export const SETTING_OPTIONS: readonly OptionSpec[] = (Object.keys(SETTINGS) as SettingName[])
  .filter((name) => !PLACE.includes(name))
  .map(settingOption);

export const PAGE: readonly OptionSpec[] = [
  { flags: '--limit <count>', about: 'How many to list, from 1 to 100.' },
  { flags: '--cursor <cursor>', about: 'Where to go on: the `next_cursor` of the page before.' },
];

function settingOption(name: SettingName): OptionSpec {
  const { kind, about, values }: Setting = SETTINGS[name];
  const argument = { text: '<text>', port: '<port>', count: '<count>', switch: '', list: '<list>' }[kind];
  const place = /-(?:dir)$/.test(name) ? '<folder>' : argument;
  return {
    flags: `--${name} ${place}`.trim(),
    about,
    ...(values !== undefined && kind === 'text' && { choices: values }),
  };
}

/** What was given as flags, as the configuration takes it. */
export function givenSettings(options: Readonly<Record<string, unknown>>): Partial<Record<SettingName, string>> {
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const value = options[fileKeyOf(name)];
    if (value !== undefined) given[name] = String(value);
  }
  return given;
}

import { checkWindows, type Window } from '../../policy/index.ts';
import type { LimitTier } from '../profile.ts';
import { isObject, type JsonObject, member, objectAt } from './json-value.ts';
import { nameFrom } from './name-book.ts';
import type { Notes } from './note.ts';
import { shownLine } from './shown-text.ts';

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400, week: 604_800 };
const SHORT: Readonly<Record<string, string>> = {
  s: 'second',
  sec: 'second',
  m: 'minute',
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
};

const COUNT_KEYS: readonly string[] = ['limit', 'requests', 'max', 'rate', 'quota', 'count'];
const TIME_KEYS: readonly string[] = ['window', 'period', 'per', 'interval', 'unit', 'seconds', 'timeunit', 'duration'];

/**
 * The limits that a document states for every caller: `x-ratelimit`, `x-rate-limit`, `x-rateLimits` and the like, at its
 * root or under `info`, as `1000/hour`, as an object with a count and a time, as a list of windows, or by tier. There is
 * no standard for them. null where there are none that can be enforced.
 */
export function tiersOf(document: JsonObject, notes: Notes): Readonly<Record<string, LimitTier>> | null {
  for (const place of [document, objectAt(document, 'info')]) {
    for (const [key, value] of Object.entries(place)) {
      if (!isLimitKey(key)) continue;
      const tiers = readTiers(value);
      if (tiers !== null) {
        notes.tell(`The tiers come from ${key}.`, Object.keys(tiers).join(', '));
        return tiers;
      }
      notes.tell(`${key} is not understood; the tiers are those of the preset.`);
    }
  }
  return null;
}

/** Whether a key is one of the extensions that state a limit. */
export function isLimitKey(key: string): boolean {
  return key.length < 40 && /^xratelimit(?:s|ing|tiers?)?$/.test(key.toLowerCase().replaceAll(/[-_]/g, ''));
}

function readTiers(value: unknown): Readonly<Record<string, LimitTier>> | null {
  const windows = readWindows(value);
  if (windows !== null) return { standard: { label: 'Standard', useCase: null, windows } };
  const tiers: Record<string, LimitTier> = {};
  for (const [label, limit] of Object.entries(isObject(value) ? value : {}).slice(0, 50)) {
    const inside = member(limit, 'windows') ?? member(limit, 'limits') ?? limit;
    const read = inside === 'unlimited' ? inside : readWindows(inside);
    const name = nameFrom(label);
    if (read === null || name === '' || Object.hasOwn(tiers, name)) return null;
    tiers[name] = { label: labelOf(label, name), useCase: null, windows: read };
  }
  return Object.keys(tiers).length === 0 ? null : tiers;
}

function labelOf(label: string, name: string): string {
  const shown = shownLine(label, 60) || name;
  return shown.charAt(0).toUpperCase() + shown.slice(1);
}

/** Windows that can be enforced, longest first; null where these are not. */
function readWindows(value: unknown): readonly Window[] | null {
  const windows = (Array.isArray(value) ? value : [value]).map(readWindow);
  const read = windows.filter((window) => window !== null).toSorted((a, b) => b.seconds - a.seconds);
  return read.length < windows.length || checkWindows(read).length > 0 ? null : read;
}

function readWindow(value: unknown): Window | null {
  if (typeof value === 'string') {
    const [, count = '', many = '1', unit = ''] =
      /^\s*([0-9][0-9_,]{0,12})\s*(?:requests?|calls?|reqs?)?\s*(?:\/|per|every|an?|each)\s*([0-9]{0,6})\s*([a-z]+)\s*$/i.exec(
        value,
      ) ?? [];
    return windowOf(Number(count.replaceAll(/[_,]/g, '')), readSeconds(`${many || '1'}${unit}`));
  }
  if (!isObject(value)) return null;
  const entries = Object.entries(value).map(
    ([key, inner]) => [key.toLowerCase().replaceAll(/[-_]/g, ''), inner] as const,
  );
  const count = entries.find(([key]) => COUNT_KEYS.includes(key))?.[1];
  const time = entries.find(([key]) => TIME_KEYS.includes(key))?.[1];
  if (time !== undefined) return windowOf(count, readSeconds(time));
  return typeof count === 'string' ? readWindow(count) : null;
}

function windowOf(limit: unknown, seconds: number | null): Window | null {
  const count = typeof limit === 'string' && /^[0-9]{1,12}$/.test(limit) ? Number(limit) : limit;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || seconds === null) return null;
  const unit = Object.keys(SECONDS).find((name) => SECONDS[name] === seconds);
  return { name: unit ?? `${seconds}-seconds`.replace(/^/, 'per-'), limit: count, seconds };
}

/** `60`, `60s`, `1h`, `hour`, `5 minutes`. */
function readSeconds(time: unknown): number | null {
  if (typeof time === 'number') return Number.isSafeInteger(time) && time > 0 ? time : null;
  if (typeof time !== 'string') return null;
  const [, many = '', unit = ''] = /^([0-9]{0,8})\s*([a-z]*)$/i.exec(time.trim()) ?? [];
  if (many === '' && unit === '') return null;
  const short = unit.toLowerCase();
  const name = SHORT[short] ?? short.replace(/s$/, '');
  const length = unit === '' ? 1 : Object.hasOwn(SECONDS, name) ? (SECONDS[name] ?? null) : null;
  return length === null ? null : Number(many === '' ? 1 : many) * length;
}

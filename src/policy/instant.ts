/** 9999-12-31T23:59:59.999Z, the last instant that is stored, compared and printed the same way as all others. */
export const INSTANT_MAX = 253_402_300_799_999;
const INSTANT_MIN = -62_167_219_200_000;

/** A token must live at least this long after it is created or changed. */
export const EXPIRY_LEAD_MS = 60_000;

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads an RFC 3339 date-time: a real calendar day, a mandatory offset, no leap second; digits after the millisecond
 * are cut off.
 * @returns milliseconds since 1970-01-01T00:00:00Z, or null.
 */
export function parseInstant(text: string): number | null {
  const parts = RFC3339.exec(text);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHour = Number(parts[9] ?? 0);
  const offsetMinute = Number(parts[10] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;

  const fractionMs = Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const offsetMs = (offsetHour * 60 + offsetMinute) * 60_000 * (parts[8] === '-' ? -1 : 1);
  const localMs = ((dayNumber(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fractionMs;
  const at = localMs - offsetMs;
  return at < INSTANT_MIN || at > INSTANT_MAX ? null : at;
}

/**
 * Prints an instant in UTC with milliseconds, the one form Keyhouse stores and answers.
 * @throws {TypeError} outside the years 0000 to 9999, which RFC 3339 cannot write.
 */
export function formatInstant(at: number): string {
  if (!(at >= INSTANT_MIN && at <= INSTANT_MAX)) throw new TypeError(`not an instant of the years 0 to 9999: ${at}`);
  if (at !== lastAt) {
    lastText = new Date(at).toISOString();
    lastAt = at;
  }
  return lastText;
}

/** The instant printed last: limits of many tokens are reset at the same ones. */
let lastAt = Number.NaN;
let lastText = '';

/** Whether a token created or changed at `now` may end at `expiresAt`. */
export function checkExpiry(expiresAt: number, now: number): 'ok' | 'too_soon' | 'too_far' {
  if (expiresAt > INSTANT_MAX) return 'too_far';
  return expiresAt >= now + EXPIRY_LEAD_MS ? 'ok' : 'too_soon';
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (DAYS_IN_MONTH[month - 1] as number);
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
function dayNumber(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const inYear = (DAYS_BEFORE_MONTH[month - 1] as number) + (month > 2 && isLeap(year) ? 1 : 0) + day - 1;
  return before * 365 + leapDays + inYear - 719_162;
}

/** At most `limit` accepted requests in any `seconds` in a row. */
export interface Window {
  readonly name: string;
  readonly limit: number;
  readonly seconds: number;
}

export const WINDOWS_MAX = 4;
export const LIMIT_MAX = 1_000_000_000;
/** A leap year. */
export const WINDOW_SECONDS_MAX = 366 * 86_400;

const NAME = /^[a-z][a-z0-9_-]{0,31}$/;

/** What is wrong with a set of windows, one sentence each; [] when it can be enforced as written. */
export function checkWindows(windows: readonly Window[]): readonly string[] {
  const problems: string[] = [];
  if (windows.length < 1 || windows.length > WINDOWS_MAX) {
    problems.push(`There must be 1 to ${WINDOWS_MAX} windows, not ${windows.length}; no limit is written "unlimited".`);
  }
  for (const { name, limit, seconds } of windows) {
    if (typeof name !== 'string' || !NAME.test(name)) problems.push('A window needs a name such as "hour".');
    if (!isWhole(limit, LIMIT_MAX))
      problems.push(`The limit of "${name}" must be a whole number from 1 to ${LIMIT_MAX}.`);
    if (!isWhole(seconds, WINDOW_SECONDS_MAX)) {
      problems.push(`The seconds of "${name}" must be a whole number from 1 to ${WINDOW_SECONDS_MAX}.`);
    }
  }
  if (problems.length > 0) return problems;

  const shortestFirst = [...windows].sort((a, b) => a.seconds - b.seconds);
  for (const [index, longer] of shortestFirst.entries()) {
    const shorter = shortestFirst[index - 1];
    if (shorter === undefined) continue;
    if (shorter.seconds === longer.seconds) {
      problems.push(`"${shorter.name}" and "${longer.name}" both cover ${longer.seconds} seconds; keep one.`);
    } else if (shorter.limit > longer.limit) {
      problems.push(`"${shorter.name}" allows more than the longer "${longer.name}", so it would never be reached.`);
    }
  }
  if (new Set(windows.map((window) => window.name)).size < windows.length) problems.push('Window names must differ.');
  return problems;
}

function isWhole(value: unknown, max: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max;
}

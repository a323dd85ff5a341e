const UNITS: Readonly<Record<string, readonly [seconds: number, one: string, many: string]>> = {
  s: [1, 'second', 'seconds'],
  m: [60, 'minute', 'minutes'],
  h: [3_600, 'hour', 'hours'],
  d: [86_400, 'day', 'days'],
  w: [604_800, 'week', 'weeks'],
};

/** `90d` → `90 days`, `365d` → `1 year`. */
export function durationLabel(duration: string): string {
  if (duration === '365d') return '1 year';
  const [, count = '', unit = ''] = /^(\d+)([smhdw])$/.exec(duration) ?? [];
  const [, one, many] = UNITS[unit] ?? [];
  return one === undefined ? duration : `${count} ${Number(count) === 1 ? one : many}`;
}

export function durationMs(duration: string): number {
  const [, count = '0', unit = 's'] = /^(\d+)([smhdw])$/.exec(duration) ?? [];
  return Number(count) * (UNITS[unit]?.[0] ?? 1) * 1_000;
}

/** For how long a value may go on working after a rotation, where it is chosen. */
export const GRACES: readonly string[] = ['0s', '1h', '1d', '7d', '30d'];

export function graceLabel(duration: string): string {
  return duration === '0s' ? 'Not at all' : durationLabel(duration);
}

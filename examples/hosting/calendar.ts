export const DAY_MS = 86_400_000;

/** The same day and time so many months later; of a shorter month, its last day. UTC. */
export function addMonths(instant: Date, months: number): Date {
  const later = new Date(instant);
  later.setUTCMonth(later.getUTCMonth() + months);
  if (later.getUTCDate() !== instant.getUTCDate()) later.setUTCDate(0);
  return later;
}

export function addYears(instant: Date, years: number): Date {
  return addMonths(instant, 12 * years);
}

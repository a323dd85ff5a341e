import { useAddressFields } from '../../api/address-fields.ts';

/** What the log shows, as it stands in the address; what is left out is the default. */
export interface AuditFilter {
  readonly action: string;
  readonly period: '24h' | '7d' | '30d' | '365d' | 'days';
  /** First and last day of `days`, both included, as `2026-03-01`; empty for the present. */
  readonly from: string;
  readonly to: string;
  /** What `id` is of. */
  readonly by: 'request_id' | 'actor_id' | 'subject_id';
  readonly id: string;
}

const DAY_MS = 86_400_000;

export const PERIODS = [
  { value: '24h', label: 'Last 24 hours', days: 1 },
  { value: '7d', label: 'Last 7 days', days: 7 },
  { value: '30d', label: 'Last 30 days', days: 30 },
  { value: '365d', label: 'Last 12 months', days: 365 },
  { value: 'days', label: 'From day to day …', days: 0 },
] as const;

export const BY = [
  { value: 'request_id', label: 'Request id' },
  { value: 'actor_id', label: 'Done by (id)' },
  { value: 'subject_id', label: 'Done to (id)' },
] as const;

export const USUAL_FILTER: AuditFilter = { action: '', period: '30d', from: '', to: '', by: 'request_id', id: '' };

/** The filter in the address, and how to change a part of it. */
export function useAuditFilter() {
  return useAddressFields(USUAL_FILTER, { period: PERIODS, by: BY });
}

/** How the server is asked for what the filter shows, at a time in milliseconds. Always within a time: nobody waits for the log of all years. */
export function auditQuery({ action, period, from, to, by, id }: AuditFilter, now: number) {
  const days = PERIODS.find(({ value }) => value === period)?.days ?? 30;
  const range =
    period === 'days'
      ? { from: startOf(from) ?? minuteOf(now - 30 * DAY_MS), to: startOf(to, 1) }
      : { from: minuteOf(now - days * DAY_MS), to: null };
  return { action, ...(id !== '' && { [by]: id }), ...range };
}

function minuteOf(at: number): string {
  return new Date(Math.floor(at / 60_000) * 60_000).toISOString();
}

/** The beginning of a day where the reader is, or of one so many days later; null for what is no day. */
function startOf(text: string, daysLater = 0): string | null {
  const day = new Date(`${text}T00:00:00`);
  if (Number.isNaN(day.getTime())) return null;
  day.setDate(day.getDate() + daysLater);
  return day.toISOString();
}

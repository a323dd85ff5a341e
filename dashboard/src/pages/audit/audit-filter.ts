import { useNavigate, useSearch } from '@tanstack/react-router';

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

export const DEFAULT_FILTER: AuditFilter = { action: '', period: '30d', from: '', to: '', by: 'request_id', id: '' };

/** The filter in the address, and how to change a part of it. */
export function useAuditFilter(): readonly [AuditFilter, (change: Partial<AuditFilter>) => void] {
  const filter = readFilter(useSearch({ strict: false }));
  const navigate = useNavigate();
  const change = (part: Partial<AuditFilter>) =>
    void navigate({
      to: '.',
      search: ((current: Readonly<Record<string, unknown>>) => addressOf({ ...readFilter(current), ...part })) as never,
      replace: true,
    });
  return [filter, change];
}

/** How the server is asked for what the filter shows. Always within a time: nobody waits for the log of all years. */
export function auditQuery({ action, period, from, to, by, id }: AuditFilter, now: number) {
  const days = PERIODS.find(({ value }) => value === period)?.days ?? 30;
  const range =
    period === 'days'
      ? { from: startOf(from) ?? isoOf(now - 30 * DAY_MS), to: startOf(to, 1) }
      : { from: isoOf(now - days * DAY_MS), to: null };
  return { action, ...(id !== '' && { [by]: id }), ...range };
}

export function isNarrowed(filter: AuditFilter): boolean {
  return Object.keys(addressOf(filter)).length > 0;
}

function isoOf(at: number): string {
  return new Date(Math.floor(at / 60_000) * 60_000).toISOString();
}

/** The beginning of a day where the reader is, or of one so many days later; null for what is no day. */
function startOf(text: string, daysLater = 0): string | null {
  const day = new Date(`${text}T00:00:00`);
  if (Number.isNaN(day.getTime())) return null;
  day.setDate(day.getDate() + daysLater);
  return day.toISOString();
}

function addressOf(filter: AuditFilter): Partial<AuditFilter> {
  const named = Object.entries(filter).filter(([name, value]) => value !== DEFAULT_FILTER[name as keyof AuditFilter]);
  return Object.fromEntries(named);
}

function readFilter({ action, period, from, to, by, id }: Readonly<Record<string, unknown>>): AuditFilter {
  return {
    action: textOf(action),
    period: PERIODS.find(({ value }) => value === period)?.value ?? DEFAULT_FILTER.period,
    from: textOf(from),
    to: textOf(to),
    by: BY.find(({ value }) => value === by)?.value ?? DEFAULT_FILTER.by,
    id: textOf(id),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

import { useAddressFields } from '../../api/address-fields.ts';

/** What the list shows, as it stands in the address; what is left out is the default. */
export interface DenialFilter {
  readonly reason: string;
  readonly period: '1h' | '24h' | '7d' | '30d';
  readonly ip: string;
  /** Id of a token, or empty. */
  readonly token: string;
  /** Id of an owner, or empty. */
  readonly owner: string;
}

const HOUR_MS = 3_600_000;
/** Nothing older is kept. */
export const PERIODS = [
  { value: '1h', label: 'Last hour', lengthMs: HOUR_MS },
  { value: '24h', label: 'Last 24 hours', lengthMs: 24 * HOUR_MS },
  { value: '7d', label: 'Last 7 days', lengthMs: 7 * 24 * HOUR_MS },
  { value: '30d', label: 'Last 30 days', lengthMs: 30 * 24 * HOUR_MS },
] as const;

export const EVERY_DENIAL: DenialFilter = { reason: '', period: '30d', ip: '', token: '', owner: '' };

/** The filter in the address, and how to change a part of it. */
export function useDenialFilter() {
  return useAddressFields(EVERY_DENIAL, { period: PERIODS });
}

/** How the server is asked for what the filter shows, at a time in milliseconds. The beginning is rounded, so that the question stays the same. */
export function denialQuery({ reason, period, ip, token, owner }: DenialFilter, now: number) {
  const { lengthMs } = PERIODS.find(({ value }) => value === period) ?? PERIODS[3];
  const from = Math.floor((now - lengthMs) / 60_000) * 60_000;
  return {
    reason,
    ip,
    token_id: token,
    owner_id: owner,
    ...(period !== '30d' && { from: new Date(from).toISOString() }),
  };
}

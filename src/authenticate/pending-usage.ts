import type { AgentClass } from '../policy/index.ts';
import type { LastUse, UsageCount, UseDetail } from '../ports/index.ts';
import { detailRows, isSameList, type UseDetails, type UseQuestion } from './use-details.ts';

export const HOUR_MS = 3_600_000;
const NEVER = -1;
const NOTHING: readonly string[] = [];

/** Uses of one token in one UTC hour, not yet written. Hours are numbered from 1970: small integers cost no allocation. */
export interface PendingHour {
  hour: number;
  ok: number;
  /** Refused uses by reason; null while there are none, which is nearly always. */
  refused: Map<string, number> | null;
  /** By what they asked and who sent them; null while all were alike, which the token's `run` holds. */
  details: UseDetails | null;
  /** Further hours, where the clock passed (or stepped over) a full hour since the last flush. */
  others: PendingHour | null;
}

/** The hour counted last, flat, with the last accepted use: one object to reach per use. */
export interface PendingToken extends PendingHour {
  /** Hour of the last accepted use, or -1. */
  lastHour: number;
  lastMsOfHour: number;
  lastIp: string | null;
  /** The latest accepted uses that were alike, and what of them was: nearly always all of a client's. */
  run: number;
  runAllOf: readonly string[];
  runAnyOf: readonly string[];
  runIp: string | null;
  runAgent: AgentClass;
}

export function openToken(hour: number): PendingToken {
  return {
    hour,
    ok: 0,
    refused: null,
    details: null,
    others: null,
    lastHour: NEVER,
    lastMsOfHour: 0,
    lastIp: null,
    run: 0,
    runAllOf: NOTHING,
    runAnyOf: NOTHING,
    runIp: null,
    runAgent: 'other',
  };
}

/** Puts another hour in front; its run has ended. */
export function openHour(token: PendingToken, hour: number): void {
  const { ok, refused, details, others } = token;
  token.others = { hour: token.hour, ok, refused, details, others };
  token.hour = hour;
  token.ok = 0;
  token.refused = null;
  token.details = null;
}

export function isInRun(token: PendingToken, { allOf, anyOf, ip, agent = 'other' }: UseQuestion): boolean {
  return (
    token.runIp === ip &&
    token.runAgent === agent &&
    isSameList(token.runAllOf, allOf) &&
    isSameList(token.runAnyOf, anyOf)
  );
}

export function beginRun(token: PendingToken, { allOf, anyOf, ip, agent = 'other' }: UseQuestion): void {
  token.run = 0;
  token.runAllOf = allOf;
  token.runAnyOf = anyOf;
  token.runIp = ip;
  token.runAgent = agent;
}

export function runOf({ runAllOf, runAnyOf, runIp, runAgent }: PendingToken): UseQuestion {
  return { allOf: runAllOf, anyOf: runAnyOf, ip: runIp, agent: runAgent };
}

export function countRefused(hour: PendingHour, outcome: string, count: number): void {
  hour.refused ??= new Map();
  hour.refused.set(outcome, (hour.refused.get(outcome) ?? 0) + count);
}

export function moveLastUse(token: PendingToken, hour: number, msOfHour: number, ip: string | null): void {
  if (hour < token.lastHour || (hour === token.lastHour && msOfHour < token.lastMsOfHour)) return;
  token.lastHour = hour;
  token.lastMsOfHour = msOfHour;
  token.lastIp = ip;
}

export function lastUseOf(tokenId: string, token: PendingToken): LastUse | null {
  if (token.lastHour === NEVER) return null;
  return { tokenId, at: token.lastHour * HOUR_MS + token.lastMsOfHour, ip: token.lastIp };
}

export function* hoursOf(token: PendingToken): Iterable<PendingHour> {
  for (let from: PendingHour | null = token; from !== null; from = from.others) yield from;
}

export function rowsOf(tokenId: string, token: PendingToken): UsageCount[] {
  const rows: UsageCount[] = [];
  for (const from of hoursOf(token)) {
    const hour = from.hour * HOUR_MS;
    if (from.ok > 0) rows.push({ tokenId, hour, outcome: 'ok', count: from.ok });
    for (const [outcome, count] of from.refused ?? []) rows.push({ tokenId, hour, outcome, count });
  }
  return rows;
}

export function detailsOf(tokenId: string, token: PendingToken): UseDetail[] {
  const rows: UseDetail[] = [];
  if (token.run > 0) rows.push(...detailRows(runOf(token), 'ok', token.run, tokenId, token.hour * HOUR_MS));
  for (const { details, hour } of hoursOf(token)) {
    if (details !== null) rows.push(...details.rows(tokenId, hour * HOUR_MS));
  }
  return rows;
}

/** One row per hour and outcome, ascending by both: a clock that stepped back may have opened an hour twice. */
export function sumCounts(counts: readonly UsageCount[]): UsageCount[] {
  const sums = new Map<string, UsageCount>();
  for (const row of counts) {
    const key = `${row.hour} ${row.outcome}`;
    sums.set(key, { ...row, count: row.count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].sort((a, b) => a.hour - b.hour || (a.outcome < b.outcome ? -1 : 1));
}

export function usesOf(hour: PendingHour): number {
  let uses = hour.ok;
  for (const count of hour.refused?.values() ?? []) uses += count;
  return uses;
}

import type { Token, TokenOptions } from '../../../api/operations.ts';
import { exactTime } from '../../../ui/index.ts';
import { addressesOf, covers, type Draft, endOfDay } from '../create/draft.ts';
import { durationMs } from '../create/durations.ts';
import { limitText } from '../token-text.ts';
import { canChangeGrant, narrowable } from './edit-draft.ts';

/** What a change makes of requests: those that are refused from then on, and those that are accepted then. */
export interface Effects {
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}

/** @param now milliseconds. */
export function effectsOf(token: Token, draft: Draft, options: TokenOptions | null, now: number): Effects {
  const parts = [
    ofGrant(token, draft, options),
    ofAddresses(token, draft),
    ofExpiry(token, draft, options, now),
    ofTier(token, draft, options),
  ];
  return { refused: parts.flatMap(({ refused }) => refused), accepted: parts.flatMap(({ accepted }) => accepted) };
}

const NONE: Effects = { refused: [], accepted: [] };

function ofGrant(token: Token, draft: Draft, options: TokenOptions | null): Effects {
  if (!canChangeGrant(token, options) && narrowable(token, options) === null) return NONE;
  const before = 'permissions' in token.grant ? token.grant.permissions : token.effective_permissions;
  const after = options === null ? draft.permissions : givenBy(draft, options);
  if (after === 'everything') return { refused: [], accepted: ['It may do everything that its owner may do.'] };
  const lost = before.filter((entry) => !after.some((one) => covers(one, entry)));
  const gained = after.filter((entry) => !before.some((one) => covers(one, entry)));
  const kept = lost.flatMap((entry) => after.filter((one) => covers(entry, one)));
  return {
    refused:
      lost.length === 0
        ? []
        : [`Requests that need ${lost.join(', ')}${kept.length > 0 ? `, except ${kept.join(', ')}` : ''}.`],
    accepted:
      gained.filter((entry) => !kept.includes(entry)).length === 0 ? [] : [`Requests that need ${gained.join(', ')}.`],
  };
}

function givenBy(
  { way, permissions, level }: Draft,
  { levels, inherit }: TokenOptions,
): readonly string[] | 'everything' {
  if (way === 'permissions') return permissions;
  if (way === 'level') return levels.find((one) => one.level === level)?.gives ?? [];
  return inherit?.everything === true ? 'everything' : (inherit?.gives ?? []);
}

function ofAddresses({ ip_allowlist: before }: Token, draft: Draft): Effects {
  const after = addressesOf(draft);
  if (before === null && after.length === 0) return NONE;
  if (before === null) return { refused: [`Requests from anywhere but ${after.join(', ')}.`], accepted: [] };
  if (after.length === 0) return { refused: [], accepted: ['Requests from any address.'] };
  const lost = before.filter((entry) => !after.includes(entry));
  const gained = after.filter((entry) => !before.includes(entry));
  return {
    refused: lost.length === 0 ? [] : [`Requests from ${lost.join(', ')}, as far as no other entry covers them.`],
    accepted: gained.length === 0 ? [] : [`Requests from ${gained.join(', ')}.`],
  };
}

function ofExpiry({ expires_at }: Token, draft: Draft, options: TokenOptions | null, now: number): Effects {
  if (draft.expiry === 'keep') return NONE;
  const before = expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(expires_at);
  const after = endOf(draft, options, now);
  if (Number.isNaN(after) || after === before) return NONE;
  if (after < before) return { refused: [`Every request after ${timeText(after)}.`], accepted: [] };
  const until = Number.isFinite(after) ? `until ${timeText(after)}` : 'until it is revoked';
  return { refused: [], accepted: [`Requests ${until}; before, it would have ended ${timeText(before)}.`] };
}

function endOf({ expiry, day }: Draft, options: TokenOptions | null, now: number): number {
  if (expiry === 'date') return endOfDay(day).getTime();
  const duration = expiry === 'never' ? (options?.expiry.lifetime ?? null) : expiry;
  return duration === null ? Number.POSITIVE_INFINITY : now + durationMs(duration);
}

function timeText(at: number): string {
  return exactTime(new Date(at).toISOString());
}

function ofTier(token: Token, draft: Draft, options: TokenOptions | null): Effects {
  if (draft.tier === (token.limits.tier ?? '')) return NONE;
  const after = options?.tiers.find(({ tier }) => tier === draft.tier)?.windows;
  const before = token.limits.windows;
  if (after === undefined) return NONE;
  if (after === 'unlimited') return { refused: [], accepted: ['As many requests as come.'] };
  const limitBefore = (name: string) =>
    before === 'unlimited'
      ? Number.POSITIVE_INFINITY
      : (before.find((window) => window.name === name)?.limit ?? Number.POSITIVE_INFINITY);
  return {
    refused: after
      .filter(({ name, limit }) => limit < limitBefore(name))
      .map((window) => `What goes beyond ${limitText(window)}.`),
    accepted: after
      .filter(({ name, limit }) => limit > limitBefore(name))
      .map((window) => `Up to ${limitText(window)}.`),
  };
}

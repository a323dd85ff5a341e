import { countedNetwork, tokenState } from '../policy/index.ts';
import type { AlertKind, FailureKind, Instant, TokenRecord } from '../ports/index.ts';
import { alertPlanOf } from '../profile/index.ts';
import { ofNetwork, ofToken } from './alert-finding.ts';
import type { Upkeep } from './job.ts';
import { raiseAlert } from './raise-alert.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Alerts of one kind that one look raises or counts up: the rest of a flood tells nobody anything. */
const AT_ONCE = 100;
/** Tokens used after their end that one look sees to. */
const ENDED_AT_ONCE = 300;
/** Denials that were written so much later than they were seen are looked at all the same. */
const LATE_MS = 10 * MINUTE_MS;
const WATCH = 'denials';

/** Looks at tokens of which too many requests were refused within an hour. */
export async function watchDenials(upkeep: Upkeep, now: Instant): Promise<void> {
  const { engine, sightings } = upkeep;
  const { denialsPerHour } = alertPlanOf(engine.authenticator.profile.profile);
  const asked = { fromHour: hourBefore(now), countMin: denialsPerHour, limit: AT_ONCE };
  for (const burst of await sightings.refusals.bursts(asked)) {
    if (upkeep.stopped.aborted) return;
    const token = await engine.store.tokens.findById(burst.tokenId);
    // That one is used after its end is what there is to say of it.
    if (token === null || hasEnded(token, now)) continue;
    await raiseAlert(
      upkeep,
      {
        ...ofToken('denial_burst', token, burst.day),
        networks: await networksOf(upkeep, token, burst.firstHour, burst.lastHour + HOUR_MS),
        firstAt: burst.firstHour,
        lastAt: Math.max(burst.firstHour, Math.min(now, burst.lastHour + HOUR_MS - 1)),
        count: burst.count,
      },
      now,
    );
  }
}

/** Looks at revoked and replaced tokens that somebody still uses: one alert for each token and day. */
export async function watchEnded(upkeep: Upkeep, now: Instant): Promise<void> {
  const { engine, sightings } = upkeep;
  const position = await engine.store.transact(({ alerts }) => alerts.position(WATCH));
  const from = Math.min(position ?? now - DAY_MS, now) - LATE_MS;
  for (const use of await sightings.refusals.endedUses(from, ENDED_AT_ONCE)) {
    if (upkeep.stopped.aborted) return;
    const token = await engine.store.tokens.findById(use.tokenId);
    if (token === null) continue;
    const { day, firstAt, lastAt, count } = use;
    const networks = await networksOf(upkeep, token, firstAt, lastAt + 1);
    await raiseAlert(upkeep, { ...ofToken('used_after_end', token, day), networks, firstAt, lastAt, count }, now);
  }
  // What is near is looked at again anyway: no need to write on every look.
  if (position === null || Math.abs(now - position) > LATE_MS) {
    await engine.store.transact(({ alerts }) => alerts.moveTo(WATCH, now));
  }
}

/** Looks at networks that try out texts, or that send tokens where they do not belong. */
export async function watchFailures(upkeep: Upkeep, now: Instant): Promise<void> {
  const { engine, sightings } = upkeep;
  const { failuresPerHour } = alertPlanOf(engine.authenticator.profile.profile);
  const watched: readonly (readonly [FailureKind, AlertKind, number])[] = [
    ['guess', 'failures_from_address', failuresPerHour],
    ['token_in_url', 'token_in_url', 1],
  ];
  for (const [failure, kind, countMin] of watched) {
    const asked = { fromHour: hourBefore(now), countMin, limit: AT_ONCE };
    for (const { network, day, count, firstHour, lastAt } of await sightings.failures.bursts(failure, asked)) {
      if (upkeep.stopped.aborted) return;
      const finding = { ...ofNetwork(kind, network, day), firstAt: Math.min(firstHour, lastAt), lastAt, count };
      await raiseAlert(upkeep, finding, now);
    }
  }
}

async function networksOf(
  { sightings }: Upkeep,
  { lineageId }: TokenRecord,
  from: Instant,
  to: Instant,
): Promise<string[]> {
  const addresses = await sightings.refusals.addressesOf(lineageId, from, to);
  return [...new Set(addresses.map(countedNetwork))];
}

/** Start of the hour before, which may have ended between two looks. */
function hourBefore(now: Instant): Instant {
  return (Math.floor(now / HOUR_MS) - 1) * HOUR_MS;
}

function hasEnded(token: TokenRecord, now: Instant): boolean {
  const state = tokenState(token, now);
  return state === 'revoked' || state === 'replaced';
}

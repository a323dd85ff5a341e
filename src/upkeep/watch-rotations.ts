import { countedNetwork } from '../policy/index.ts';
import type { AuditEvent, Instant } from '../ports/index.ts';
import { alertPlanOf } from '../profile/index.ts';
import { dayOf, ofLine } from './alert-finding.ts';
import type { Upkeep } from './job.ts';
import { habitsOf, wasLearning } from './learning.ts';
import { raiseAlert } from './raise-alert.ts';

const AT_ONCE = 100;
const WATCH = 'rotations';
/** The request that rotated it is a use from there too, noted about when it was made. */
const SAME_REQUEST_MS = 60_000;

/**
 * Looks at tokens that rotated themselves: whoever has stolen one does that to keep it (threats row 61). Rotations by people,
 * with a link or in the dashboard, are made where people are and say nothing.
 */
export async function watchRotations(upkeep: Upkeep, now: Instant): Promise<void> {
  const { store } = upkeep.engine;
  const position = await store.transact(({ alerts }) => alerts.position(WATCH));
  const newest = await store.changeFeed.newest();
  // What was before the first look is history.
  let after = position ?? newest;
  for (let more = after < newest; more; ) {
    const page = await store.audit.walk({ action: 'token.rotated' }, { limit: AT_ONCE, after: { at: after, id: '' } });
    for (const event of page.rows) {
      if (upkeep.stopped.aborted) return;
      await watchRotation(upkeep, event, now);
    }
    after = page.next === null ? newest : (page.next.at as number);
    more = page.next !== null;
    await moveTo(upkeep, after);
  }
  if (position === null) await moveTo(upkeep, after);
}

async function moveTo({ engine }: Upkeep, seq: number): Promise<void> {
  await engine.store.transact(({ alerts }) => alerts.moveTo(WATCH, seq));
}

async function watchRotation(upkeep: Upkeep, event: AuditEvent, now: Instant): Promise<void> {
  const { store, authenticator } = upkeep.engine;
  const { at, details, personal, subject } = event;
  if (details.by_itself !== true || personal.ip === undefined || subject === null) return;
  const token = await store.tokens.findById(String(details.new_id));
  if (token === null) return;
  const network = countedNetwork(personal.ip);
  const { line, seen } = await habitsOf(upkeep, subject.id);
  const habits = { line, seen: seen.filter(({ firstAt }) => firstAt < at - SAME_REQUEST_MS) };
  const home = new Set(habits.seen.map((one) => one.network));
  const { networksMax } = alertPlanOf(authenticator.profile.profile);
  if (home.has(network) || home.size >= networksMax || (await wasLearning(upkeep, habits, at))) return;
  const finding = { ...ofLine('rotated_from_new_address', token, dayOf(at)), networks: [network] };
  await raiseAlert(upkeep, { ...finding, firstAt: at, lastAt: at, count: 1 }, now);
}

import { parseDuration, type Window } from '../policy/index.ts';
import { alertPlanOf } from './alert-plan.ts';
import { leakPolicyOf } from './leak-policy.ts';
import type { CompareProfiles } from './narrowing.ts';
import type { LimitTier } from './profile.ts';
import { reminderPlanOf } from './reminder-plan.ts';
import { rotationPlanOf } from './rotation-plan.ts';
import { shown } from './schema-texts.ts';

type Windows = LimitTier['windows'];

/** A token's end is written into it when it is made, so only the longest life that may be asked for can refuse. */
export const expiryChanges: CompareProfiles = (before, after, notes) => {
  const [was, is] = [before.expiry, after.expiry];
  if (was.lifetime !== is.lifetime) {
    notes.tells(
      `New tokens that ask for no expiry live ${life(is.lifetime)} instead of ${life(was.lifetime)}; existing ones keep theirs.`,
    );
  }
  if (was.lifetimeMax !== is.lifetimeMax) {
    const line = `New tokens may ask for at most ${life(is.lifetimeMax)} instead of ${life(was.lifetimeMax)}.`;
    if (lifeMs(is.lifetimeMax) < lifeMs(was.lifetimeMax)) notes.narrows(line);
    else notes.tells(line);
  }
  if (before.rotation.gracePeriod !== after.rotation.gracePeriod) {
    notes.tells(
      `A rotation that names no grace period lets the old token work for ${after.rotation.gracePeriod} instead of ${before.rotation.gracePeriod}; those under way keep theirs.`,
    );
  }
  const [plan, newPlan] = [rotationPlanOf(before), rotationPlanOf(after)];
  if (plan.period !== newPlan.period) {
    notes.tells(
      `Tokens that are made to rotate by themselves do so every ${newPlan.period} instead of ${plan.period}; existing ones keep theirs.`,
    );
  }
  if (plan.noticesMs.join() !== newPlan.noticesMs.join()) {
    notes.tells('People are reminded of successors that nobody claims at other times.');
  }
  const [reminders, newReminders] = [before, after].map((profile) => JSON.stringify(reminderPlanOf(profile)));
  if (reminders !== newReminders) {
    notes.tells(
      'People are reminded of ends, old and unused tokens at other times; within a week it is so for every token.',
    );
  }
  if (plan.onUnclaimed !== newPlan.onUnclaimed) {
    notes.tells(
      newPlan.onUnclaimed === 'end'
        ? 'A token that names nothing else ends when nobody claims its successor after the last reminder.'
        : 'A token that names nothing else goes on working when nobody claims its successor.',
    );
  }
  if (JSON.stringify(alertPlanOf(before)) !== JSON.stringify(alertPlanOf(after))) {
    notes.tells('Alerts are raised at other thresholds.');
  }
  const [leaked, newLeaked] = [leakPolicyOf(before), leakPolicyOf(after)];
  if (leaked !== newLeaked) {
    notes.tells(
      newLeaked === 'revoke'
        ? 'A token whose value somebody reports as leaked is revoked at once.'
        : 'A token whose value somebody reports as leaked goes on working; people are told of it.',
    );
  }
  if (before.onePerOwner === after.onePerOwner) return;
  if (after.onePerOwner) notes.narrows('An owner has one token: making or rotating one ends the previous one at once.');
  else notes.tells('An owner can have several tokens.');
};

/** Tokens hold the name of a tier, so its limits reach them at once. */
export const limitChanges: CompareProfiles = (before, after, notes) => {
  const [was, is] = [before.limits, after.limits];
  for (const name of Object.keys(was.tiers)) {
    if (Object.hasOwn(is.tiers, name)) continue;
    notes.narrows(`The tier "${name}" is gone: its tokens get "${is.defaultTier}", ${windowsText(tierOf(is))}.`);
  }
  for (const [name, tier] of Object.entries(is.tiers)) {
    const old = Object.hasOwn(was.tiers, name) ? (was.tiers[name] as LimitTier) : null;
    if (old === null) {
      notes.tells(`The tier "${name}" is new: ${windowsText(tier.windows)}.`);
      continue;
    }
    if (windowsText(old.windows) !== windowsText(tier.windows)) {
      const line = `The tier "${name}" is ${windowsText(tier.windows)} instead of ${windowsText(old.windows)}.`;
      if (admitsLess(tier.windows, old.windows)) notes.narrows(line);
      else notes.tells(line);
    }
    if (old.label !== tier.label) notes.tells(`The tier "${name}" is called ${shown(tier.label)}.`);
    if (old.useCase !== tier.useCase) notes.tells(`The tier "${name}" is said to be for ${shown(tier.useCase)}.`);
  }
  const kept = Object.keys(was.tiers).filter((name) => Object.hasOwn(is.tiers, name));
  const order = Object.keys(is.tiers).filter((name) => kept.includes(name));
  if (kept.join() !== order.join()) notes.tells(`The tiers are listed in another order: ${order.join(', ')}.`);
  if (was.defaultTier === is.defaultTier) return;
  notes.tells(`New tokens that ask for no tier get "${is.defaultTier}" instead of "${was.defaultTier}".`);
  if (admitsLess(tierOf(is), tierOf(was))) {
    notes.narrows(`Tokens of tiers that were cut earlier get "${is.defaultTier}" too, which admits less.`);
  }
};

/**
 * Whether some sequence of requests that `before` admits is refused by `after`. May say yes where the windows of
 * `before` together forbid it in a way no single one does; never says no wrongly.
 */
export function admitsLess(after: Windows, before: Windows): boolean {
  if (after === 'unlimited') return false;
  if (before === 'unlimited') return true;
  return after.some((window) => {
    // Any stretch of `window.seconds` is covered by that many stretches of the old window.
    const most = before.map((old) => old.limit * Math.ceil(window.seconds / old.seconds));
    return Math.min(...most) > window.limit;
  });
}

function tierOf(limits: {
  readonly tiers: Readonly<Record<string, LimitTier>>;
  readonly defaultTier: string;
}): Windows {
  return (limits.tiers[limits.defaultTier] as LimitTier).windows;
}

function windowsText(windows: Windows): string {
  return windows === 'unlimited' ? 'unlimited' : windows.map(windowText).join(' and ');
}

function windowText({ name, limit, seconds }: Window): string {
  return `${limit} in ${seconds} s ("${name}")`;
}

function life(duration: string | null): string {
  return duration ?? 'for ever';
}

function lifeMs(duration: string | null): number {
  return duration === null ? Number.POSITIVE_INFINITY : (parseDuration(duration) ?? 0);
}

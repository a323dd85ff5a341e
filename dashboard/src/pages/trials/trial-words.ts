import type { Trial, TrialFinding } from '../../api/operations.ts';
import { exactTime } from '../../ui/index.ts';
import type { Words } from '../../words.ts';

/** What is on trial. */
export function subjectText({ subject, name }: Trial, { token }: Words): string {
  const kinds = { token, owner: 'owner', role: 'role', profile: 'profile' };
  const of = subject.kind === 'profile' ? 'the profile' : `${kinds[subject.kind]} ${subject.external_id ?? subject.id}`;
  return name === null ? `A change of ${of}` : name;
}

/** What was seen so far, and what may be concluded from it. */
export function verdictText({ judged, would_refuse, would_break, unlisted }: Trial, { token, tokens }: Words): string {
  if (judged === 0) return 'Nobody it concerns has called yet, so nothing is known.';
  const requests = judged === 1 ? 'One request' : `${judged.toLocaleString('en')} requests`;
  if (would_refuse === 0) return `${requests}: none would be refused.`;
  const broken = would_break === 1 ? `one ${token}` : `${would_break} ${tokens}`;
  const more = unlisted === 0 ? '' : ` ${unlisted} of these are not listed: there were too many.`;
  return `${requests}: ${would_refuse.toLocaleString('en')} would be refused, and ${broken} would break.${more}`;
}

/** Why one of them would be refused. */
export function findingText({ reason, missing, address, window, route }: TrialFinding): string {
  const where = route === null ? '' : ` at ${route}`;
  switch (reason) {
    case 'insufficient_permissions':
      return `Lacks ${missing.join(', ')}${where}`;
    case 'ip_restricted':
      return `Calls from ${address ?? 'an unknown address'}`;
    case 'rate_limited':
      return `Is over the limit${window === null ? '' : ` of “${window}”`}`;
    case 'no_matching_rule':
      return `No rule would fit${where}`;
    case 'token_expired':
      return 'Would have expired';
    default:
      return `${reason.replaceAll('_', ' ')}${where}`;
  }
}

export function stateText({ state, ends_at, ended_at }: Trial): string {
  switch (state) {
    case 'observing':
      return `Observing until ${exactTime(ends_at)}`;
    case 'over':
      return `Over since ${exactTime(ends_at)}; it can still be enforced`;
    case 'ended':
      return `Ended ${exactTime(ended_at ?? ends_at)}; nothing was changed`;
    case 'enforced':
      return `Enforced ${exactTime(ended_at ?? ends_at)}`;
  }
}

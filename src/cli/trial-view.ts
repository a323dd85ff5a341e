import type { FindingWire, TrialWire } from '../manage/index.ts';
import type { Call } from './call.ts';
import type { OptionSpec } from './command.ts';
import { facts, type Paint, table } from './table.ts';
import { minutes, ownerName } from './token-view.ts';

/** Of every command that can tighten something. */
export const OBSERVE: OptionSpec = {
  flags: '--observe <duration>',
  about: 'Change nothing. For so long (14d, at most 90d) note who would be refused: keyhouse trial show.',
};

/** Puts what a command would change on trial, instead of changing it. */
export async function observeInstead(call: Call, subject: object, change: object): Promise<undefined> {
  const lasts = call.option<unknown>('observe');
  const body = { subject, change, ...(typeof lasts === 'string' && { ends_in: lasts }) };
  const reply = await call.ask({ method: 'POST', path: '/v1/trials', body });
  return call.show<TrialWire>(
    reply,
    ({ id, ends_at }) =>
      `Observing until ${minutes(ends_at)}. Nothing is changed, and nobody is refused.\nWho would be: keyhouse trial show ${id}\n`,
  );
}

export function trialTable(trials: readonly TrialWire[], paint: Paint): string {
  return table(
    trials,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'OF', of: subjectText },
      { title: 'STATE', of: stateText },
      { title: 'REQUESTS', of: ({ judged }) => judged },
      { title: 'WOULD REFUSE', of: ({ would_refuse }) => would_refuse },
      { title: 'WOULD BREAK', of: ({ would_break }) => tokensText(would_break) },
    ],
    paint,
  );
}

/** A trial with whom it would refuse, so that somebody who sees it for the first time knows what to do. */
export function trialFacts(
  trial: TrialWire & { readonly change: object; readonly findings: readonly FindingWire[] },
  paint: Paint,
): string {
  const { change, findings } = trial;
  const about = facts(
    [
      ['id', trial.id],
      ['name', trial.name],
      ['of', subjectText(trial)],
      ['change', trial.subject.kind === 'profile' ? 'a whole profile' : JSON.stringify(change)],
      ['state', stateText(trial)],
      ['since', minutes(trial.created_at)],
    ],
    paint,
  );
  return `${about}\n${verdictText(trial)}\n${findings.length === 0 ? '' : `\n${findingTable(findings, paint)}`}`;
}

function findingTable(findings: readonly FindingWire[], paint: Paint): string {
  return table(
    findings,
    [
      { title: 'TOKEN', of: ({ token }) => `${token.name} (${token.hint})` },
      { title: 'OWNER', of: ({ owner }) => ownerName(owner) },
      { title: 'WORKSPACE', of: ({ workspace }) => workspace.name },
      { title: 'WOULD BE REFUSED', of: whyText },
      { title: 'TIMES', of: ({ count }) => count },
      { title: 'LAST', of: ({ last_at }) => minutes(last_at) },
    ],
    paint,
  );
}

function whyText({ reason, missing, address, window, route }: FindingWire): string {
  const where = route === null ? '' : ` at ${route}`;
  switch (reason) {
    case 'insufficient_permissions':
      return `lacks ${missing.join(', ')}${where}`;
    case 'ip_restricted':
      return `calls from ${address ?? 'an unknown address'}`;
    case 'rate_limited':
      return `is over the limit${window === null ? '' : ` of "${window}"`}`;
    case 'no_matching_rule':
      return `no rule would fit${where}`;
    case 'token_expired':
      return 'would have expired';
    default:
      return `${reason}${where}`;
  }
}

function verdictText({ judged, would_refuse, would_break, unlisted }: TrialWire): string {
  if (judged === 0) return 'Nobody it concerns has called yet, so nothing is known.';
  if (would_refuse === 0) return `${requestsText(judged)}: none would be refused.`;
  const more = unlisted === 0 ? '' : ` ${unlisted} of these are in no line below: there were too many.`;
  return `${requestsText(judged)}: ${would_refuse} would be refused, and ${tokensText(would_break)} would break.${more}`;
}

function subjectText({ subject }: TrialWire): string {
  return subject.kind === 'profile' ? 'the profile' : `${subject.kind} ${subject.external_id ?? subject.id}`;
}

function stateText({ state, ends_at, ended_at }: TrialWire): string {
  if (state === 'observing') return `observing until ${minutes(ends_at)}`;
  return `${state} since ${minutes(ended_at ?? ends_at)}`;
}

function tokensText(count: number): string {
  return count === 1 ? '1 token' : `${count} tokens`;
}

function requestsText(count: number): string {
  return count === 1 ? '1 request' : `${count} requests`;
}

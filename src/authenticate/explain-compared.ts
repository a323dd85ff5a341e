import { formatInstant } from '../policy/index.ts';
import type { DenialRecord } from '../ports/index.ts';
import type { CheckOutcome, ExplainedCheck } from './explain.ts';
import type { ExplainWords } from './explain-advice.ts';

/** What one check compared, as a sentence. */
export function compared(
  record: DenialRecord,
  check: ExplainedCheck,
  outcome: CheckOutcome,
  words: ExplainWords,
): string {
  const { token: word } = words;
  const hasFailed = outcome === 'failed';
  switch (check) {
    case 'syntax':
      return hasFailed ? syntaxProblem(record, word) : `One credential, in the form that every ${word} has.`;
    case 'checksum':
      return hasFailed
        ? 'The last six characters do not fit the ones before them.'
        : 'The last six characters fit the ones before them.';
    case 'digest':
      return hasFailed ? lookUpProblem(record, word) : `The value is that of a stored ${word}.`;
    case 'kind_and_environment':
      return kindAndEnvironment(record, word);
    case 'not_ended':
      return hasFailed ? ended(record, word) : `The ${word} is neither revoked, disabled nor replaced.`;
    case 'not_expired':
      return expiry(record, word);
    case 'owner':
      return hasFailed ? ownerProblem(record) : 'Owner, membership and workspace are active.';
    case 'address':
      return address(record, hasFailed);
    case 'route':
      return route(record, hasFailed);
    case 'permission':
      return permissions(record);
    case 'rate_limit':
      return limit(record);
  }
}

const PROBLEMS: Readonly<Record<string, string>> = {
  duplicate: 'More than one credential came in the header lines.',
  empty: 'Nothing stands where the credential should be.',
  syntax: 'The header is not the word Bearer, one space and one value.',
  two_methods: 'One credential came in a header and another in the URL.',
  too_many: 'There were more header lines than are read.',
  length: 'The value is too short or too long.',
  alphabet: 'The value has a character that never occurs in one.',
  environment: 'The part after the prefix names no environment.',
};

function syntaxProblem({ cause, details }: DenialRecord, word: string): string {
  switch (cause) {
    case 'no_credential':
      return 'The request carried no credential.';
    case 'token_in_url':
      return `The ${word} stood in the URL.`;
    case 'foreign':
      return `The value does not begin as every ${word} here does.`;
    default:
      return PROBLEMS[details.problem ?? ''] ?? 'The credential cannot be read.';
  }
}

function lookUpProblem({ cause }: DenialRecord, word: string): string {
  if (cause === 'authority_unavailable') return 'Storage or counters could not be reached, so nothing was decided.';
  if (cause === 'too_many_failures')
    return 'Too many wrong values came from this address, so this one was not looked up.';
  return `No valid ${word} with this value is known.`;
}

function kindAndEnvironment({ cause, details }: DenialRecord, word: string): string {
  if (cause === 'wrong_kind') return `The value is of another kind than every ${word}.`;
  const served = details.environments.join(' and ');
  const environment = details.token?.environment ?? null;
  if (environment === null) return `The ${word} belongs to no environment; served here: ${served || 'any'}.`;
  return `The ${word} is for ${environment}; served here: ${served}.`;
}

function ended({ cause, details }: DenialRecord, word: string): string {
  if (cause !== 'replaced') return `The ${word} is ${cause}.`;
  const since = details.since === undefined ? '' : ` at ${formatInstant(details.since)}`;
  return `The ${word} was replaced and stopped working${since}.`;
}

function expiry({ at, details }: DenialRecord, word: string): string {
  const expiresAt = details.token?.expiresAt ?? null;
  if (expiresAt === null) return `The ${word} does not expire.`;
  return `The ${word} expires at ${formatInstant(expiresAt)}; the request came at ${formatInstant(at)}.`;
}

function ownerProblem({ cause }: DenialRecord): string {
  if (cause === 'owner_disabled') return 'The owner is disabled.';
  return cause === 'membership_ended' ? 'The owner is no longer in the workspace.' : 'The workspace is disabled.';
}

function address({ ip, details }: DenialRecord, hasFailed: boolean): string {
  const seen = ip === null ? 'The address is not known' : `The address is ${ip}${sourceOf(details.addressFrom)}`;
  const { allowlist = null } = details;
  if (allowlist === null) return `${seen}; any may be used.`;
  return `${seen}; that is ${hasFailed ? 'not ' : ''}on the address list.`;
}

/** Where an address was read, in brackets. */
function sourceOf(from: string | null): string {
  if (from === null) return '';
  if (from === 'connection') return ' (of the connection)';
  return from === 'question' ? ' (as the application said)' : ` (from ${from})`;
}

function route({ cause, method, path, details: { rule } }: DenialRecord, hasFailed: boolean): string {
  const request = `${method ?? ''} ${path ?? ''}`.trim();
  if (hasFailed) {
    return cause === 'ambiguous_path' ? 'The path can be read in two ways.' : `No route rule fits ${request || 'it'}.`;
  }
  return rule == null ? 'What is needed was said by the door itself.' : `The rule ${rule.methods} ${rule.path} fits.`;
}

function permissions({ details }: DenialRecord): string {
  const { allOf, anyOf, missing = [], held } = details;
  if (allOf.length === 0 && anyOf.length === 0 && missing.length === 0) return 'No permission is needed.';
  const needed = [
    ...(allOf.length > 0 ? [`all of ${allOf.join(', ')}`] : []),
    ...(anyOf.length > 0 ? [`one of ${anyOf.join(', ')}`] : []),
  ];
  const needs = `Needed: ${needed.join(' and ') || missing.join(', ')}.`;
  if (missing.length === 0) return needs;
  return `${needs} Missing: ${missing.join(', ')}. Held: ${heldText(held, details.heldCount)}.`;
}

function heldText(held: readonly string[] = [], count: number = held.length): string {
  if (held.length === 0) return 'nothing';
  return count > held.length ? `${held.join(', ')} and ${count - held.length} more` : held.join(', ');
}

function limit({ details: { windows } }: DenialRecord): string {
  if (windows === undefined) return 'No limit applies.';
  return windows
    .map(
      ({ name, limit: most, remaining, resetAt }) =>
        `${remaining} of ${most} per ${name} left; reset at ${formatInstant(resetAt)}.`,
    )
    .join(' ');
}

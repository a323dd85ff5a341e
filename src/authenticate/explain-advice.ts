import { formatInstant } from '../policy/index.ts';
import type { DenialRecord } from '../ports/index.ts';

/** How a company calls a token inside a sentence. */
export interface ExplainWords {
  readonly token: string;
  readonly tokens: string;
}

type Advice = (record: DenialRecord, words: ExplainWords) => string;

const MALFORMED: Readonly<Record<string, Advice>> = {
  duplicate: (_, { token }) => `Send exactly one header with exactly one ${token}.`,
  empty: (_, { token }) => `Look at the variable that should hold the ${token}: it is probably empty.`,
  two_methods: (_, { token }) => `Send the ${token} in the header alone, and replace it: URLs are kept in logs.`,
  too_many: () => 'Send at most 100 header lines.',
};

const BY_CAUSE: Readonly<Record<string, Advice>> = {
  ok: () => 'Nothing speaks against a request from here.',
  no_credential: (_, { token }) => `Send Authorization: Bearer, one space, then the ${token}.`,
  token_in_url: (_, { token }) =>
    `Send the ${token} in the Authorization header, and replace this one: URLs are kept in logs.`,
  malformed: (record, words) =>
    MALFORMED[record.details.problem ?? '']?.(record, words) ??
    `Send Authorization: Bearer, one space, then the ${words.token} and nothing else.`,
  foreign: (_, { token }) => `Send the ${token} of this API: this value belongs to something else.`,
  mistyped: (_, { token }) => `Copy the whole ${token} again: this one is incomplete or mistyped.`,
  unknown: (_, { token }) =>
    `Use another ${token}: this one has ended or never was, and whoever looks after the ${token} here can tell which.`,
  too_many_failures: (_, { token }) =>
    `Wait a minute, and look for what sends wrong ${token} values from this address.`,
  authority_unavailable: () => 'Try again in a moment: this was an outage, and the log has more under the request id.',
  wrong_kind: (_, { token }) => `Send the ${token} itself: this value is for another purpose.`,
  wrong_environment: ({ details: { environments } }, { token }) =>
    `Use another ${token}, for ${environments.join(' or ')}, or call where this one is served.`,
  revoked: (_, { token }) => `Create a new ${token}: a revoked one never works again.`,
  disabled: (_, { token }) => `Enable the ${token} again, or use another one.`,
  replaced: (_, { token }) => `Use the ${token} that replaced this one.`,
  expired: (_, { token }) => `Create a new ${token}, or rotate this one in time next time.`,
  owner_disabled: (_, { token }) => `Enable the owner again, or use the ${token} of another owner.`,
  membership_ended: (_, { token }) =>
    `Give the owner a place in the workspace again, or use the ${token} of another owner.`,
  workspace_disabled: () => 'Enable the workspace again.',
  address_not_allowed: ({ ip }, { token }) =>
    ip === null
      ? 'Tell Keyhouse which proxies to trust, so that it learns the address of the client.'
      : `Call from an address on the list of the ${token}, or put ${ip} on that list.`,
  ambiguous_path: () => 'Send the path in its plain form, without encoded slashes, dots or doubled slashes.',
  no_matching_rule: ({ method, path }) =>
    `Correct the path, or write a route rule for ${`${method ?? ''} ${path ?? ''}`.trim() || 'it'}.`,
  permission_missing: ({ details: { missing = [] } }, { token }) =>
    `Use another ${token} that may do ${missing.join(' and ')}, or let this one and its owner do it.`,
  limit_reached: ({ at, details: { retryAfterMs } }) =>
    retryAfterMs == null
      ? 'Ask for a higher limit: this request costs more than the limit ever allows.'
      : `Wait until ${formatInstant(at + Math.ceil(retryAfterMs))}, send fewer requests, or ask for a higher limit.`,
  cross_workspace_denied: ({ details: { foreign } }) =>
    `Nothing to do, unless this repeats: the caller asked for ${foreign?.kind ?? 'something'} ${foreign?.id ?? ''} of another workspace and was told that there is none.`,
};

/** What to do about it, in one plain sentence. */
export function adviceFor(record: DenialRecord, words: ExplainWords): string {
  return BY_CAUSE[record.cause]?.(record, words) ?? 'The request id finds more in the log.';
}

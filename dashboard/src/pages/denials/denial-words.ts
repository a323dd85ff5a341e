import type { Explanation } from '../../api/operations.ts';
import type { Words } from '../../words.ts';

type Check = Explanation['checks'][number]['check'];

/** What each check asks, in the order in which they are made. */
export function checkTitle(check: Check, { token }: Pick<Words, 'token'>): string {
  return CHECKS[check](token);
}

const CHECKS: Readonly<Record<Check, (token: string) => string>> = {
  syntax: () => 'The credential can be read',
  checksum: (token) => `The ${token} is typed without a mistake`,
  digest: (token) => `The ${token} is known`,
  kind_and_environment: (token) => `The ${token} is of the right kind and environment`,
  not_ended: (token) => `The ${token} has not been ended`,
  not_expired: (token) => `The ${token} has not expired`,
  owner: () => 'Owner and workspace are active',
  address: () => 'The address may be used',
  route: () => 'A rule says what the route needs',
  permission: () => 'The permission is there',
  rate_limit: () => 'The limits leave room',
};

const REASONS: Readonly<Record<string, (token: string) => string>> = {
  authentication_required: (token) => `No ${token} was sent`,
  invalid_request: () => 'Unreadable credential',
  invalid_token: (token) => `Not a valid ${token}`,
  token_expired: () => 'Expired',
  ip_restricted: () => 'Address not allowed',
  insufficient_permissions: () => 'Permission missing',
  ambiguous_path: () => 'Path in an odd form',
  no_matching_rule: () => 'No rule for the route',
  rate_limited: () => 'Too many requests',
  authority_unavailable: () => 'Could not be checked',
  cross_workspace_denied: () => 'Asked for something of another workspace',
};

/** Reasons that a list can be narrowed to. */
export const KNOWN_REASONS: readonly string[] = Object.keys(REASONS);

/** Why a request was refused, short enough for a row or the name of a line in a chart. */
export function reasonLabel(reason: string, { token }: Pick<Words, 'token'>): string {
  return REASONS[reason]?.(token) ?? reason.replaceAll('_', ' ');
}

/** Where a request came in. */
export function doorLabel(door: string): string {
  return DOORS[door] ?? door.replaceAll('_', ' ');
}

const DOORS: Readonly<Record<string, string>> = {
  api: 'the management API',
  forward_auth: 'the proxy',
  gateway: 'the gateway',
  middleware: 'the application itself',
  verify: 'an application that asked',
  introspection: 'OAuth introspection',
};

import { useNavigate, useSearch } from '@tanstack/react-router';
import type { TokenState } from '../../api/wire.ts';

/** What the list shows, as it stands in the address; what is left out is the default. */
export interface TokenFilter {
  readonly search: string;
  readonly state: 'working' | 'all' | TokenState;
  readonly attention: 'any' | 'unused' | 'expiring' | 'owner_ended' | 'never_expires';
  readonly environment: 'any' | 'live' | 'test';
  /** Id of an owner, or empty. */
  readonly owner: string;
  readonly sort: 'newest' | 'oldest' | 'name' | 'last_used' | 'expires';
}

export const STATES: readonly { readonly value: TokenFilter['state']; readonly label: string }[] = [
  { value: 'working', label: 'Working now' },
  { value: 'active', label: 'Active' },
  { value: 'superseded', label: 'Ending soon (rotated)' },
  { value: 'disabled', label: 'Disabled' },
  { value: 'expired', label: 'Expired' },
  { value: 'revoked', label: 'Revoked' },
  { value: 'replaced', label: 'Replaced' },
  { value: 'all', label: 'All' },
];

export const ATTENTION: readonly { readonly value: TokenFilter['attention']; readonly label: string }[] = [
  { value: 'any', label: 'Used or not' },
  { value: 'unused', label: 'Unused for 90 days' },
  { value: 'expiring', label: 'Expiring within 30 days' },
  { value: 'owner_ended', label: 'Owner left or is disabled' },
  { value: 'never_expires', label: 'Without an expiry' },
];

export const ENVIRONMENTS: readonly { readonly value: TokenFilter['environment']; readonly label: string }[] = [
  { value: 'any', label: 'Live and test' },
  { value: 'live', label: 'Live' },
  { value: 'test', label: 'Test' },
];

const SORTS = ['newest', 'oldest', 'name', 'last_used', 'expires'] as const;
const DEFAULT: TokenFilter = {
  search: '',
  state: 'working',
  attention: 'any',
  environment: 'any',
  owner: '',
  sort: 'newest',
};

/** The filter in the address, and how to change a part of it. */
export function useTokenFilter(): readonly [TokenFilter, (change: Partial<TokenFilter>) => void] {
  const filter = readFilter(useSearch({ strict: false }));
  const navigate = useNavigate();
  // Merged into the address as it is by then: two changes at once would otherwise undo each other.
  const change = (part: Partial<TokenFilter>) =>
    void navigate({
      to: '.',
      search: (current: Readonly<Record<string, unknown>>) => addressOf({ ...readFilter(current), ...part }),
      state: true,
      replace: true,
    });
  return [filter, change];
}

/** How the server is asked for what the filter shows. */
export function queryOf({ search, state, attention, environment, owner, sort }: TokenFilter) {
  return {
    search,
    ...(state === 'working' ? { live: true } : state !== 'all' && { state }),
    ...(attention === 'unused' && { unused_for: '90d' }),
    ...(attention === 'expiring' && { expires_within: '30d' }),
    ...(attention === 'owner_ended' && { owner_ended: true }),
    ...(attention === 'never_expires' && { never_expires: true }),
    ...(environment !== 'any' && { environment }),
    owner_id: owner,
    sort,
  };
}

/** Whether something was asked for that hides tokens, so that an empty list means "none like that". */
export function isNarrowed(filter: TokenFilter): boolean {
  return (['search', 'state', 'attention', 'environment', 'owner'] as const).some(
    (name) => filter[name] !== DEFAULT[name],
  );
}

export const EVERYTHING: Partial<TokenFilter> = {
  search: '',
  state: 'all',
  attention: 'any',
  environment: 'any',
  owner: '',
};

function addressOf(filter: TokenFilter): Partial<TokenFilter> {
  const named = Object.entries(filter).filter(([name, value]) => value !== DEFAULT[name as keyof TokenFilter]);
  return Object.fromEntries(named);
}

function readFilter(address: Readonly<Record<string, unknown>>): TokenFilter {
  return {
    search: textOf(address.search),
    state:
      oneOf(
        STATES.map(({ value }) => value),
        address.state,
      ) ?? DEFAULT.state,
    attention:
      oneOf(
        ATTENTION.map(({ value }) => value),
        address.attention,
      ) ?? DEFAULT.attention,
    environment:
      oneOf(
        ENVIRONMENTS.map(({ value }) => value),
        address.environment,
      ) ?? DEFAULT.environment,
    owner: textOf(address.owner),
    sort: oneOf(SORTS, address.sort) ?? DEFAULT.sort,
  };
}

function oneOf<V extends string>(values: readonly V[], value: unknown): V | undefined {
  return values.find((one) => one === value);
}

/** What looks like a number in an address has become one. */
function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

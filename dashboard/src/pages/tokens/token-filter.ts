import { isNarrowed, useAddressFields } from '../../api/address-fields.ts';
import type { Token } from '../../api/operations.ts';

/** What the list shows, as it stands in the address; what is left out is the default. */
export interface TokenFilter {
  readonly search: string;
  readonly state: 'working' | 'all' | Token['state'];
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

const SORTS = (['newest', 'oldest', 'name', 'last_used', 'expires'] as const).map((value) => ({ value }));
const USUAL: TokenFilter = {
  search: '',
  state: 'working',
  attention: 'any',
  environment: 'any',
  owner: '',
  sort: 'newest',
};

/** The filter in the address, and how to change a part of it. */
export function useTokenFilter() {
  return useAddressFields(USUAL, { state: STATES, attention: ATTENTION, environment: ENVIRONMENTS, sort: SORTS });
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
export function hidesTokens(filter: TokenFilter): boolean {
  return isNarrowed({ ...filter, sort: USUAL.sort }, USUAL);
}

export const EVERYTHING: Partial<TokenFilter> = { ...USUAL, state: 'all' };

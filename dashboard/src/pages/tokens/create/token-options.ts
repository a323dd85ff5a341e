import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { call } from '../../../api/call.ts';
import type { TokenOptions } from '../../../api/operations.ts';

/** What may be given to a new one of this owner; of oneself without any. */
export function tokenOptionsQuery(owner: { readonly id: string; readonly workspaceId: string | null } | null) {
  return queryOptions({
    queryKey: ['tokens', 'options', owner],
    queryFn: ({ signal }) =>
      call<TokenOptions>('GET', '/v1/token-options', {
        query: { owner_id: owner?.id, workspace_id: owner?.workspaceId },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
}

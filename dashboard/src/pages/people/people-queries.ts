import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Owner, Role, Workspace } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import type { Page, Token } from '../../api/wire.ts';

/** One user, service account or external owner. */
export function recordQuery<Wire extends Owner>(path: string) {
  return queryOptions<Wire, ApiError>({
    queryKey: ['people', 'record', path],
    queryFn: ({ signal }) => call<Wire>('GET', path, { signal }),
    staleTime: 0,
  });
}

export const rolesQuery = queryOptions<Page<Role>, ApiError>({
  queryKey: ['people', 'roles'],
  queryFn: ({ signal }) => call<Page<Role>>('GET', '/v1/roles', { signal }),
});

/** The first hundred, for choosing one; undefined for who may not see them. */
export function useWorkspaces(): readonly Workspace[] | undefined {
  const may = useMay();
  return useQuery<Page<Workspace>, ApiError>({
    queryKey: ['people', 'workspaces', 'choice'],
    queryFn: ({ signal }) => call<Page<Workspace>>('GET', '/v1/workspaces', { query: { limit: 100 }, signal }),
    enabled: may('keyhouse-workspaces:read'),
  }).data?.data;
}

/** How many of them work now, counted up to a hundred; null while that is not known, or not for the caller to know. */
export function useWorking(filter: { readonly owner_id?: string; readonly workspace_id?: string }) {
  const { paths } = useDashboard();
  const may = useMay();
  const { data } = useQuery<Page<Token>, ApiError>({
    queryKey: ['tokens', 'working', filter],
    queryFn: ({ signal }) =>
      call<Page<Token>>('GET', paths.tokens, { query: { ...filter, live: true, limit: 100 }, signal }),
    enabled: may('keyhouse-tokens:read'),
  });
  return data === undefined ? null : { count: data.data.length, hasMore: data.next_cursor !== null };
}

/** After a change of somebody: what they may do shows in every room, their tokens included. */
export function useForgetPeople(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['people'] }),
      client.invalidateQueries({ queryKey: ['tokens'] }),
    ]);
  };
}

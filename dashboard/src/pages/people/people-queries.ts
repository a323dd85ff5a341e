import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type {
  ListRolesOutput,
  ListTokensOutput,
  ListWorkspacesOutput,
  Owner,
  Workspace,
} from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';

/** One user, service account or external owner. */
export function recordQuery<Wire extends Owner>(path: string) {
  return queryOptions<Wire, ApiError>({
    queryKey: ['people', 'record', path],
    queryFn: ({ signal }) => call<Wire>('GET', path, { signal }),
    staleTime: 0,
  });
}

export const rolesQuery = queryOptions<ListRolesOutput, ApiError>({
  queryKey: ['people', 'roles'],
  queryFn: ({ signal }) => call<ListRolesOutput>('GET', '/v1/roles', { signal }),
});

/** The first hundred, for choosing one; undefined for who may not see them. */
export function useWorkspaces(): readonly Workspace[] | undefined {
  const may = useMay();
  return useQuery<ListWorkspacesOutput, ApiError>({
    queryKey: ['people', 'workspaces', 'choice'],
    queryFn: ({ signal }) => call<ListWorkspacesOutput>('GET', '/v1/workspaces', { query: { limit: 100 }, signal }),
    enabled: may('keyhouse-workspaces:read'),
  }).data?.data;
}

/** How many of them work now, counted up to a hundred; null while that is not known, or not for the caller to know. */
export function useWorking(filter: { readonly owner_id?: string; readonly workspace_id?: string }) {
  const { paths } = useDashboard();
  const may = useMay();
  const { data } = useQuery<ListTokensOutput, ApiError>({
    queryKey: ['tokens', 'working', filter],
    queryFn: ({ signal }) =>
      call<ListTokensOutput>('GET', paths.tokens, { query: { ...filter, live: true, limit: 100 }, signal }),
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

import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type {
  ListTokensOutput,
  Predecessors,
  ProfileInForce,
  Token,
  TokenOptions,
  Usage,
} from '../../api/operations.ts';
import { useDashboard, useMay, useSession } from '../../api/queries.ts';

export function tokenQuery(path: string, id: string) {
  return queryOptions<Token, ApiError>({
    queryKey: ['tokens', 'one', id],
    queryFn: ({ signal }) => call<Token>('GET', `${path}/${encodeURIComponent(id)}`, { signal }),
    // Another tab, or somebody else, may have changed it: looked at again when the page is, and from time to time.
    staleTime: 0,
    refetchOnWindowFocus: 'always',
    refetchInterval: 30_000,
  });
}

/** Uses of one token since a moment that is handed in rounded, so that the key stays the same from drawing to drawing. */
export function useUsage(id: string, from: string) {
  const { paths } = useDashboard();
  return useQuery<Usage, ApiError>({
    queryKey: ['tokens', 'usage', id, from],
    queryFn: ({ signal }) =>
      call<Usage>('GET', `${paths.tokens}/${encodeURIComponent(id)}/usage`, { query: { from }, signal }),
    refetchOnWindowFocus: 'always',
  });
}

/** Every token of a rotation line, newest first. */
export function useLine(lineageId: string, enabled = true) {
  const { paths } = useDashboard();
  return useQuery<ListTokensOutput, ApiError>({
    queryKey: ['tokens', 'line', lineageId],
    queryFn: ({ signal }) =>
      call<ListTokensOutput>('GET', paths.tokens, { query: { lineage_id: lineageId, limit: 20 }, signal }),
    enabled,
  });
}

/** What came before a token in its line, and whether somebody still uses it. */
export function usePredecessors({ id, supersedes }: Token) {
  const { paths } = useDashboard();
  return useQuery<Predecessors, ApiError>({
    queryKey: ['tokens', 'predecessors', id],
    queryFn: ({ signal }) =>
      call<Predecessors>('GET', `${paths.tokens}/${encodeURIComponent(id)}/predecessors`, { signal }),
    enabled: supersedes !== null,
    refetchOnWindowFocus: 'always',
  });
}

/** What may be given to a token of an owner, of oneself without any; an error where the caller may not act for that owner. */
export function tokenOptionsQuery(owner: { readonly id: string; readonly workspaceId: string | null } | null) {
  return queryOptions<TokenOptions, ApiError>({
    queryKey: ['tokens', 'options', owner],
    queryFn: ({ signal }) =>
      call<TokenOptions>('GET', '/v1/token-options', {
        query: { owner_id: owner?.id, workspace_id: owner?.workspaceId },
        signal,
      }),
  });
}

/** After a change of tokens: lists and records of them, and what is told of who did what. */
export function useForgetTokens(): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ['tokens'] });
    void client.invalidateQueries({ queryKey: ['audit'] });
  };
}

export interface TokenRights {
  readonly edit: boolean;
  readonly rotate: boolean;
  readonly revoke: boolean;
  readonly transfer: boolean;
}

/** What whoever is signed in may do to a token as it stands; of what has ended, nothing is left to do. */
export function useTokenRights(): (token: Token) => TokenRights {
  const may = useMay();
  const { user, workspace } = useSession();
  const manages = may('keyhouse-tokens:write');
  const { data: own } = useQuery({ ...tokenOptionsQuery(null), enabled: !manages });
  return (token) => {
    const isOwn = token.owner.id === user.id && token.workspace.id === workspace.id;
    const stands = token.state === 'active' || token.state === 'disabled' || token.state === 'superseded';
    return {
      edit: stands && manages,
      transfer: stands && manages && may('keyhouse-owners:act-as'),
      rotate:
        (token.state === 'active' || token.state === 'superseded') && (manages || (isOwn && own?.may_create === true)),
      revoke: stands && (may('keyhouse-tokens:revoke') || isOwn),
    };
  };
}

/** Of the profile, what these pages show; the API describes it as a document of its own. */
interface Profile {
  readonly catalogue: 'open' | readonly { readonly permission: string; readonly description: string }[];
  readonly limits: { readonly tiers: Readonly<Record<string, { readonly label: string }>> };
  readonly onePerOwner: boolean;
  readonly routes?: readonly unknown[];
}

/** What the company says about its permissions and tiers; undefined until it is there. */
export function useProfile(): Profile | undefined {
  const { data } = useQuery<ProfileInForce, ApiError>({
    queryKey: ['profile'],
    queryFn: ({ signal }) => call<ProfileInForce>('GET', '/v1/profile', { signal }),
    staleTime: 5 * 60_000,
  });
  return data?.profile as Profile | undefined;
}

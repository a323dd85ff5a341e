import { QueryClient, queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { call } from './call.ts';
import { whenServerReturns } from './connection.ts';
import type { DashboardInfo } from './dashboard-info.ts';
import type { Session } from './operations.ts';
import { noteSessionEnded } from './session-end.ts';

/** Codes of 401 that are about what was typed, and not about a session that ended. */
const NOT_ABOUT_THE_SESSION = new Set(['invalid_sign_in', 'second_factor_required']);

export const dashboardQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: ({ signal }) => call<DashboardInfo>('GET', '/v1/dashboard', { signal }),
  staleTime: 5 * 60_000,
});

/** Who is signed in; an error of status 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call<Session>('GET', '/v1/session', { signal }),
  staleTime: 60_000,
});

/** What the server says about itself; there before any page is drawn. */
export function useDashboard(): DashboardInfo {
  return useSuspenseQuery(dashboardQuery).data;
}

/** Who is signed in. Only on pages inside the shell, which are not drawn before that is known. */
export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

/** Whether whoever is signed in may do this, such as `keyhouse-tokens:write`. */
export function useMay(): (permission: string) => boolean {
  const { permissions } = useSession();
  return (permission) => permissions.management.includes(permission);
}

/** Forgets what was read for another person or in another workspace, and reads what is on the page anew. */
export function forgetPages(client: QueryClient): Promise<void> {
  return client.resetQueries({ predicate: ({ queryKey: [room] }) => room !== 'dashboard' && room !== 'session' });
}

/** Forgets everything that was read in somebody's name: nobody is signed in any more. */
export function forgetPerson(client: QueryClient): void {
  client.removeQueries({ predicate: ({ queryKey: [room] }) => room !== 'dashboard' });
}

export function createQueryClient(): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      // A refusal stays one however often it is asked for, and a silent server is asked again when it is back.
      queries: { retry: false, staleTime: 15_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  client.getQueryCache().config.onError = noteIfEnded;
  client.getMutationCache().config.onError = noteIfEnded;
  whenServerReturns(() => void client.invalidateQueries());
  return client;

  function noteIfEnded(error: Error): void {
    const isEnded = error instanceof ApiError && error.status === 401 && !NOT_ABOUT_THE_SESSION.has(error.code);
    if (isEnded && client.getQueryData(sessionQuery.queryKey) !== undefined) noteSessionEnded(true);
  }
}

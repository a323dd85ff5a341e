import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from './api/api-error.ts';
import { dashboardQuery, sessionQuery } from './api/queries.ts';
import { OUTSIDE, PAGES, type PageRow } from './pages/index.ts';
import { readNext } from './pages/sign-in/next.ts';
import { Loading } from './shell/loading.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Failed, Root } from './shell/root.tsx';
import { Shell } from './shell/shell.tsx';

interface RouterContext {
  readonly queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  component: Root,
  beforeLoad: async ({ context: { queryClient }, location: { pathname } }) => {
    const { is_set_up } = await queryClient.ensureQueryData(dashboardQuery);
    const isElsewhere = pathname !== '/set-up' && pathname !== '/staff';
    if (!is_set_up && isElsewhere && !(await isSignedIn(queryClient))) throw redirect({ to: '/set-up', replace: true });
    if (is_set_up && pathname === '/set-up') throw redirect({ to: '/', replace: true });
  },
});

/** Staff of a company is, also where nobody has an account. */
function isSignedIn(queryClient: QueryClient): Promise<boolean> {
  return queryClient.ensureQueryData(sessionQuery).then(
    () => true,
    () => false,
  );
}

const outside = OUTSIDE.map((row) =>
  createRoute({
    getParentRoute: () => root,
    path: row.path,
    component: lazyRouteComponent(row.load),
    staticData: { title: row.title },
  }),
);

const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ context: { queryClient }, location: { href } }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const next = readNext(href);
      throw redirect({ to: '/sign-in', search: next === '/' ? {} : { next }, replace: true });
    }
  },
});

const pages = PAGES.map((row) =>
  createRoute({
    getParentRoute: () => shell,
    path: row.path,
    component: lazyRouteComponent(row.load),
    staticData: { title: row.title, ...(row.needs !== undefined && { needs: row.needs }) },
  }),
);

const first = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tokens', replace: true });
  },
});

/** Who is signed in finds the menu beside it. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound });

const hasOverview = PAGES.some(({ path }) => path === '/');

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree: root.addChildren([...outside, shell.addChildren([...(hasOverview ? [] : [first]), ...pages, nowhere])]),
    context: { queryClient },
    defaultPreload: 'intent',
    // Queries know themselves how old they may be.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Loading,
    defaultPendingMs: 300,
    defaultErrorComponent: Failed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    readonly title?: (typeof PAGES)[number]['title'];
    readonly needs?: PageRow['needs'];
  }
  interface HistoryState {
    /** Which of the company's menu paths led here, where there are several. */
    readonly via?: number;
  }
}

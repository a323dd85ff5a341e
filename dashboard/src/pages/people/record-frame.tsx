import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { usePageTitle } from '../../shell/page-title.ts';
import { ButtonLink, type Crumb, EmptyState, FailedNotice, PageHeader } from '../../ui/index.ts';

interface RecordFrameProps<Wire> {
  readonly query: UseQueryResult<Wire, ApiError>;
  readonly crumbs: readonly Crumb[];
  /** What there is one of: `user`. */
  readonly what: string;
  readonly nameOf: (record: Wire) => string;
  /** Beside the name. */
  readonly badge: (record: Wire) => ReactNode;
  readonly actions: (record: Wire) => ReactNode;
  readonly children: (record: Wire) => ReactNode;
}

/** Around the page about one thing: its name and buttons once it is there, and what to do when it is not. */
export function RecordFrame<Wire>({ query, crumbs, what, nameOf, badge, actions, children }: RecordFrameProps<Wire>) {
  const { data, error } = query;
  usePageTitle(data === undefined ? `One ${what}` : nameOf(data));
  const back = crumbs.at(-1);
  if (data === undefined && error?.status === 404) {
    return (
      <EmptyState
        icon="search"
        heading="h1"
        title={`There is no such ${what}`}
        action={back?.to !== undefined && <ButtonLink to={back.to}>Back to the list</ButtonLink>}
      >
        <p>It was deleted, or it belongs to a workspace that you are not in now.</p>
      </EmptyState>
    );
  }
  if (data === undefined && error !== null) {
    return (
      <div>
        <h1 className="mb-3 text-xl font-semibold">This {what} cannot be shown now</h1>
        <FailedNotice error={error} onRetry={() => void query.refetch()} />
      </div>
    );
  }
  if (data === undefined) {
    return (
      <div aria-busy="true" className="grid gap-4">
        <span className="skeleton h-7 w-56" />
        <span className="skeleton h-28 w-full" />
        <span className="skeleton h-40 w-full" />
      </div>
    );
  }
  return (
    <>
      <PageHeader
        crumbs={crumbs}
        title={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 break-words">{nameOf(data)}</span>
            {badge(data)}
          </span>
        }
        actions={actions(data)}
      />
      <div className="grid gap-8">{children(data)}</div>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Token } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { FailedNotice } from '../../ui/index.ts';
import { tokenQuery } from './token-queries.ts';

/** The token that the address names, once it is there; what to do when it cannot be shown. */
export function ReadToken({ children }: { readonly children: (token: Token) => ReactNode }) {
  const { id = '' } = useParams({ strict: false });
  const { paths } = useDashboard();
  const { data, error, refetch } = useQuery(tokenQuery(paths.tokens, id));
  if (data !== undefined) return <>{children(data)}</>;
  if (error === null) return <Expected />;
  if (error.status === 404 || error.status === 403) return <NotFound />;
  return (
    <>
      <h1 className="mb-3 text-xl font-semibold tracking-tight">This cannot be shown now</h1>
      <FailedNotice error={error} onRetry={() => void refetch()} />
    </>
  );
}

function Expected() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">On its way</span>
      <span className="skeleton block h-7 w-64" />
      <span className="skeleton block h-4 w-96 max-w-full" />
      <span className="skeleton mt-6 block h-64 w-full" />
    </div>
  );
}

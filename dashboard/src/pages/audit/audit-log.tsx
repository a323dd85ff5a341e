import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListAuditEventsOutput } from '../../api/operations.ts';
import { Button, EmptyState, ErrorNotice, PageHeader, Pagination } from '../../ui/index.ts';
import { AuditEntry } from './audit-entry.tsx';
import { type AuditFilter, auditQuery, DEFAULT_FILTER, isNarrowed, useAuditFilter } from './audit-filter.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { ExportButton } from './export-button.tsx';

const PAGE_ROWS = 50;

/** Who changed what, newest first, in sentences. */
export default function AuditLog() {
  const [filter, setFilter] = useAuditFilter();
  const { query, behind, next, previous } = useAuditPages(filter);
  const { data, error, refetch, isPlaceholderData } = query;
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Every change, who made it and from where. Nothing can be taken out or altered without a trace."
        actions={<ExportButton filter={filter} />}
      />
      <AuditFilterBar filter={filter} onChange={setFilter} />
      {error !== null && data === undefined && (
        <>
          <ErrorNotice error={error} />
          <Button size="small" className="mt-3" onClick={() => void refetch()}>
            Try again
          </Button>
        </>
      )}
      {data === undefined && error === null && (
        <span role="status" aria-label="Loading" className="skeleton block h-96" />
      )}
      {data?.data.length === 0 && <Empty filter={filter} onChange={setFilter} />}
      {data !== undefined && data.data.length > 0 && (
        <ol
          aria-label="Events, newest first"
          aria-busy={isPlaceholderData}
          className="rounded-lg border border-line aria-busy:opacity-60"
        >
          {data.data.map((event) => (
            <AuditEntry key={event.seq} event={event} onChange={setFilter} />
          ))}
        </ol>
      )}
      <Pagination
        behind={behind}
        nextCursor={data?.next_cursor ?? null}
        onNext={() => next(data?.next_cursor ?? null)}
        onPrevious={previous}
      />
    </>
  );
}

interface EmptyProps {
  readonly filter: AuditFilter;
  readonly onChange: (change: Partial<AuditFilter>) => void;
}

function Empty({ filter, onChange }: EmptyProps) {
  const isMore = isNarrowed(filter);
  return (
    <EmptyState
      icon={isMore ? 'search' : 'list'}
      title={isMore ? 'No event like that' : 'Nothing was changed in the last 30 days'}
      action={<Button onClick={() => onChange({ ...DEFAULT_FILTER, period: '365d' })}>Show the last 12 months</Button>}
    >
      <p>Whatever is created, changed, revoked or signed in to stands here, with who did it and from which address.</p>
    </EmptyState>
  );
}

/** Pages of the log; another filter begins at the first one again. */
function useAuditPages(filter: AuditFilter) {
  const key = JSON.stringify(filter);
  const [place, setPlace] = useState({ key: '', now: 0, cursors: [null] as readonly (string | null)[] });
  const here = place.key === key ? place : { key, now: Date.now(), cursors: [null] };
  const cursor = here.cursors.at(-1) ?? null;
  const asked = auditQuery(filter, here.now);
  const query = useQuery<ListAuditEventsOutput, ApiError>({
    queryKey: ['audit', 'list', asked, cursor],
    queryFn: ({ signal }) =>
      call<ListAuditEventsOutput>('GET', '/v1/audit-events', { query: { ...asked, limit: PAGE_ROWS, cursor }, signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  });
  return {
    query,
    behind: here.cursors.slice(0, -1),
    next: (to: string | null) => setPlace({ ...here, cursors: [...here.cursors, to] }),
    previous: () => setPlace({ ...here, cursors: here.cursors.slice(0, -1) }),
  };
}

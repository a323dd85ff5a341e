import { isNarrowed } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { AuditEvent } from '../../api/operations.ts';
import { useSession } from '../../api/queries.ts';
import { Button, EmptyState, FailedNotice, PageHeader, Pagination } from '../../ui/index.ts';
import { AuditEntry } from './audit-entry.tsx';
import { type AuditFilter, auditQuery, USUAL_FILTER, useAuditFilter } from './audit-filter.ts';
import { AuditFilterBar } from './audit-filter-bar.tsx';
import { ExportButton } from './export-button.tsx';
import { SignedState } from './signed-state.tsx';

/** Who changed what, newest first, in sentences. */
export default function AuditLog() {
  const [filter, setFilter] = useAuditFilter();
  const { table, pagination } = useCursorPages<AuditEvent>(['audit', 'list'], '/v1/audit-events', (now) =>
    auditQuery(filter, now),
  );
  const { rows: events, error, busy, onRetry } = table;
  const { workspace } = useSession();
  return (
    <>
      <PageHeader
        title="Audit log"
        lead="Every change, who made it and from where. Nothing can be taken out or altered without a trace."
        actions={<ExportButton filter={filter} />}
      />
      {workspace.is_home && <SignedState />}
      <AuditFilterBar filter={filter} onChange={setFilter} />
      {events === undefined &&
        (error === null ? (
          <span role="status" aria-label="Loading" className="skeleton block h-96" />
        ) : (
          <FailedNotice error={error} onRetry={onRetry} />
        ))}
      {events?.length === 0 && <Empty filter={filter} onChange={setFilter} />}
      {events !== undefined && events.length > 0 && (
        <ol
          aria-label="Events, newest first"
          aria-busy={busy}
          className="rounded-lg border border-line aria-busy:opacity-60"
        >
          {events.map((event) => (
            <AuditEntry key={event.seq} event={event} onChange={setFilter} />
          ))}
        </ol>
      )}
      <Pagination {...pagination} />
    </>
  );
}

interface EmptyProps {
  readonly filter: AuditFilter;
  readonly onChange: (change: Partial<AuditFilter>) => void;
}

function Empty({ filter, onChange }: EmptyProps) {
  const isMore = isNarrowed(filter, USUAL_FILTER);
  return (
    <EmptyState
      icon={isMore ? 'search' : 'list'}
      title={isMore ? 'No event like that' : 'Nothing was changed in the last 30 days'}
      action={<Button onClick={() => onChange({ ...USUAL_FILTER, period: '365d' })}>Show the last 12 months</Button>}
    >
      <p>Whatever is created, changed, revoked or signed in to stands here, with who did it and from which address.</p>
    </EmptyState>
  );
}

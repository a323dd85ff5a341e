import { useState } from 'react';
import { isNarrowed, useAddressFields } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Alert } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { Button, EmptyState, FilterChip, PageHeader, Pagination, Select, Table } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { alertColumns } from './alert-columns.tsx';
import { alertTitle, KINDS } from './alert-words.ts';

const EVERY = { kind: '', state: '', token: '' } as const;
const STATES = [
  { value: '', label: 'Open and acknowledged' },
  { value: 'open', label: 'Open' },
  { value: 'acknowledged', label: 'Acknowledged' },
] as const;

interface AlertFilter {
  readonly kind: string;
  readonly state: string;
  /** Id of a token, or empty. */
  readonly token: string;
}

/** What was unusual, newest first. */
export default function AlertList() {
  const words = useWords();
  const may = useMay();
  const [filter, change] = useAddressFields<AlertFilter>(EVERY);
  const [looked, setLooked] = useState<readonly Alert[]>([]);
  const { kind, state, token } = filter;
  const { table, pagination } = useCursorPages<Alert>(['alerts', 'list'], '/v1/alerts', {
    kind,
    state,
    token_id: token,
  });
  const open = (table.rows ?? []).filter((alert) => alert.state === 'open');
  const kinds = [
    { value: '', label: 'Everything unusual' },
    ...KINDS.map((each) => ({ value: each, label: alertTitle(each, words) })),
  ];
  return (
    <>
      <PageHeader
        title="Alerts"
        lead="What was unusual, each thing once a day. Kept for 180 days."
        actions={
          may('keyhouse-alerts:write') &&
          open.length > 1 && <Button onClick={() => setLooked(open)}>Acknowledge these {open.length}</Button>
        }
      />
      <search className="mb-3 flex flex-wrap items-center gap-2" aria-label="Find alerts">
        <Select
          aria-label="What"
          value={kind}
          options={kinds}
          onValue={(next) => change({ kind: next })}
          className="w-72 max-sm:flex-auto"
        />
        <Select
          aria-label="State"
          value={state}
          options={STATES}
          onValue={(next) => change({ state: next })}
          className="w-56 max-sm:flex-auto"
        />
        {token !== '' && (
          <FilterChip away="Show all" onAway={() => change({ token: '' })}>
            One {words.token}
          </FilterChip>
        )}
      </search>
      <Table
        {...table}
        label="Alerts"
        columns={alertColumns(words, (alert) => setLooked([alert]))}
        rowKey={({ id }) => id}
        expected={4}
        empty={
          isNarrowed(filter, EVERY) ? (
            <EmptyState
              icon="search"
              title="No alert like that"
              action={<Button onClick={() => change(EVERY)}>Show all alerts</Button>}
            >
              <p>Those that were acknowledged stay in the list, too.</p>
            </EmptyState>
          ) : (
            <EmptyState icon="check" title="Nothing unusual">
              <p>
                When a {words.token} is used from where it never was, is refused again and again, or is used after its
                end, it stands here, and its owner and the administrators are told by mail.
              </p>
            </EmptyState>
          )
        }
      />
      <Pagination {...pagination} />
      {looked.length > 0 && <AcknowledgeDialog alerts={looked} onClose={() => setLooked([])} />}
    </>
  );
}

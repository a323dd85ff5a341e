import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Denial, ListDenialsOutput } from '../../api/operations.ts';
import type { Token } from '../../api/wire.ts';
import { Button, type Column, Dialog, EmptyState, Pagination, RelativeTime, Table } from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';
import { reasonLabel } from '../denials/denial-words.ts';
import { Explanation } from '../denials/explanation.tsx';

const PAGE_ROWS = 20;

/** What was refused of this token lately; each one opens to its explanation. */
export function TokenDenials({ token }: { readonly token: Token }) {
  const words = useWords();
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  const [opened, open] = useOpened();
  const cursor = cursors.at(-1) ?? null;
  const { data, error, refetch, isPlaceholderData } = useQuery<ListDenialsOutput, ApiError>({
    queryKey: ['denials', 'of', token.id, cursor],
    queryFn: ({ signal }) =>
      call<ListDenialsOutput>('GET', '/v1/denials', {
        query: { token_id: token.id, limit: PAGE_ROWS, cursor },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  });
  return (
    <>
      <Table
        label={`Refused requests of ${token.name}`}
        columns={columnsOf(words, open)}
        rows={data?.data}
        rowKey={({ request_id }) => request_id}
        error={error}
        onRetry={() => void refetch()}
        busy={isPlaceholderData}
        expected={4}
        empty={
          <EmptyState icon="check" title="Nothing was refused lately">
            <p>
              When a request with this {words.token} is refused, it stands here with every check that was made, and with
              what to do about it.
            </p>
          </EmptyState>
        }
      />
      <Pagination
        behind={cursors.slice(0, -1)}
        nextCursor={data?.next_cursor ?? null}
        onNext={() => setCursors([...cursors, data?.next_cursor ?? null])}
        onPrevious={() => setCursors(cursors.slice(0, -1))}
      />
      <Dialog open={opened !== null} onClose={() => open(null)} title="Why it was refused">
        {opened !== null && <Explanation requestId={opened} />}
      </Dialog>
    </>
  );
}

function columnsOf(words: Words, open: (requestId: string) => void): readonly Column<Denial>[] {
  return [
    {
      id: 'request',
      header: 'Request',
      heads: true,
      cell: ({ method, path, request_id }) => (
        <span className="font-mono text-sm break-all">
          {[method, path].filter((part) => part !== null).join(' ') || request_id}
        </span>
      ),
    },
    {
      id: 'reason',
      header: 'Why',
      cell: ({ reason, missing }) => (
        <span>
          {reasonLabel(reason, words)}
          {missing.length > 0 && <span className="text-soft">: {missing.join(', ')}</span>}
        </span>
      ),
    },
    { id: 'ip', header: 'From', cell: ({ ip }) => <span className="font-mono text-sm">{ip ?? 'unknown'}</span> },
    { id: 'at', header: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
    {
      id: 'explain',
      header: 'Explanation',
      headerHidden: true,
      align: 'right',
      cell: ({ request_id }) => (
        <Button size="small" onClick={() => open(request_id)}>
          Explain
        </Button>
      ),
    },
  ];
}

/** The explanation that is open, in the address, so that it can be sent to somebody. */
function useOpened(): readonly [string | null, (requestId: string | null) => void] {
  const { refusal } = useSearch({ strict: false }) as { readonly refusal?: unknown };
  const navigate = useNavigate();
  return [
    typeof refusal === 'string' ? refusal : null,
    (requestId) =>
      void navigate({
        to: '.',
        search: (({ refusal: _closed, ...current }: { refusal?: unknown }) =>
          requestId === null ? current : { ...current, refusal: requestId }) as never,
        replace: true,
      }),
  ];
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListDenialsOutput } from '../../api/operations.ts';
import type { Token } from '../../api/wire.ts';
import { Dialog, EmptyState, Pagination, Table } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { denialColumns } from '../denials/denial-columns.tsx';
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
        columns={denialColumns(words, { open, withToken: false })}
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

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from './api-error.ts';
import { call } from './call.ts';

export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

type Asked = Readonly<Record<string, string | number | boolean | null | undefined>>;

const PAGE_ROWS = 25;

/**
 * A list that the server hands out in pages, from the first one again when something else is asked.
 * @param asked the query; a function of the time where it reaches back from now. All its pages reach back from the same.
 */
export function useCursorPages<Row>(
  queryKey: readonly unknown[],
  path: string,
  asked: Asked | ((nowMs: number) => Asked) = {},
  enabled = true,
) {
  const askedAt = typeof asked === 'function' ? asked : () => asked;
  const key = JSON.stringify([path, askedAt(0)]);
  const [place, setPlace] = useState({ key: '', nowMs: 0, cursors: [null] as readonly (string | null)[] });
  const here = place.key === key ? place : { key, nowMs: Date.now(), cursors: [null] };
  const cursor = here.cursors.at(-1) ?? null;
  const question = askedAt(here.nowMs);
  const query = useQuery<Page<Row>, ApiError>({
    queryKey: [...queryKey, path, question, cursor],
    queryFn: ({ signal }) => call<Page<Row>>('GET', path, { query: { ...question, limit: PAGE_ROWS, cursor }, signal }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
    enabled,
  });
  const nextCursor = query.data?.next_cursor ?? null;
  return {
    table: {
      rows: query.data?.data,
      error: query.error,
      busy: query.isPlaceholderData,
      onRetry: () => void query.refetch(),
    },
    pagination: {
      behind: here.cursors.slice(0, -1),
      nextCursor,
      onNext: () => setPlace({ ...here, cursors: [...here.cursors, nextCursor] }),
      onPrevious: () => setPlace({ ...here, cursors: here.cursors.slice(0, -1) }),
    },
  };
}

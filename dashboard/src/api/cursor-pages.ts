import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from './api-error.ts';
import { call } from './call.ts';
import type { Page } from './wire.ts';

const PAGE_ROWS = 25;

type Asked = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A list that the server hands out in pages, from the first one again when something else is asked. */
export function useCursorPages<Row>(queryKey: readonly unknown[], path: string, asked: Asked = {}, enabled = true) {
  const key = JSON.stringify([path, asked]);
  const [place, setPlace] = useState<{ readonly key: string; readonly cursors: readonly (string | null)[] }>({
    key,
    cursors: [null],
  });
  const cursors = place.key === key ? place.cursors : [null];
  const cursor = cursors.at(-1) ?? null;
  const query = useQuery<Page<Row>, ApiError>({
    queryKey: [...queryKey, path, asked, cursor],
    queryFn: ({ signal }) => call<Page<Row>>('GET', path, { query: { ...asked, limit: PAGE_ROWS, cursor }, signal }),
    placeholderData: keepPreviousData,
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
      behind: cursors.slice(0, -1),
      nextCursor,
      onNext: () => setPlace({ key, cursors: [...cursors, nextCursor] }),
      onPrevious: () => setPlace({ key, cursors: cursors.slice(0, -1) }),
    },
  };
}

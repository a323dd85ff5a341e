import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { AuditEvent, ListAuditEventsOutput } from '../../api/operations.ts';
import type { Token } from '../../api/wire.ts';
import { ErrorNotice, Pagination, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ActorName } from './actor-name.tsx';
import { tokenEventDetails, tokenEventSentence } from './token-event.ts';

const PAGE_ROWS = 20;

/** Who did what to this token, newest first, in sentences. */
export function TokenHistory({ token }: { readonly token: Token }) {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  const cursor = cursors.at(-1) ?? null;
  const { data, error } = useQuery<ListAuditEventsOutput, ApiError>({
    queryKey: ['audit', 'of', token.lineage_id, cursor],
    queryFn: ({ signal }) =>
      call<ListAuditEventsOutput>('GET', '/v1/audit-events', {
        query: { subject_id: token.lineage_id, limit: PAGE_ROWS, cursor },
        signal,
      }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: 'always',
  });
  if (error !== null && data === undefined) return <ErrorNotice error={error} />;
  if (data === undefined) return <div className="skeleton h-40" />;
  return (
    <>
      <ol aria-label={`History of ${token.name}, newest first`} className="grid">
        {data.data.map((event) => (
          <Entry key={event.seq} event={event} />
        ))}
      </ol>
      <Pagination
        behind={cursors.slice(0, -1)}
        nextCursor={data.next_cursor}
        onNext={() => setCursors([...cursors, data.next_cursor])}
        onPrevious={() => setCursors(cursors.slice(0, -1))}
      />
    </>
  );
}

function Entry({ event }: { readonly event: AuditEvent }) {
  const words = useWords();
  const details = tokenEventDetails(event);
  const { ip } = event.personal;
  return (
    <li className="flex gap-3 border-t border-line py-3 first:border-t-0 first:pt-0">
      <span aria-hidden="true" className="mt-2 size-2 shrink-0 rounded-full bg-edge" />
      <div className="min-w-0">
        <p className="break-words">
          <span className="inline-block font-medium first-letter:uppercase">
            <ActorName actor={event.actor} />
          </span>{' '}
          {tokenEventSentence(event, words)}
          {event.on_behalf_of !== null && event.on_behalf_of.id !== null && ` for ${event.on_behalf_of.id}`}.
        </p>
        {details.length > 0 && (
          <ul className="mt-0.5 text-sm text-soft">
            {details.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
        )}
        <p className="text-sm text-soft">
          <RelativeTime at={event.at} />
          {ip !== undefined && (
            <>
              {' '}
              from <span className="font-mono">{ip}</span>
            </>
          )}
        </p>
      </div>
    </li>
  );
}

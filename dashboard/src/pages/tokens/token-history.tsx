import { useCursorPages } from '../../api/cursor-pages.ts';
import type { AuditEvent, Token } from '../../api/operations.ts';
import { FailedNotice, Pagination, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { ActorName } from './actor-name.tsx';
import { tokenEventDetails, tokenEventSentence } from './token-event.ts';

/** Who did what to this token, newest first, in sentences. */
export function TokenHistory({ token }: { readonly token: Token }) {
  const { table, pagination } = useCursorPages<AuditEvent>(['audit', 'of'], '/v1/audit-events', {
    subject_id: token.lineage_id,
  });
  const { rows: events, error, onRetry } = table;
  if (events === undefined) {
    if (error !== null) return <FailedNotice error={error} onRetry={onRetry} />;
    return <div role="status" aria-label="Loading" className="skeleton h-40" />;
  }
  return (
    <>
      <ol aria-label={`History of ${token.name}, newest first`} className="grid">
        {events.map((event) => (
          <Entry key={event.seq} event={event} />
        ))}
      </ol>
      <Pagination {...pagination} />
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

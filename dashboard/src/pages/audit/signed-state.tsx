import { useQuery } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListAuditCheckpointsOutput } from '../../api/operations.ts';
import { RelativeTime } from '../../ui/index.ts';

/** How far the log is signed; nothing where that cannot be told. */
export function SignedState() {
  const { data } = useQuery<ListAuditCheckpointsOutput, ApiError>({
    queryKey: ['audit', 'checkpoints'],
    queryFn: ({ signal }) =>
      call<ListAuditCheckpointsOutput>('GET', '/v1/audit-checkpoints', { query: { limit: 1 }, signal }),
  });
  if (data === undefined) return null;
  const [newest] = data.data;
  return (
    <p className="mb-3 text-sm text-soft">
      {newest === undefined ? (
        'Not signed yet: the first checkpoint comes within minutes of the first event.'
      ) : (
        <>
          Signed up to event {newest.seq.toLocaleString('en')} by checkpoint {newest.number.toLocaleString('en')},{' '}
          <RelativeTime at={newest.at} />
          {newest.delivered_at === null ? '.' : ', which is also kept apart.'}
        </>
      )}
    </p>
  );
}

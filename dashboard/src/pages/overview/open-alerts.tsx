import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListAlertsOutput } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { Icon, RelativeTime } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { alertTitle } from '../alerts/alert-words.ts';
import { Card } from './card.tsx';

const SHOWN = 3;
const AGAIN_MS = 10_000;

/** The newest alerts that nobody has acknowledged; not asked for by who may not see them. */
export function useOpenAlerts() {
  const maySee = useMay()('keyhouse-alerts:read');
  return useQuery<ListAlertsOutput, ApiError>({
    queryKey: ['alerts', 'open'],
    queryFn: ({ signal }) =>
      call<ListAlertsOutput>('GET', '/v1/alerts', { query: { state: 'open', limit: SHOWN }, signal }),
    refetchInterval: AGAIN_MS,
    refetchOnWindowFocus: 'always',
    enabled: maySee,
  });
}

/** Nothing where there are none. */
export function OpenAlerts({ found }: { readonly found: ListAlertsOutput | undefined }) {
  const words = useWords();
  if (found === undefined || found.data.length === 0) return null;
  return (
    <Card title="Needs attention" lead="Unusual, and nobody has said yet that all is well.">
      <ul>
        {found.data.map((alert) => (
          <li key={alert.id} className="border-t border-line first:border-t-0">
            <Link
              to="/alerts"
              search={{ state: 'open', kind: alert.kind } as never}
              className="flex gap-3 px-5 py-3 -outline-offset-2 hover:bg-raised"
            >
              <Icon name="alert" className="mt-1 text-warn" />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{alertTitle(alert.kind, words)}</span>
                <span className="block text-sm break-words text-soft">
                  {[alert.token?.name, alert.networks.at(-1)].filter((part) => part !== undefined).join(', ')}
                </span>
              </span>
              <span className="shrink-0 text-sm text-soft">
                <RelativeTime at={alert.last_seen_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {found.next_cursor !== null && (
        <p className="border-t border-line px-5 py-2.5 text-sm">
          <Link to="/alerts" search={{ state: 'open' } as never} className="text-accent hover:underline">
            All open alerts
          </Link>
        </p>
      )}
    </Card>
  );
}

import { Link } from '@tanstack/react-router';
import type { Alert } from '../../api/operations.ts';
import { Badge, type Column, RelativeTime } from '../../ui/index.ts';
import type { Words } from '../../words.ts';
import { AlertActions } from './alert-actions.tsx';
import { alertTitle } from './alert-words.ts';

const number = new Intl.NumberFormat('en');

/** One alert in a row. */
export function alertColumns(words: Words, onAcknowledge: (alert: Alert) => void): readonly Column<Alert>[] {
  return [
    {
      id: 'what',
      header: 'What',
      heads: true,
      cell: ({ kind, networks }) => (
        <div className="grid min-w-0">
          <span className="font-medium">{alertTitle(kind, words)}</span>
          {networks.length > 0 && (
            <span className="font-mono text-sm break-all text-soft">
              {networks.slice(-3).join(', ')}
              {networks.length > 3 && ` and ${networks.length - 3} more`}
            </span>
          )}
        </div>
      ),
    },
    { id: 'token', header: words.Token, cell: (alert) => <TokenCell alert={alert} /> },
    { id: 'count', header: 'Times', align: 'right', cell: ({ count }) => number.format(count) },
    { id: 'seen', header: 'Last seen', cell: ({ last_seen_at: at }) => <RelativeTime at={at} /> },
    { id: 'state', header: 'State', cell: (alert) => <StateCell alert={alert} /> },
    {
      id: 'actions',
      header: 'Actions',
      headerHidden: true,
      align: 'right',
      cell: (alert) => <AlertActions alert={alert} onAcknowledge={() => onAcknowledge(alert)} />,
    },
  ];
}

function TokenCell({ alert: { token, owner } }: { readonly alert: Alert }) {
  if (token === null) return <span className="text-soft">None known</span>;
  const whose = owner?.name ?? owner?.email ?? owner?.external_id;
  return (
    <div className="grid min-w-0">
      <Link to="/tokens/$id" params={{ id: token.id }} className="break-words hover:text-accent hover:underline">
        {token.name}
      </Link>
      {whose != null && <span className="text-sm break-words text-soft">{whose}</span>}
    </div>
  );
}

function StateCell({ alert: { state, note } }: { readonly alert: Alert }) {
  return (
    <div className="grid min-w-0 justify-items-start gap-0.5">
      <Badge look={state === 'open' ? 'warn' : 'plain'}>{state === 'open' ? 'Open' : 'Acknowledged'}</Badge>
      {note !== null && <span className="text-sm break-words text-soft">{note}</span>}
    </div>
  );
}

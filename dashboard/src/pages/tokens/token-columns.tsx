import { Link } from '@tanstack/react-router';
import type { Token } from '../../api/operations.ts';
import { Badge, type Column, DayOf, RelativeTime, type RowMenuHandle } from '../../ui/index.ts';
import { hasPage } from '../index.ts';
import { RowActions } from './row-actions.tsx';
import type { TokenRights } from './token-queries.ts';
import { grantSummary, ownerName, StateBadge } from './token-words.tsx';
import type { Chosen } from './use-chosen.ts';

/** An end that is nearer than this is told as the time that is left. */
const SOON_MS = 14 * 86_400_000;

interface ColumnParts {
  /** Whether the rows are of several workspaces. */
  readonly isHome: boolean;
  readonly rightsOf: (token: Token) => TokenRights;
  readonly chosen: Chosen;
  readonly menu: RowMenuHandle<Token>;
  readonly onRevoke: (token: Token) => void;
}

/** What the list shows of a token, and what may be done to it there. */
export function columnsOf({ isHome, rightsOf, chosen, menu, onRevoke }: ColumnParts): readonly Column<Token>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      heads: true,
      sort: { ascending: 'name' },
      cell: (token) => (
        <div className="flex min-w-0 gap-3 max-md:w-full">
          {rightsOf(token).revoke && <ChooseBox token={token} chosen={chosen} />}
          <NameCell token={token} />
        </div>
      ),
    },
    {
      id: 'grant',
      header: 'May do',
      wide: true,
      cell: (token) => <span title={permissionsOf(token)}>{grantSummary(token)}</span>,
    },
    { id: 'owner', header: 'Owner', cell: (token) => <OwnerCell token={token} withWorkspace={isHome} /> },
    { id: 'state', header: 'State', cell: (token) => <StateBadge state={token.state} /> },
    {
      id: 'created',
      header: 'Created',
      sort: { descending: 'newest', ascending: 'oldest' },
      wide: true,
      cell: ({ created_at }) => <RelativeTime at={created_at} />,
    },
    {
      id: 'used',
      header: 'Last used',
      sort: { descending: 'last_used' },
      cell: (token) => <LastUsedCell token={token} />,
    },
    { id: 'expires', header: 'Expires', sort: { ascending: 'expires' }, cell: (token) => <ExpiryCell token={token} /> },
    {
      id: 'actions',
      header: 'Actions',
      headerHidden: true,
      align: 'right',
      cell: (token) => (
        <RowActions token={token} rights={rightsOf(token)} menu={menu} onRevoke={() => onRevoke(token)} />
      ),
    },
  ];
}

function ChooseBox({ token, chosen }: { readonly token: Token; readonly chosen: Chosen }) {
  return (
    <input
      type="checkbox"
      aria-label={`Choose ${token.name}`}
      checked={chosen.has(token.id)}
      onChange={(event) => chosen.choose(token, event.target.checked)}
      className="mt-1 size-4 shrink-0 cursor-pointer"
    />
  );
}

function NameCell({ token }: { readonly token: Token }) {
  return (
    <div className="grid min-w-0 gap-0.5 max-md:w-full">
      {hasPage('/tokens/$id') ? (
        <Link
          to="/tokens/$id"
          params={{ id: token.id }}
          className="font-medium break-words hover:text-accent hover:underline"
        >
          {token.name}
        </Link>
      ) : (
        <span className="font-medium break-words">{token.name}</span>
      )}
      <span className="flex items-center gap-2 text-xs whitespace-nowrap text-soft">
        <span className="font-mono">{token.hint}</span>
        {token.environment === 'test' && <Badge look="warn">Test</Badge>}
      </span>
    </div>
  );
}

function OwnerCell({ token, withWorkspace }: { readonly token: Token; readonly withWorkspace: boolean }) {
  return (
    <div className="grid min-w-26 max-md:text-right">
      <span className="max-w-44 truncate" title={token.owner.email ?? undefined}>
        {ownerName(token)}
      </span>
      {withWorkspace && <span className="max-w-44 truncate text-xs text-soft">{token.workspace.name}</span>}
    </div>
  );
}

function LastUsedCell({ token }: { readonly token: Token }) {
  if (token.last_used_at === null) return <span className="text-soft">Never</span>;
  return (
    <div className="grid max-md:text-right">
      <RelativeTime at={token.last_used_at} />
      {token.last_used_ip !== null && <span className="font-mono text-xs text-soft">{token.last_used_ip}</span>}
    </div>
  );
}

/** When it ends: what ends it first, its own expiry or the grace of a rotation. */
function ExpiryCell({ token }: { readonly token: Token }) {
  const ends = [token.expires_at, token.ends_at].filter((at) => at !== null).sort();
  const [end] = ends;
  if (end === undefined) return <span className="text-soft">Never</span>;
  const leftMs = Date.parse(end) - Date.now();
  if (leftMs < 0 || leftMs > SOON_MS) return <DayOf at={end} />;
  return (
    <span className="text-warn">
      <RelativeTime at={end} />
    </span>
  );
}

function permissionsOf({ effective_permissions: permissions }: Token): string {
  return permissions.length === 0 ? 'Nothing at the moment' : permissions.join('\n');
}

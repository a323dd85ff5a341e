import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useDashboard, useSession } from '../../api/queries.ts';
import type { Page, Token } from '../../api/wire.ts';
import {
  Badge,
  Button,
  ButtonLink,
  type Column,
  DayOf,
  EmptyState,
  PageHeader,
  Pagination,
  RelativeTime,
  Table,
} from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';
import { hasPage } from '../index.ts';
import { EVERYTHING, isNarrowed, queryOf, type TokenFilter, useTokenFilter } from './token-filter.ts';
import { TokenFilterBar } from './token-filter-bar.tsx';
import { grantSummary, ownerName, StateBadge } from './token-words.tsx';

const PAGE_ROWS = 25;

/** An end that is nearer than this is told as the time that is left. */
const SOON_MS = 14 * 86_400_000;

/** Every token that whoever is signed in may see, newest first. */
export default function TokenList() {
  const words = useWords();
  const [filter, setFilter] = useTokenFilter();
  const pages = useTokenPages(filter);
  const { data, error, isPlaceholderData, refetch } = pages.query;
  const { is_home } = useSession().workspace;
  const path = words.menuPaths[useLocation().state.via ?? 0] ?? words.menuPaths[0];
  return (
    <>
      <PageHeader
        crumbs={path === undefined ? [] : [{ label: path.section }]}
        title={path?.item ?? words.tokensTitle}
        lead={`Each ${words.token} lets one program call the API. Give every program its own, with no more than it needs.`}
        actions={<CreateButton words={words} />}
      />
      <TokenFilterBar filter={filter} onChange={setFilter} shown={data?.data} />
      <Table
        label={words.Tokens}
        columns={columnsOf(is_home)}
        rows={data?.data}
        rowKey={({ id }) => id}
        sort={filter.sort}
        onSort={(sort) => setFilter({ sort: sort as TokenFilter['sort'] })}
        error={error as ApiError | null}
        onRetry={() => void refetch()}
        busy={isPlaceholderData}
        empty={<Empty words={words} filter={filter} onChange={setFilter} />}
      />
      <Pagination
        behind={pages.behind}
        nextCursor={data?.next_cursor ?? null}
        onNext={() => pages.next(data?.next_cursor ?? null)}
        onPrevious={pages.previous}
      />
    </>
  );
}

/** Pages of the list; another filter begins at the first one again. */
function useTokenPages(filter: TokenFilter) {
  const { paths } = useDashboard();
  const asked = queryOf(filter);
  const key = JSON.stringify(asked);
  const [place, setPlace] = useState<{ readonly key: string; readonly cursors: readonly (string | null)[] }>({
    key,
    cursors: [null],
  });
  const cursors = place.key === key ? place.cursors : [null];
  const cursor = cursors.at(-1) ?? null;
  const query = useQuery({
    queryKey: ['tokens', 'list', asked, cursor],
    queryFn: ({ signal }) =>
      call<Page<Token>>('GET', paths.tokens, { query: { ...asked, limit: PAGE_ROWS, cursor }, signal }),
    placeholderData: keepPreviousData,
  });
  return {
    query,
    behind: cursors.slice(0, -1),
    next: (to: string | null) => setPlace({ key, cursors: [...cursors, to] }),
    previous: () => setPlace({ key, cursors: cursors.slice(0, -1) }),
  };
}

function columnsOf(isHome: boolean): readonly Column<Token>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      heads: true,
      sort: { ascending: 'name' },
      cell: (token) => <NameCell token={token} />,
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
  ];
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
    <div className="grid min-w-0 max-md:text-right">
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

function CreateButton({ words }: { readonly words: Words }) {
  if (!hasPage('/tokens/new')) return null;
  return (
    <ButtonLink to="/tokens/new" look="primary" icon="plus">
      {words.createButton}
    </ButtonLink>
  );
}

interface EmptyProps {
  readonly words: Words;
  readonly filter: TokenFilter;
  readonly onChange: (change: Partial<TokenFilter>) => void;
}

function Empty({ words, filter, onChange }: EmptyProps) {
  if (isNarrowed(filter)) {
    return (
      <EmptyState
        icon="search"
        title={`No ${words.tokens} like that`}
        action={<Button onClick={() => onChange(EVERYTHING)}>Show all {words.tokens}</Button>}
      >
        <p>Try another word or a wider filter. Names and hints are searched, from their beginning or in the middle.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="key" title={`No ${words.tokens} yet`} action={<CreateButton words={words} />}>
      <p>
        A program shows its {words.token} with every request, in the line <code>Authorization: Bearer …</code>, and is
        let in for what you allowed it. Choose <strong className="font-medium text-ink">{words.createButton}</strong>,
        say what it may do, and copy it: it is shown once.
      </p>
    </EmptyState>
  );
}

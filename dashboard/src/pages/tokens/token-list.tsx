import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useDashboard, useSession } from '../../api/queries.ts';
import type { Page, Token } from '../../api/wire.ts';
import { Button, ButtonLink, EmptyState, PageHeader, Pagination, Table } from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';
import { hasPage } from '../index.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { columnsOf } from './token-columns.tsx';
import { EVERYTHING, isNarrowed, queryOf, type TokenFilter, useTokenFilter } from './token-filter.ts';
import { TokenFilterBar } from './token-filter-bar.tsx';
import { useTokenRights } from './token-queries.ts';
import { useChosen } from './use-chosen.ts';

const PAGE_ROWS = 25;

/** Every token that whoever is signed in may see, newest first. */
export default function TokenList() {
  const words = useWords();
  const [filter, setFilter] = useTokenFilter();
  const pages = useTokenPages(filter);
  const { data, error, isPlaceholderData, refetch } = pages.query;
  const { is_home } = useSession().workspace;
  const rightsOf = useTokenRights();
  const chosen = useChosen();
  const [revoking, setRevoking] = useState<readonly Token[]>([]);
  const [rotating, setRotating] = useState<Token | null>(null);
  const choosable = data?.data.filter((token) => rightsOf(token).revoke) ?? [];
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
        columns={columnsOf({
          isHome: is_home,
          rightsOf,
          chosen,
          onRevoke: (token) => setRevoking([token]),
          onRotate: setRotating,
        })}
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
      <ChosenBar chosen={chosen} choosable={choosable} onRevoke={() => setRevoking(chosen.tokens)} />
      <RevokeDialog tokens={revoking} onClose={() => setRevoking([])} onRevoked={chosen.clear} />
      <RotateDialog token={rotating} onClose={() => setRotating(null)} onDone={() => undefined} />
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

import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Token } from '../../api/operations.ts';
import { useDashboard, useSession } from '../../api/queries.ts';
import { Button, ButtonLink, EmptyState, PageHeader, Pagination, RowMenu, Table, useRowMenu } from '../../ui/index.ts';
import { useWords, type Words } from '../../words.ts';
import { hasPage } from '../index.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { RowMenuItems } from './row-actions.tsx';
import { columnsOf } from './token-columns.tsx';
import { EVERYTHING, hidesTokens, queryOf, type TokenFilter, useTokenFilter } from './token-filter.ts';
import { TokenFilterBar } from './token-filter-bar.tsx';
import { useTokenRights } from './token-queries.ts';
import { useChosen } from './use-chosen.ts';

/** Every token that whoever is signed in may see, newest first. */
export default function TokenList() {
  const words = useWords();
  const [filter, setFilter] = useTokenFilter();
  const { paths } = useDashboard();
  const { table, pagination } = useCursorPages<Token>(['tokens', 'list'], paths.tokens, queryOf(filter));
  const { is_home } = useSession().workspace;
  const rightsOf = useTokenRights();
  const chosen = useChosen();
  const menu = useRowMenu<Token>();
  const [revoking, setRevoking] = useState<readonly Token[]>([]);
  const [rotating, setRotating] = useState<Token | null>(null);
  const choosable = table.rows?.filter((token) => rightsOf(token).revoke) ?? [];
  const path = words.menuPaths[useLocation().state.via ?? 0] ?? words.menuPaths[0];
  return (
    <>
      <PageHeader
        crumbs={path === undefined ? [] : [{ label: path.section }]}
        title={path?.item ?? words.tokensTitle}
        lead={`Each ${words.token} lets one program call the API. Give every program its own, with no more than it needs.`}
        actions={<CreateButton words={words} />}
      />
      <TokenFilterBar filter={filter} onChange={setFilter} shown={table.rows} />
      <Table
        {...table}
        label={words.Tokens}
        columns={columnsOf({
          isHome: is_home,
          rightsOf,
          chosen,
          menu,
          onRevoke: (token) => setRevoking([token]),
        })}
        rowKey={({ id }) => id}
        sort={filter.sort}
        onSort={(sort) => setFilter({ sort: sort as TokenFilter['sort'] })}
        empty={<Empty words={words} filter={filter} onChange={setFilter} />}
      />
      <Pagination {...pagination} />
      <RowMenu menu={menu}>
        {(token) => (
          <RowMenuItems
            token={token}
            rights={rightsOf(token)}
            onRevoke={() => setRevoking([token])}
            onRotate={() => setRotating(token)}
          />
        )}
      </RowMenu>
      <ChosenBar chosen={chosen} choosable={choosable} onRevoke={() => setRevoking(chosen.tokens)} />
      <RevokeDialog tokens={revoking} onClose={() => setRevoking([])} onRevoked={chosen.clear} />
      <RotateDialog token={rotating} onClose={() => setRotating(null)} onDone={() => undefined} />
    </>
  );
}

/** Staff without an account have none of their own to make; for an owner they begin at the owner. */
function CreateButton({ words }: { readonly words: Words }) {
  const { account: hasAccount } = useSession();
  if (!hasAccount || !hasPage('/tokens/new')) return null;
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
  if (hidesTokens(filter)) {
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

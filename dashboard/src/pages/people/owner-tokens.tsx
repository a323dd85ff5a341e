import { Link } from '@tanstack/react-router';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Token } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import { type Column, DayOf, Pagination, RelativeTime, Table } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { grantSummary, StateBadge } from '../tokens/token-words.tsx';

/** What somebody's programs come in with. */
export function OwnerTokens({ ownerId, whose }: { readonly ownerId: string; readonly whose: string }) {
  const words = useWords();
  const { paths } = useDashboard();
  const may = useMay();
  const mayRead = may('keyhouse-tokens:read');
  const asked = { owner_id: ownerId };
  const { table, pagination } = useCursorPages<Token>(['tokens', 'of-owner'], paths.tokens, asked, mayRead);
  if (!mayRead) return null;
  return (
    <section>
      <h2 className="mb-3 text-lg font-semibold">{words.Tokens}</h2>
      <Table
        {...table}
        label={`${words.Tokens} of ${whose}`}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        expected={2}
        empty={
          <p className="rounded-lg border border-dashed border-edge px-4 py-6 text-center text-soft">
            No {words.token} belongs to {whose} yet.
          </p>
        }
      />
      <Pagination {...pagination} />
    </section>
  );
}

const COLUMNS: readonly Column<Token>[] = [
  {
    id: 'name',
    header: 'Name',
    heads: true,
    cell: ({ id, name, hint }) => (
      <div className="grid min-w-0 gap-0.5">
        <Link to="/tokens/$id" params={{ id }} className="font-medium break-words hover:text-accent hover:underline">
          {name}
        </Link>
        <span className="font-mono text-xs whitespace-nowrap text-soft">{hint}</span>
      </div>
    ),
  },
  { id: 'grant', header: 'May do', wide: true, cell: grantSummary },
  { id: 'state', header: 'State', cell: (token) => <StateBadge state={token.state} /> },
  {
    id: 'used',
    header: 'Last used',
    cell: ({ last_used_at: at }) => (at === null ? <span className="text-soft">Never</span> : <RelativeTime at={at} />),
  },
  {
    id: 'expires',
    header: 'Expires',
    cell: ({ expires_at: at }) => (at === null ? <span className="text-soft">Never</span> : <DayOf at={at} />),
  },
];

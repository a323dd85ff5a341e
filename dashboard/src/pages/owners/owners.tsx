import { Link } from '@tanstack/react-router';
import { useAddressFields } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Owner } from '../../api/operations.ts';
import { type Column, EmptyState, PageHeader, Pagination, RelativeTime, SearchBox, Table } from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { nameOf, OwnerState, rolesSummary, workspacesSummary } from '../people/owner-words.tsx';

/** Owners that the provider's own system keeps. */
export default function Owners() {
  const words = useWords();
  const [{ search }, change] = useAddressFields({ search: '' });
  const { table, pagination } = useCursorPages<Owner>(['people', 'owners'], '/v1/owners', { search });
  return (
    <>
      <PageHeader
        crumbs={[{ label: PEOPLE }]}
        title="Owners from your system"
        lead={`Whoever your own system told us about. It says who they are and what they may do; here you see it, and can stop their ${words.tokens} in an emergency.`}
      />
      <search className="mb-3 flex" aria-label="Find owners">
        <SearchBox text={search} onText={(text) => change({ search: text })} label="Search owners" />
      </search>
      <Table
        {...table}
        label="Owners"
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          search === '' ? (
            <EmptyState icon="people" title="Your system told of nobody yet">
              <p>
                An application with users of its own tells of each with <code>PUT /v1/owners/&#123;id&#125;</code>. They
                show here then, with what they may do.
              </p>
            </EmptyState>
          ) : (
            <EmptyState icon="search" title="No owner like that">
              <p>Names, e-mail addresses and your own ids are searched. Try a shorter part.</p>
            </EmptyState>
          )
        }
      />
      <Pagination {...pagination} />
    </>
  );
}

const COLUMNS: readonly Column<Owner>[] = [
  {
    id: 'name',
    header: 'Name',
    heads: true,
    cell: (owner) => (
      <div className="grid min-w-0 gap-0.5">
        <Link
          to="/owners/$externalId"
          params={{ externalId: owner.external_id ?? '' }}
          className="font-medium break-words hover:text-accent hover:underline"
        >
          {nameOf(owner)}
        </Link>
        <span className="font-mono text-xs break-all text-soft">{owner.external_id}</span>
      </div>
    ),
  },
  { id: 'email', header: 'E-mail', wide: true, cell: ({ email }) => email ?? <span className="text-soft">None</span> },
  { id: 'given', header: 'May do', cell: rolesSummary },
  { id: 'workspaces', header: 'Workspaces', cell: workspacesSummary },
  { id: 'state', header: 'State', cell: (owner) => <OwnerState owner={owner} /> },
  { id: 'since', header: 'Since', wide: true, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

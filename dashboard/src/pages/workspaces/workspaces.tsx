import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Workspace } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import { Badge, Button, type Column, EmptyState, PageHeader, Pagination, RelativeTime, Table } from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { WorkspaceDialog } from './workspace-dialog.tsx';

/** The companies that are kept apart here. */
export default function Workspaces() {
  const words = useWords();
  const may = useMay();
  const { workspace } = useSession();
  const [isCreating, setCreating] = useState(false);
  const { table, pagination } = useCursorPages<Workspace>(['people', 'workspaces'], '/v1/workspaces');
  return (
    <>
      <PageHeader
        crumbs={[{ label: PEOPLE }]}
        title="Workspaces"
        lead={`Each is one company with its own people and ${words.tokens}. Nobody in one sees another.`}
        actions={
          may('keyhouse-workspaces:write') &&
          workspace.is_home && (
            <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
              Create workspace
            </Button>
          )
        }
      />
      <Table
        {...table}
        label="Workspaces"
        columns={COLUMNS}
        rowKey={({ id }) => id}
        expected={4}
        empty={
          <EmptyState icon="building" title="No workspaces yet">
            <p>Create one for each of your customers: their people and programs stay among themselves.</p>
          </EmptyState>
        }
      />
      <Pagination {...pagination} />
      {isCreating && <WorkspaceDialog workspace={null} onClose={() => setCreating(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<Workspace>[] = [
  {
    id: 'name',
    header: 'Name',
    heads: true,
    cell: ({ id, name, home }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Link
          to="/workspaces/$id"
          params={{ id }}
          className="min-w-0 font-medium break-words hover:text-accent hover:underline"
        >
          {name}
        </Link>
        {home && <Badge>Your own</Badge>}
      </span>
    ),
  },
  {
    id: 'external',
    header: 'Id in your system',
    cell: ({ external_id }) =>
      external_id === null ? (
        <span className="text-soft">None</span>
      ) : (
        <span className="font-mono text-sm break-all">{external_id}</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ disabled }) => (disabled ? <Badge look="warn">Disabled</Badge> : <Badge look="good">Active</Badge>),
  },
  { id: 'created', header: 'Created', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

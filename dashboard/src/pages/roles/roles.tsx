import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { Role } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import {
  Badge,
  Button,
  type Column,
  ConfirmDialog,
  EmptyState,
  PageHeader,
  say,
  Table,
  useKept,
} from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { rolesQuery, useForgetPeople } from '../people/people-queries.ts';
import { RoleDialog } from './role-dialog.tsx';

/** Permissions under a name, the same in every workspace. */
export default function Roles() {
  const words = useWords();
  const may = useMay();
  const { workspace } = useSession();
  const { data, error, refetch } = useQuery(rolesQuery);
  const forget = useForgetPeople();
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const [deleting, setDeleting] = useState<Role | null>(null);
  const shown = useKept(deleting, deleting !== null);
  // A role is the same in every workspace: who works in one of the others changes none.
  const mayChange = may('keyhouse-roles:write') && workspace.is_home;
  const actions: Column<Role> = {
    id: 'actions',
    header: 'Actions',
    headerHidden: true,
    align: 'right',
    cell: (role) =>
      role.built_in ? (
        <span className="text-sm whitespace-nowrap text-soft">Built in</span>
      ) : (
        <div className="flex justify-end gap-2">
          <Button size="small" onClick={() => setEditing(role)}>
            Change
          </Button>
          <Button size="small" onClick={() => setDeleting(role)}>
            Delete
          </Button>
        </div>
      ),
  };
  return (
    <>
      <PageHeader
        crumbs={[{ label: PEOPLE }]}
        title="Roles"
        lead={`What people and programs may do, under a name. Change a role, and everybody who has it can do that from the next request on, with every ${words.token} of theirs.`}
        actions={
          mayChange && (
            <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
              Create role
            </Button>
          )
        }
      />
      <Table
        label="Roles"
        columns={mayChange ? [...COLUMNS, actions] : COLUMNS}
        rows={data?.data}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        expected={3}
        empty={
          <EmptyState icon="shield" title="No roles yet">
            <p>A role saves you from giving the same permissions again and again.</p>
          </EmptyState>
        }
      />
      {editing !== null && <RoleDialog role={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      <ConfirmDialog
        open={deleting !== null}
        onClose={() => setDeleting(null)}
        title={`Delete the role ${shown?.name ?? ''}?`}
        confirmLabel="Delete"
        onConfirm={async () => {
          await call('DELETE', `/v1/roles/${deleting?.id}`);
          await forget();
          say('The role is deleted.');
        }}
      >
        <p>Only a role that nobody has can be deleted. So nobody loses anything by it.</p>
      </ConfirmDialog>
    </>
  );
}

const COLUMNS: readonly Column<Role>[] = [
  {
    id: 'name',
    header: 'Name',
    heads: true,
    cell: ({ name }) => <span className="font-medium break-words">{name}</span>,
  },
  { id: 'allows', header: 'Allows', cell: (role) => <Allows role={role} /> },
];

const SHOWN = 6;

function Allows({ role: { permissions, everything } }: { readonly role: Role }) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? permissions : permissions.slice(0, SHOWN);
  return (
    <span className="flex min-w-0 flex-wrap gap-1.5">
      {everything && <Badge look="good">Everything of your API</Badge>}
      {!everything && permissions.length === 0 && <span className="text-soft">Nothing yet</span>}
      {shown.map((permission) => (
        <code key={permission} className="rounded bg-raised px-1.5 text-xs leading-5 break-all">
          {permission}
        </code>
      ))}
      {permissions.length > SHOWN && (
        <button
          type="button"
          aria-expanded={isOpen}
          className="text-sm text-accent hover:underline"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Show fewer' : `and ${permissions.length - SHOWN} more`}
        </button>
      )}
    </span>
  );
}

import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAddressFields } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { User } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import {
  Badge,
  Button,
  type Column,
  EmptyState,
  PageHeader,
  Pagination,
  RelativeTime,
  SearchBox,
  Table,
  Tabs,
} from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { nameOf, OwnerState, rolesSummary, workspacesSummary } from './owner-words.tsx';

type View = 'users' | 'invitations';

const VIEWS = [{ value: 'users' }, { value: 'invitations' }] as const;

/** Who can sign in here, and who is asked to. */
export default function People() {
  const words = useWords();
  const may = useMay();
  const { workspace } = useSession();
  const [{ tab }, change] = useAddressFields<{ tab: View }>({ tab: 'users' }, { tab: VIEWS });
  const [isInviting, setInviting] = useState(false);
  const invite = may('keyhouse-users:write') && (
    <Button look="primary" icon="plus" onClick={() => setInviting(true)}>
      Invite somebody
    </Button>
  );
  return (
    <>
      <PageHeader
        crumbs={[{ label: PEOPLE }]}
        title="Users"
        lead={`People who sign in here${workspace.is_home ? '' : ` and work in ${workspace.name}`}. No ${words.token} can do more than the person it belongs to.`}
        actions={invite}
      />
      <Tabs
        label="Users"
        value={tab}
        onValue={(value) => change({ tab: value })}
        tabs={[
          { value: 'users', label: 'Users', panel: <Users /> },
          { value: 'invitations', label: 'Pending invitations', panel: <Invitations /> },
        ]}
      />
      <InviteDialog open={isInviting} onClose={() => setInviting(false)} />
    </>
  );
}

function Users() {
  const [{ search }, change] = useAddressFields({ search: '' });
  const { workspace } = useSession();
  const { table, pagination } = useCursorPages<User>(['people', 'users'], '/v1/users', { search });
  return (
    <>
      <search className="mb-3 flex" aria-label="Find users">
        <SearchBox text={search} onText={(text) => change({ search: text })} label="Search users" />
      </search>
      <Table
        {...table}
        label="Users"
        columns={columnsOf(workspace.is_home)}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon="search" title="Nobody like that">
            <p>Names and e-mail addresses are searched, from their beginning or in the middle. Try a shorter part.</p>
          </EmptyState>
        }
      />
      <Pagination {...pagination} />
    </>
  );
}

function columnsOf(isHome: boolean): readonly Column<User>[] {
  return [
    { id: 'name', header: 'Name', heads: true, cell: (user) => <NameCell user={user} /> },
    {
      id: 'roles',
      header: 'Roles',
      cell: (user) => <span className="max-w-56 truncate max-md:text-right">{rolesSummary(user)}</span>,
    },
    ...(isHome
      ? [{ id: 'workspaces', header: 'Workspaces', wide: true as const, cell: (user: User) => workspacesSummary(user) }]
      : []),
    { id: 'state', header: 'State', cell: (user) => <OwnerState owner={user} /> },
    {
      id: 'factor',
      header: 'Second factor',
      cell: ({ sign_in }) =>
        sign_in.second_factor ? <Badge look="good">On</Badge> : <span className="text-soft">Off</span>,
    },
    {
      id: 'signed-in',
      header: 'Last sign-in',
      cell: ({ sign_in: { last_at: at } }) =>
        at === null ? <span className="text-soft">Never</span> : <RelativeTime at={at} />,
    },
  ];
}

function NameCell({ user }: { readonly user: User }) {
  const { user: self } = useSession();
  return (
    <div className="grid min-w-0 gap-0.5">
      <span className="flex items-center gap-2">
        <Link
          to="/people/$id"
          params={{ id: user.id }}
          className="min-w-0 font-medium break-words hover:text-accent hover:underline"
        >
          {nameOf(user)}
        </Link>
        {user.id === self.id && <Badge>You</Badge>}
      </span>
      {user.name !== null && <span className="text-xs break-all text-soft">{user.email}</span>}
    </div>
  );
}

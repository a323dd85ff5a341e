import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { CreatedInvitation, Invitation } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import {
  Button,
  type Column,
  ConfirmDialog,
  EmptyState,
  Pagination,
  RelativeTime,
  say,
  Table,
  useKept,
} from '../../ui/index.ts';
import { LinkOnce } from './link-once.tsx';
import { givenSummary } from './owner-words.tsx';
import { useForgetPeople } from './people-queries.ts';

/** Invitations that nobody has accepted yet. */
export function Invitations() {
  const may = useMay();
  const forget = useForgetPeople();
  const { table, pagination } = useCursorPages<Invitation>(['people', 'invitations'], '/v1/invitations');
  const [withdrawn, setWithdrawn] = useState<Invitation | null>(null);
  const shown = useKept(withdrawn, withdrawn !== null);
  const [link, setLink] = useState<string | null>(null);
  const withdraw = ({ id }: Invitation) => call('DELETE', `/v1/invitations/${id}`);
  const again = useMutation<CreatedInvitation, ApiError, Invitation>({
    gcTime: 0,
    mutationFn: async (old) => {
      const made = await call<CreatedInvitation>('POST', '/v1/invitations', { body: againBody(old) });
      // The new one is there before the old one goes: nobody is left without any.
      await withdraw(old);
      return made;
    },
    onSuccess: async (made) => {
      if (made.link === null) say(`A new invitation is on its way to ${made.email}.`);
      else setLink(made.link);
    },
    onError: (error) => say(error.message, 'bad'),
    onSettled: forget,
  });
  const actions: Column<Invitation> = {
    id: 'actions',
    header: 'Actions',
    headerHidden: true,
    align: 'right',
    cell: (invitation) => (
      <div className="flex justify-end gap-2 max-md:w-full max-md:pt-2">
        <Button
          size="small"
          busy={again.isPending && again.variables.id === invitation.id}
          onClick={() => again.mutate(invitation)}
        >
          Send again
        </Button>
        <Button size="small" onClick={() => setWithdrawn(invitation)}>
          Withdraw
        </Button>
      </div>
    ),
  };
  return (
    <>
      <Table
        {...table}
        label="Pending invitations"
        columns={may('keyhouse-users:write') ? [...COLUMNS, actions] : COLUMNS}
        rowKey={({ id }) => id}
        expected={3}
        empty={
          <EmptyState icon="people" title="No invitation is pending">
            <p>
              Whoever you invite shows here until they accept. An invitation that nobody accepts ends after seven days.
            </p>
          </EmptyState>
        }
      />
      <Pagination {...pagination} />
      <ConfirmDialog
        open={withdrawn !== null}
        onClose={() => setWithdrawn(null)}
        title={`Withdraw the invitation of ${shown?.email ?? ''}?`}
        confirmLabel="Withdraw"
        onConfirm={async () => {
          if (withdrawn !== null) await withdraw(withdrawn);
          await forget();
        }}
      >
        <p>Their link stops working at once. You can invite them again.</p>
      </ConfirmDialog>
      {link !== null && <LinkOnce kind="invitation" path={link} onDone={() => setLink(null)} />}
    </>
  );
}

function againBody({ email, name, workspace, permissions, roles }: Invitation) {
  return { email, ...(name !== null && { name }), workspace_id: workspace.id, permissions, roles };
}

const COLUMNS: readonly Column<Invitation>[] = [
  {
    id: 'email',
    header: 'E-mail',
    heads: true,
    cell: ({ email, name }) => (
      <div className="grid min-w-0">
        <span className="font-medium break-all">{email}</span>
        {name !== null && <span className="text-xs break-words text-soft">{name}</span>}
      </div>
    ),
  },
  { id: 'workspace', header: 'Workspace', cell: ({ workspace }) => workspace.name },
  { id: 'given', header: 'May do', cell: givenSummary },
  { id: 'sent', header: 'Invited', wide: true, cell: ({ created_at }) => <RelativeTime at={created_at} /> },
  { id: 'ends', header: 'Ends', cell: ({ expires_at }) => <RelativeTime at={expires_at} /> },
];

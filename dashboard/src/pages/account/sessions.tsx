import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ListSessionsOutput, SessionSummary } from '../../api/operations.ts';
import { forgetPerson } from '../../api/queries.ts';
import { Badge, Button, type Column, ConfirmDialog, RelativeTime, say, Table } from '../../ui/index.ts';

/** More than these are shown when somebody asks. */
const SHOWN = 8;

/** Every browser in which one is signed in, and how to end that. */
export function Sessions() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const { data, error, refetch } = useQuery<ListSessionsOutput, ApiError>({
    queryKey: ['account', 'sessions'],
    queryFn: ({ signal }) => call<ListSessionsOutput>('GET', '/v1/sessions', { signal }),
    staleTime: 0,
  });
  const end = useMutation<unknown, ApiError, string>({
    mutationFn: (id) => call('DELETE', `/v1/sessions/${id}`),
    onSuccess: () => say('That session has ended.'),
    onError: ({ message }) => say(message, 'bad'),
    onSettled: () => client.invalidateQueries({ queryKey: ['account', 'sessions'] }),
  });
  const columns: readonly Column<SessionSummary>[] = [
    {
      id: 'browser',
      header: 'Browser',
      heads: true,
      cell: ({ user_agent, current }) => (
        <span className="flex min-w-0 flex-wrap items-center gap-2">
          <span className="font-medium" title={user_agent ?? undefined}>
            {browserName(user_agent)}
          </span>
          {current && <Badge look="good">This one</Badge>}
        </span>
      ),
    },
    {
      id: 'address',
      header: 'Address',
      cell: ({ ip }) => <span className="font-mono text-sm break-all">{ip ?? 'unknown'}</span>,
    },
    { id: 'began', header: 'Signed in', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
    { id: 'used', header: 'Last used', cell: ({ last_used_at }) => <RelativeTime at={last_used_at} /> },
    {
      id: 'end',
      header: 'Actions',
      headerHidden: true,
      align: 'right',
      cell: ({ id, current }) =>
        !current && (
          <Button size="small" busy={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>
            End
          </Button>
        ),
    },
  ];
  return (
    <div className="grid gap-4">
      <Table
        label="Your sessions"
        columns={columns}
        rows={isOpen ? data?.data : data?.data.slice(0, SHOWN)}
        error={error}
        onRetry={() => void refetch()}
        rowKey={({ id }) => id}
        expected={2}
        empty={null}
      />
      <div className="flex flex-wrap gap-2">
        {!isOpen && data !== undefined && data.data.length > SHOWN && (
          <Button onClick={() => setOpen(true)}>Show all {data.data.length}</Button>
        )}
        <Button icon="signOut" onClick={() => setLeaving(true)}>
          Sign out everywhere
        </Button>
      </div>
      <ConfirmDialog
        open={isLeaving}
        onClose={() => setLeaving(false)}
        title="Sign out everywhere?"
        confirmLabel="Sign out everywhere"
        onConfirm={async () => {
          await call('DELETE', '/v1/sessions');
          await navigate({ to: '/sign-in' });
          forgetPerson(client);
        }}
      >
        <p>Every session of yours ends at once, this one too. You can sign in again.</p>
      </ConfirmDialog>
    </div>
  );
}

/** What a browser is commonly called; the whole text is its tip. */
function browserName(agent: string | null): string {
  if (agent === null) return 'Unknown browser';
  const name = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => agent.includes(mark as string))?.[1];
  const system = [
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Windows', 'Windows'],
    ['Mac OS', 'macOS'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark as string))?.[1];
  if (name === undefined) return agent.split(/[ /]/)[0]?.slice(0, 40) || 'Unknown browser';
  return system === undefined ? name : `${name} on ${system}`;
}

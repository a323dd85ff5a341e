import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import type { Session } from '../api/operations.ts';
import { forgetPages, sessionQuery, useSession } from '../api/queries.ts';
import { classes, Icon, Menu, MenuChoice, say } from '../ui/index.ts';

/** Which workspace everything on the page is about. Whoever belongs to one alone sees its name. */
export function WorkspaceSwitcher() {
  const { workspace, workspaces } = useSession();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const change = useMutation({
    mutationFn: (id: string) => call<Session>('PATCH', '/v1/session', { body: { workspace_id: id } }),
    onSuccess: async (session) => {
      // Nothing that was read in the other workspace may show in this one.
      queryClient.setQueryData(sessionQuery.queryKey, session);
      await navigate({ to: '/' });
      void forgetPages(queryClient);
      say(`You are in ${session.workspace.name} now.`);
    },
    onError: (error) => say(error.message, 'bad'),
  });
  const face = 'flex w-full items-center gap-2.5 rounded-md px-2.5 py-2 text-left';
  const name = (
    <>
      <Icon name="building" className="text-soft" />
      <span className="min-w-0 flex-1 truncate font-medium">{workspace.name}</span>
    </>
  );
  if (workspaces.length < 2) return <p className={face}>{name}</p>;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={classes(face, 'hover:bg-hover')}>
          {name}
          <span className="sr-only">Switch workspace</span>
          <Icon name="chevronsUpDown" className="text-soft" />
        </button>
      }
    >
      <MenuChoice
        label="Switch workspace"
        value={workspace.id}
        options={workspaces.map(({ id, name: label }) => ({ value: id, label }))}
        onValue={(id) => id !== workspace.id && change.mutate(id)}
      />
    </Menu>
  );
}

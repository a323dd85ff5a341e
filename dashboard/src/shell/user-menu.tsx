import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { call } from '../api/call.ts';
import { forgetPerson, useSession } from '../api/queries.ts';
import { Icon, Menu, MenuChoice, MenuItem, MenuLine, say } from '../ui/index.ts';
import { useLook } from './look.ts';

const LOOKS = [
  { value: 'system', label: 'Like the system', icon: 'system' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
] as const;

export function UserMenu() {
  const { user, account: hasAccount } = useSession();
  const [look, setLook] = useLook();
  const signOut = useSignOut(hasAccount);
  const navigate = useNavigate();
  const name = user.name ?? user.email ?? 'you';
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          className="flex w-full items-center gap-2.5 rounded-md px-2.5 py-2 text-left hover:bg-hover"
        >
          <span
            aria-hidden="true"
            className="flex size-7 shrink-0 items-center justify-center rounded-full bg-hover text-sm font-semibold"
          >
            {name.slice(0, 1).toUpperCase()}
          </span>
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{name}</span>
            {user.name !== null && user.email !== null && (
              <span className="block truncate text-sm text-soft">{user.email}</span>
            )}
          </span>
          <span className="sr-only">Account menu</span>
          <Icon name="chevronsUpDown" className="text-soft" />
        </button>
      }
    >
      <MenuChoice label="Look" value={look} options={LOOKS} onValue={setLook} />
      <MenuLine />
      {hasAccount && (
        <MenuItem icon="settings" onSelect={() => void navigate({ to: '/account' })}>
          Your account
        </MenuItem>
      )}
      <MenuItem icon="signOut" onSelect={() => signOut.mutate()}>
        {hasAccount ? 'Sign out' : 'Leave'}
      </MenuItem>
    </Menu>
  );
}

function useSignOut(hasAccount: boolean) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () =>
      call<void>('DELETE', '/v1/session').catch((error: unknown) => {
        // A session that is over already is what was wanted.
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
      }),
    onSuccess: async () => {
      await navigate({ to: hasAccount ? '/sign-in' : '/staff' });
      forgetPerson(queryClient);
    },
    onError: (error) => say(`You are still signed in. ${error.message}`, 'bad'),
  });
}

import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { CreatedPasswordReset, EndedSessions, User } from '../../api/operations.ts';
import { useDashboard, useMay, useSession } from '../../api/queries.ts';
import {
  Badge,
  ConfirmDialog,
  DayOf,
  IconButton,
  Menu,
  MenuItem,
  MenuLine,
  RelativeTime,
  say,
} from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { CreateTokenFor } from '../tokens/create/create-token-for.tsx';
import { EditUserDialog } from './edit-user.tsx';
import { LinkOnce } from './link-once.tsx';
import { Memberships } from './memberships.tsx';
import { OwnerFacts } from './owner-facts.tsx';
import { OwnerTokens } from './owner-tokens.tsx';
import { nameOf, OwnerState, workspaceFor } from './owner-words.tsx';
import { recordQuery, useForgetPeople } from './people-queries.ts';
import { RecordFrame } from './record-frame.tsx';
import { DeleteDialog, DisableButton } from './stop-owner.tsx';

const SIGNED_OUT = 'They are signed out everywhere, and cannot sign in.';

/** One person: who they are, what they may do, what works in their name. */
export default function UserRecord() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const path = `/v1/users/${encodeURIComponent(id)}`;
  const query = useQuery(recordQuery<User>(path));
  const may = useMay();
  const { workspace } = useSession();
  const { sign_in: ways } = useDashboard();
  const mayChange = may('keyhouse-users:write');
  return (
    <RecordFrame
      query={query}
      what="user"
      crumbs={[{ label: PEOPLE }, { label: 'Users', to: '/people' }]}
      nameOf={nameOf}
      badge={(user) => <OwnerState owner={user} />}
      actions={(user) => (
        <>
          {mayChange && <MoreActions user={user} path={path} />}
          {mayChange && <DisableButton owner={user} path={path} alsoStops={SIGNED_OUT} />}
          {!user.disabled && <CreateTokenFor owner={user} workspaceId={workspaceFor(user, workspace.id)} />}
        </>
      )}
    >
      {(user) => (
        <>
          <OwnerFacts facts={factsOf(user, ways.password)} />
          <Memberships owner={user} path={path} mayChange={mayChange} />
          <OwnerTokens ownerId={user.id} whose={nameOf(user)} />
        </>
      )}
    </RecordFrame>
  );
}

function factsOf({ id, email, created_at, sign_in, disabled_at }: User, hasPasswords: boolean) {
  return [
    { label: 'E-mail', value: email },
    {
      label: 'Last sign-in',
      value: sign_in.last_at === null ? 'Never' : <RelativeTime at={sign_in.last_at} />,
    },
    ...(hasPasswords
      ? [
          { label: 'Second factor', value: sign_in.second_factor ? <Badge look="good">On</Badge> : 'Off' },
          { label: 'Password', value: sign_in.password ? 'Set' : 'Never set' },
        ]
      : []),
    { label: 'Here since', value: <DayOf at={created_at} /> },
    ...(disabled_at === null ? [] : [{ label: 'Disabled', value: <RelativeTime at={disabled_at} /> }]),
    { label: 'Id', value: <span className="font-mono text-sm">{id}</span> },
  ];
}

type Asking = 'edit' | 'reset' | 'second-factor' | 'single-sign-on' | 'sessions' | 'delete' | null;

function MoreActions({ user, path }: { readonly user: User; readonly path: string }) {
  const { is_home: isHome } = useSession().workspace;
  const words = useWords();
  const { sign_in: ways } = useDashboard();
  const [asking, setAsking] = useState<Asking>(null);
  const [link, setLink] = useState<string | null>(null);
  const forget = useForgetPeople();
  const close = () => setAsking(null);
  const name = nameOf(user);
  const reset = useMutation<CreatedPasswordReset, ApiError>({
    gcTime: 0,
    mutationFn: () => call<CreatedPasswordReset>('POST', `${path}/password-reset`),
    onSuccess: (made) => {
      if (made.link === null) say(`A link for a new password is on its way to ${user.email}.`);
      else setLink(made.link);
    },
  });
  return (
    <>
      <Menu trigger={<IconButton icon="dots" label="More actions" className="size-9 border border-edge" />}>
        <MenuItem onSelect={() => setAsking('edit')}>{isHome ? 'Change name or e-mail' : 'Change name'}</MenuItem>
        {ways.password && (
          <MenuItem disabled={user.disabled} onSelect={() => setAsking('reset')}>
            Reset password
          </MenuItem>
        )}
        {ways.password && (
          <MenuItem disabled={!user.sign_in.second_factor} onSelect={() => setAsking('second-factor')}>
            Remove second factor
          </MenuItem>
        )}
        {ways.single_sign_on.length > 0 && (
          <MenuItem onSelect={() => setAsking('single-sign-on')}>Unlink from single sign-on</MenuItem>
        )}
        <MenuItem onSelect={() => setAsking('sessions')}>Sign out everywhere</MenuItem>
        <MenuLine />
        <MenuItem dangerous onSelect={() => setAsking('delete')}>
          Delete user
        </MenuItem>
      </Menu>
      {asking === 'edit' && <EditUserDialog user={user} path={path} onClose={close} />}
      <ConfirmDialog
        open={asking === 'reset'}
        onClose={close}
        title={`Reset the password of ${name}?`}
        confirmLabel="Make a link"
        dangerous={false}
        onConfirm={() => reset.mutateAsync()}
      >
        <p>
          A link is made with which {name} sets a new password. It is good once and for an hour. The old password works
          until the link is used; then every session of theirs ends. Their {words.tokens} go on working.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'second-factor'}
        onClose={close}
        title={`Remove the second factor of ${name}?`}
        confirmLabel="Remove"
        onConfirm={async () => {
          await call('DELETE', `${path}/second-factor`);
          await forget();
          say(`${name} signs in with the password alone now.`);
        }}
      >
        <p>
          For who has lost the device and every recovery code. Be sure that it is {name} who asks: from now on the
          password alone lets them in, until they set up another.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'single-sign-on'}
        onClose={close}
        title={`Unlink ${name} from single sign-on?`}
        confirmLabel="Unlink"
        onConfirm={async () => {
          const { removed } = await call<{ readonly removed: boolean }>('DELETE', `${path}/single-sign-on`);
          say(removed ? `${name} is unlinked, and signed out everywhere.` : `${name} was not linked.`);
        }}
      >
        <p>
          For who has a new account at your company’s sign-in. Every session of theirs ends; the next time they sign in
          there, they are linked again by their e-mail address.
        </p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'sessions'}
        onClose={close}
        title={`Sign ${name} out everywhere?`}
        confirmLabel="Sign out"
        onConfirm={async () => {
          const { ended_ids: ended } = await call<EndedSessions>('DELETE', `${path}/sessions`);
          say(ended.length === 0 ? `${name} was signed in nowhere.` : `${name} is signed out everywhere.`);
        }}
      >
        <p>
          Every session of theirs ends at once. They can sign in again, and their {words.tokens} go on working: disable
          them if nothing of theirs is to work.
        </p>
      </ConfirmDialog>
      <DeleteDialog
        owner={user}
        path={path}
        alsoStops={SIGNED_OUT}
        open={asking === 'delete'}
        onClose={close}
        back="/people"
      />
      {link !== null && <LinkOnce kind="reset" path={link} onDone={() => setLink(null)} />}
    </>
  );
}

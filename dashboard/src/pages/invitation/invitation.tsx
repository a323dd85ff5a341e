import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { forgetPages, sessionQuery, useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ButtonLink, ErrorNotice, Field, PasswordInput, TextInput } from '../../ui/index.ts';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { AcceptElsewhere } from './accept-elsewhere.tsx';
import { DeadEnd } from './dead-end.tsx';
import { secretInAddress } from './secret-in-address.ts';

const FIELDS = ['name', 'password'] as const;

/** Where an invitation leads: somebody new chooses a password or signs in elsewhere, somebody known signs in, and they are in. */
export default function Invitation() {
  const { company, sign_in: ways } = useDashboard();
  const session = useQuery({ ...sessionQuery, retry: false, throwOnError: false });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isSent, setSent] = useState(false);
  const [isOver, setOver] = useState(false);
  const client = useQueryClient();
  const router = useRouter();
  const accept = useMutation<unknown, ApiError, { readonly asMyself: boolean }>({
    gcTime: 0,
    mutationFn: ({ asMyself }) =>
      call('POST', '/v1/invitations/accept', {
        body: {
          secret: secretInAddress,
          ...(!asMyself && { password, ...(name.trim() !== '' && { name: name.trim() }) }),
        },
      }),
    onSuccess: async () => {
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      void forgetPages(client);
      router.history.replace('/');
    },
  });
  if (secretInAddress === '' || isOver || accept.error?.code === 'link_invalid') {
    return (
      <OutsideFrame>
        <DeadEnd title="This invitation cannot be used">
          <p>
            {secretInAddress === ''
              ? 'The link is incomplete: open it again, whole, from where you got it.'
              : 'It was used already, has been withdrawn, or is older than seven days. Ask whoever invited you for a new one.'}
          </p>
          <p>If you have accepted it already, sign in.</p>
        </DeadEnd>
      </OutsideFrame>
    );
  }
  if (accept.error?.code === 'sign_in_first') {
    return (
      <OutsideFrame>
        <h1 className="text-xl font-semibold tracking-tight">You have an account here already</h1>
        <p className="mt-1 mb-5 text-soft">
          Sign in with the address that was invited. The new workspace is then one more of yours.
        </p>
        {ways.password && <SignInForm onSignedIn={() => accept.mutate({ asMyself: true })} />}
        <AcceptElsewhere onOver={() => setOver(true)} />
      </OutsideFrame>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (password !== '' && !accept.isPending) accept.mutate({ asMyself: false });
  };
  const self = session.data?.user;
  return (
    <OutsideFrame>
      <h1 className="text-xl font-semibold tracking-tight">You are invited to {company.name}</h1>
      {self === undefined && !ways.password && (
        <p className="mt-1 mb-5 text-soft">Sign in with your account of the invited e-mail address, and you are in.</p>
      )}
      {self === undefined && ways.password && (
        <form noValidate onSubmit={submit} className="mt-1 grid gap-4">
          <p className="mb-1 text-soft">Choose a password, and you are in. You sign in with your e-mail address.</p>
          <ErrorNotice error={accept.error} shown={FIELDS} />
          <Field label="Your name" optional problem={accept.error?.problemOf('name')} hint="As others see it here.">
            <TextInput
              autoFocus
              autoComplete="name"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field
            label="Password"
            problem={isSent && password === '' ? 'Choose a password.' : accept.error?.problemOf('password')}
            hint="Long beats clever: four or five words of your own."
          >
            <PasswordInput
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <Button type="submit" look="primary" busy={accept.isPending}>
            Accept the invitation
          </Button>
        </form>
      )}
      {self === undefined && <AcceptElsewhere onOver={() => setOver(true)} />}
      {self !== undefined && (
        <div className="mt-1 grid gap-4">
          <p className="mb-1 text-soft">
            You are signed in as <strong className="font-medium break-words text-ink">{self.email ?? self.name}</strong>
            . Accept, and the new workspace is one more of yours.
          </p>
          <ErrorNotice error={accept.error} />
          <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate({ asMyself: true })}>
            Accept the invitation
          </Button>
          <ButtonLink to="/" look="quiet">
            Not now
          </ButtonLink>
        </div>
      )}
    </OutsideFrame>
  );
}

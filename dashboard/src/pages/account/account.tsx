import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Session } from '../../api/operations.ts';
import { sessionQuery, useDashboard, useSession } from '../../api/queries.ts';
import { Button, ErrorNotice, Field, PageHeader, say, TextInput } from '../../ui/index.ts';
import { PasswordForm } from './password-form.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';

const RESET = 'To have one as well, ask for a link on the sign-in page, under “Forgot your password?”.';

/** What everybody looks after by themselves. */
export default function Account() {
  const { sign_in: ways } = useDashboard();
  const { user } = useSession();
  return (
    <>
      <PageHeader title="Your account" lead="How you are called, how you sign in, and where you are signed in now." />
      <div className="grid max-w-3xl divide-y divide-line">
        <Part title="You">
          <NameForm />
        </Part>
        {ways.password && !user.password && (
          <Part title="Password">
            <p>You have none here: you sign in with an account that you have already. {ways.password_reset && RESET}</p>
          </Part>
        )}
        {ways.password && user.password && (
          <>
            <Part title="Password">
              <PasswordForm />
            </Part>
            <Part
              title="Second factor"
              lead="A code from your phone, asked for after the password: the password alone then lets nobody in."
            >
              <SecondFactor />
            </Part>
          </>
        )}
        <Part
          title="Where you are signed in"
          lead="A session ends after an hour without a click, and in any case after a day."
        >
          <Sessions />
        </Part>
      </div>
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}

function Part({ title, lead, children }: PartProps) {
  return (
    <section className="grid gap-4 py-7 first:pt-0">
      <div>
        <h2 className="text-lg font-semibold">{title}</h2>
        {lead !== undefined && <p className="mt-0.5 text-soft">{lead}</p>}
      </div>
      {children}
    </section>
  );
}

function NameForm() {
  const { user } = useSession();
  const client = useQueryClient();
  const [name, setName] = useState(user.name ?? '');
  const save = useMutation<Session, ApiError>({
    mutationFn: () =>
      call<Session>('PATCH', '/v1/session/user', { body: { name: name.trim() === '' ? null : name.trim() } }),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      void client.invalidateQueries({ queryKey: ['people'] });
      say('Saved.');
    },
  });
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (!save.isPending) save.mutate();
      }}
      className="grid max-w-md gap-4"
    >
      <ErrorNotice error={save.error} shown={['name']} />
      <Field label="Name" optional problem={save.error?.problemOf('name')} hint="As others see it here.">
        <TextInput autoComplete="name" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <div>
        <p className="font-medium">E-mail</p>
        <p className="break-all">{user.email}</p>
        <p className="text-sm text-soft">You sign in with it. An administrator can change it.</p>
      </div>
      <div>
        <Button type="submit" busy={save.isPending} disabled={name.trim() === (user.name ?? '')}>
          Save name
        </Button>
      </div>
    </form>
  );
}

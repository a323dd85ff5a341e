import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ButtonLink, ErrorNotice, Field, Icon, TextInput } from '../../ui/index.ts';

/** Asks for a link for a new password. What is answered never tells whether there is such a person. */
export default function ForgotPassword() {
  const { sign_in: ways } = useDashboard();
  return <OutsideFrame>{ways.password_reset ? <Asking /> : <NoMail />}</OutsideFrame>;
}

function Asking() {
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const ask = useMutation<unknown, ApiError>({
    mutationFn: () => call('POST', '/v1/password-resets', { body: { email: email.trim() } }),
  });
  if (ask.isSuccess) {
    return (
      <div role="status" className="grid gap-4">
        <span className="flex size-10 items-center justify-center rounded-full bg-good-paper text-good">
          <Icon name="check" className="size-5" />
        </span>
        <h1 className="text-xl font-semibold tracking-tight">Look into your mail</h1>
        <p className="text-soft">
          If <strong className="font-medium break-words text-ink">{email.trim()}</strong> may sign in here, a link is on
          its way. It is good once and for an hour. Nothing there after some minutes? Look into the junk folder, then
          ask an administrator whether this is the address they know.
        </p>
        <ButtonLink to="/sign-in">Back to sign-in</ButtonLink>
      </div>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (email.trim() !== '' && !ask.isPending) ask.mutate();
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <div>
        <h1 className="text-xl font-semibold tracking-tight">Forgot your password?</h1>
        <p className="mt-1 text-soft">Say with which address you sign in, and you get a link to set a new one.</p>
      </div>
      <ErrorNotice error={ask.error} shown={['email']} />
      <Field
        label="E-mail"
        problem={isSent && email.trim() === '' ? 'Type your e-mail address.' : ask.error?.problemOf('email')}
      >
        <TextInput
          type="email"
          autoFocus
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Button type="submit" look="primary" busy={ask.isPending}>
        Send me a link
      </Button>
      <ButtonLink to="/sign-in" look="quiet">
        Back to sign-in
      </ButtonLink>
    </form>
  );
}

function NoMail() {
  return (
    <div className="grid gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Forgot your password?</h1>
      <p className="text-soft">
        This site sends no mail. Ask an administrator: under People, your record has <em>Reset password</em>, which
        makes a link for you. Whoever runs the server can make one as well.
      </p>
      <ButtonLink to="/sign-in">Back to sign-in</ButtonLink>
    </div>
  );
}

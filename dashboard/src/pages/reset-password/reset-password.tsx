import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { forgetPerson } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ButtonLink, ErrorNotice, Field, Icon, PasswordInput } from '../../ui/index.ts';
import { DeadEnd } from '../invitation/dead-end.tsx';
import { secretInAddress } from '../invitation/secret-in-address.ts';

/** Where a link for a new password leads. */
export default function ResetPassword() {
  const [password, setPassword] = useState('');
  const [isSent, setSent] = useState(false);
  const client = useQueryClient();
  const reset = useMutation<unknown, ApiError>({
    gcTime: 0,
    mutationFn: () => call('POST', '/v1/password-resets/accept', { body: { secret: secretInAddress, password } }),
    onSuccess: () => {
      setPassword('');
      // Every session ended with it, one of this browser as well.
      forgetPerson(client);
    },
  });
  if (secretInAddress === '' || reset.error?.code === 'link_invalid') {
    return (
      <OutsideFrame>
        <DeadEnd
          title="This link cannot be used"
          action={
            <ButtonLink to="/forgot-password" look="primary">
              Ask for a new link
            </ButtonLink>
          }
        >
          <p>
            {secretInAddress === ''
              ? 'It is incomplete: open it again, whole, from where you got it.'
              : 'It was used already, or is older than an hour. Your password is as it was.'}
          </p>
        </DeadEnd>
      </OutsideFrame>
    );
  }
  if (reset.isSuccess) {
    return (
      <OutsideFrame>
        <div role="status" className="grid gap-4">
          <span className="flex size-10 items-center justify-center rounded-full bg-good-paper text-good">
            <Icon name="check" className="size-5" />
          </span>
          <h1 className="text-xl font-semibold tracking-tight">Your new password is set</h1>
          <p className="text-soft">You were signed out everywhere. Sign in with the new password.</p>
          <ButtonLink to="/sign-in" look="primary">
            Sign in
          </ButtonLink>
        </div>
      </OutsideFrame>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (password !== '' && !reset.isPending) reset.mutate();
  };
  return (
    <OutsideFrame>
      <form noValidate onSubmit={submit} className="grid gap-4">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Set a new password</h1>
          <p className="mt-1 text-soft">It ends every session of yours, here and elsewhere.</p>
        </div>
        <ErrorNotice error={reset.error} shown={['password']} />
        <Field
          label="New password"
          problem={isSent && password === '' ? 'Choose a password.' : reset.error?.problemOf('password')}
          hint="Long beats clever: four or five words of your own."
        >
          <PasswordInput
            autoFocus
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button type="submit" look="primary" busy={reset.isPending}>
          Set password
        </Button>
      </form>
    </OutsideFrame>
  );
}

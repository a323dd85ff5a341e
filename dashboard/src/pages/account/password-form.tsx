import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { ChangedPassword } from '../../api/operations.ts';
import { useSession } from '../../api/queries.ts';
import { Button, ErrorNotice, Field, PasswordInput, say } from '../../ui/index.ts';

const EMPTY = { current: '', new: '' };

export function PasswordForm() {
  const { user } = useSession();
  const [typed, setTyped] = useState(EMPTY);
  const [isSent, setSent] = useState(false);
  const client = useQueryClient();
  const change = useMutation<ChangedPassword, ApiError>({
    gcTime: 0,
    mutationFn: () => call<ChangedPassword>('POST', '/v1/session/password', { body: typed }),
    onSuccess: ({ ended_ids: ended }) => {
      setTyped(EMPTY);
      setSent(false);
      void client.invalidateQueries({ queryKey: ['account'] });
      const others = ended.length === 1 ? 'One other session' : `${ended.length} other sessions`;
      say(`Your password is changed. ${ended.length === 0 ? '' : `${others} ended.`}`.trim());
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    if (typed.current !== '' && typed.new !== '' && !change.isPending) change.mutate();
  };
  const problem = (name: keyof typeof EMPTY) =>
    isSent && typed[name] === '' ? 'This is still empty.' : change.error?.problemOf(name);
  return (
    <form noValidate onSubmit={submit} className="grid max-w-md gap-4">
      {/* For password managers, which need to know whose it is. */}
      <input type="text" name="username" autoComplete="username" value={user.email ?? ''} readOnly hidden />
      <ErrorNotice error={change.error} shown={['current', 'new']} />
      <Field label="Current password" problem={problem('current')}>
        <PasswordInput
          autoComplete="current-password"
          value={typed.current}
          onChange={(event) => setTyped({ ...typed, current: event.target.value })}
        />
      </Field>
      <Field
        label="New password"
        problem={problem('new')}
        hint="Long beats clever: four or five words of your own. Your other sessions end with it."
      >
        <PasswordInput
          autoComplete="new-password"
          value={typed.new}
          onChange={(event) => setTyped({ ...typed, new: event.target.value })}
        />
      </Field>
      <div>
        <Button type="submit" busy={change.isPending}>
          Change password
        </Button>
      </div>
    </form>
  );
}

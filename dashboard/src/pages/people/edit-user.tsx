import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { UpdatedOwner, User } from '../../api/operations.ts';
import { sessionQuery, useSession } from '../../api/queries.ts';
import { Field, FormDialog, say, TextInput } from '../../ui/index.ts';
import { useForgetPeople } from './people-queries.ts';

const FIELDS = ['name', 'email'] as const;

interface EditUserDialogProps {
  readonly user: User;
  readonly path: string;
  readonly onClose: () => void;
}

export function EditUserDialog({ user, path, onClose }: EditUserDialogProps) {
  const [name, setName] = useState(user.name ?? '');
  const [email, setEmail] = useState(user.email ?? '');
  const { workspace } = useSession();
  const forget = useForgetPeople();
  const client = useQueryClient();
  const save = useMutation<UpdatedOwner, ApiError>({
    mutationFn: () =>
      call<UpdatedOwner>('PATCH', path, {
        // Only what was changed: an address takes more rights than a name.
        body: {
          ...(name.trim() !== (user.name ?? '') && { name: name.trim() === '' ? null : name.trim() }),
          ...(email.trim() !== user.email && { email: email.trim() }),
        },
      }),
    onSuccess: async () => {
      await Promise.all([forget(), client.invalidateQueries({ queryKey: sessionQuery.queryKey })]);
      say('Saved.');
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      width="small"
      title={workspace.is_home ? 'Change name or e-mail' : 'Change name'}
      submitLabel="Save"
      busy={save.isPending}
      error={save.error}
      shown={FIELDS}
      onSubmit={save.mutate}
    >
      <Field label="Name" optional problem={save.error?.problemOf('name')}>
        <TextInput autoFocus value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
      </Field>
      {workspace.is_home && (
        <Field
          label="E-mail"
          problem={save.error?.problemOf('email')}
          hint="They sign in with it. Links that were sent to the old address stop working."
        >
          <TextInput type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
        </Field>
      )}
    </FormDialog>
  );
}

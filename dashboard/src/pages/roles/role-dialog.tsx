import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Role, Trial, UpdatedRole } from '../../api/operations.ts';
import { Button, exactTime, Field, FormDialog, Notice, say, TextInput } from '../../ui/index.ts';
import { useForgetPeople } from '../people/people-queries.ts';
import { PermissionField } from '../people/permission-field.tsx';
import { withGuarantee } from '../tokens/guarantee.ts';
import { Holders } from './holders.tsx';

const FIELDS = ['name', 'permissions'] as const;

interface RoleDialogProps {
  /** null for a new one. */
  readonly role: Role | null;
  readonly onClose: () => void;
}

/** Creates a role, or changes one for everybody who has it. */
export function RoleDialog({ role, onClose }: RoleDialogProps) {
  const [name, setName] = useState(role?.name ?? '');
  const [permissions, setPermissions] = useState<readonly string[]>(role?.permissions ?? []);
  const [isSent, setSent] = useState(false);
  const forget = useForgetPeople();
  const cut = role?.permissions.filter((permission) => !permissions.includes(permission)) ?? [];
  const save = useMutation<UpdatedRole, ApiError>({
    mutationFn: () => {
      const body = { name: name.trim(), permissions };
      return role === null
        ? call<UpdatedRole>('POST', '/v1/roles', { body })
        : call<UpdatedRole>('PATCH', `/v1/roles/${role.id}`, { body });
    },
    onSuccess: async ({ guarantee }) => {
      await forget();
      say(role === null ? 'The role is there. Give it to somebody on their page.' : withGuarantee('Saved.', guarantee));
      onClose();
    },
  });
  const observe = useMutation<Trial, ApiError>({
    mutationFn: () =>
      call<Trial>('POST', '/v1/trials', {
        body: { subject: { kind: 'role', id: role?.id }, change: { permissions } },
      }),
    onSuccess: ({ ends_at }) => {
      say(
        `Nothing is refused yet. Until ${exactTime(ends_at)} every request is also judged as if it were: see Trials.`,
      );
      onClose();
    },
  });
  const submit = () => {
    setSent(true);
    if (name.trim() !== '') save.mutate();
  };
  return (
    <FormDialog
      onClose={onClose}
      title={role === null ? 'Create role' : `Change the role ${role.name}`}
      submitLabel={role === null ? 'Create' : cut.length > 0 ? 'Take away now' : 'Save'}
      look={cut.length > 0 ? 'danger' : 'primary'}
      otherWay={
        cut.length > 0 && (
          <Button busy={observe.isPending} onClick={() => observe.mutate()}>
            Observe first
          </Button>
        )
      }
      busy={save.isPending}
      error={save.error ?? observe.error}
      shown={FIELDS}
      onSubmit={submit}
    >
      <Field label="Name" problem={isSent && name.trim() === '' ? 'Give it a name.' : save.error?.problemOf('name')}>
        <TextInput
          autoFocus={role === null}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {role !== null && <Holders role={role} />}
      {cut.length > 0 && (
        <Notice look="warn">
          <p>
            From the very next request on, whoever has this role can no longer do: {cut.join(', ')}. Unless something
            else allows it to them.
          </p>
          <p className="mt-1">
            <strong className="font-medium">Observe first</strong> refuses nobody, and tells for fourteen days who would
            have been.
          </p>
        </Notice>
      )}
      <PermissionField
        label="What it allows"
        open
        chosen={permissions}
        onChange={setPermissions}
        problem={(save.error ?? observe.error)?.problemOf('permissions')}
      />
    </FormDialog>
  );
}

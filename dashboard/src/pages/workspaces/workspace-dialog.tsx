import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Workspace } from '../../api/operations.ts';
import { sessionQuery } from '../../api/queries.ts';
import { Field, FormDialog, say, TextInput } from '../../ui/index.ts';
import { useForgetPeople } from '../people/people-queries.ts';

const FIELDS = ['name', 'external_id'] as const;

interface WorkspaceDialogProps {
  /** null for a new one. */
  readonly workspace: Workspace | null;
  readonly onClose: () => void;
}

/** Creates a workspace, or gives one another name. */
export function WorkspaceDialog({ workspace, onClose }: WorkspaceDialogProps) {
  const [name, setName] = useState(workspace?.name ?? '');
  const [externalId, setExternalId] = useState('');
  const [isSent, setSent] = useState(false);
  const forget = useForgetPeople();
  const client = useQueryClient();
  const isNew = workspace === null;
  const save = useMutation<Workspace, ApiError>({
    mutationFn: () =>
      isNew
        ? call<Workspace>('POST', '/v1/workspaces', {
            body: { name: name.trim(), ...(externalId.trim() !== '' && { external_id: externalId.trim() }) },
          })
        : call<Workspace>('PATCH', `/v1/workspaces/${workspace.id}`, { body: { name: name.trim() } }),
    onSuccess: async (saved) => {
      await Promise.all([forget(), client.invalidateQueries({ queryKey: sessionQuery.queryKey })]);
      say(isNew ? `${saved.name} is there.` : 'Saved.');
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
      width="small"
      title={isNew ? 'Create workspace' : 'Rename workspace'}
      submitLabel={isNew ? 'Create' : 'Save'}
      busy={save.isPending}
      error={save.error}
      shown={FIELDS}
      onSubmit={submit}
    >
      <Field
        label="Name"
        problem={isSent && name.trim() === '' ? 'Give it a name.' : save.error?.problemOf('name')}
        hint="As the company calls itself."
      >
        <TextInput autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      {isNew && (
        <Field
          label="Id in your system"
          optional
          problem={save.error?.problemOf('external_id')}
          hint="By which your own programs name this company. It cannot be changed later."
        >
          <TextInput
            value={externalId}
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => setExternalId(event.target.value)}
            className="font-mono"
          />
        </Field>
      )}
    </FormDialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { CreatedInvitation } from '../../api/operations.ts';
import { useDashboard, useSession } from '../../api/queries.ts';
import { Field, FormDialog, Icon, Select, say, TextInput } from '../../ui/index.ts';
import { type Given, GivenFields } from './given-fields.tsx';
import { LinkOnce } from './link-once.tsx';
import { useForgetPeople, useWorkspaces } from './people-queries.ts';

const FIELDS = ['email', 'name', 'permissions'] as const;

interface InviteDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks somebody in: by mail where it is set up, else with a link to hand over. */
export function InviteDialog({ open, onClose }: InviteDialogProps) {
  const [link, setLink] = useState<string | null>(null);
  const close = () => {
    setLink(null);
    onClose();
  };
  if (!open) return null;
  if (link !== null) return <LinkOnce kind="invitation" path={link} onDone={close} />;
  return <Asking onClose={close} onLink={setLink} />;
}

interface AskingProps {
  readonly onClose: () => void;
  readonly onLink: (link: string) => void;
}

function Asking({ onClose, onLink }: AskingProps) {
  const { workspace } = useSession();
  const workspaces = useWorkspaces();
  const forget = useForgetPeople();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [workspaceId, setWorkspaceId] = useState(workspace.id);
  const [given, setGiven] = useState<Given>({ roles: ['member'], permissions: [] });
  const [isSent, setSent] = useState(false);
  const { sign_in: ways } = useDashboard();
  const invite = useMutation<void, ApiError>({
    gcTime: 0,
    mutationFn: async () => {
      const who = { email, ...(name.trim() !== '' && { name: name.trim() }), ...given };
      const made = await call<CreatedInvitation>('POST', '/v1/invitations', {
        body: { ...who, workspace_id: workspaceId },
      });
      if (made.link !== null) return onLink(made.link);
      say(`The invitation is on its way to ${made.email}.`);
      onClose();
    },
    onSuccess: () => void forget(),
  });
  const submit = () => {
    setSent(true);
    if (email.trim() !== '') invite.mutate();
  };
  const places = workspaces?.filter(({ disabled }) => !disabled) ?? [];
  return (
    <FormDialog
      onClose={onClose}
      title="Invite somebody"
      description={
        ways.password
          ? 'They get a link, good once and for seven days, and choose how they sign in.'
          : 'They get a link, good once and for seven days, and come in with the account of this address that they have already.'
      }
      submitLabel="Invite"
      busy={invite.isPending}
      error={invite.error}
      shown={FIELDS}
      onSubmit={submit}
    >
      <Field
        label="E-mail"
        problem={isSent && email.trim() === '' ? 'Say whom to invite.' : invite.error?.problemOf('email')}
      >
        <TextInput
          type="email"
          autoFocus
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Field label="Name" optional problem={invite.error?.problemOf('name')}>
        <TextInput autoComplete="off" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      {places.length > 1 ? (
        <Field label="Workspace">
          <Select
            value={workspaceId}
            options={places.map((place) => ({ value: place.id, label: place.name }))}
            onValue={setWorkspaceId}
          />
        </Field>
      ) : (
        <p className="flex items-center gap-2 text-soft">
          <Icon name="building" /> Into {workspace.name}
        </p>
      )}
      <GivenFields given={given} onChange={setGiven} problem={invite.error?.problemOf('permissions')} />
    </FormDialog>
  );
}

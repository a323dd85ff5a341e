import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Token, TransferredToken } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { Combobox } from '../../ui/combobox.tsx';
import { Field, FormDialog, say, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { optionOf, useOwners } from './create/owner-chooser.tsx';
import { withGuarantee } from './guarantee.ts';
import { useForgetTokens } from './token-queries.ts';
import { ownerName } from './token-words.tsx';

interface TransferDialogProps {
  readonly token: Token;
  readonly onClose: () => void;
}

/** Gives a token to another owner of its workspace. Drawn only while it is open. */
export function TransferDialog({ token, onClose }: TransferDialogProps) {
  const words = useWords();
  const [search, setSearch] = useState('');
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const owners = useOwners(search, true).filter(
    ({ id, memberships }) =>
      id !== token.owner.id && memberships.some(({ workspace }) => workspace.id === token.workspace.id),
  );
  // Kept itself: what is listed goes on following the search.
  const [owner, setOwner] = useState<(typeof owners)[number] | null>(null);
  const { mutate, isPending, error } = useTransfer(token, onClose);
  return (
    <FormDialog
      title={`Give “${token.name}” to another owner`}
      description={`Its value stays the same. It can do what its grant and the new owner have in common, at once. Whoever knows the value still does: rotate it where ${ownerName(token)} must not use it any more.`}
      submitLabel="Transfer"
      busy={isPending}
      error={error}
      onClose={onClose}
      onSubmit={() => {
        setAsked(true);
        if (owner !== null) mutate({ owner: { id: owner.id }, ...(reason.trim() !== '' && { reason: reason.trim() }) });
      }}
    >
      <Field
        label="New owner"
        hint={`A member of ${token.workspace.name}.`}
        problem={isAsked && owner === null ? `Choose who has the ${words.token} from now on.` : undefined}
      >
        <Combobox
          options={owners.flatMap((one) => optionOf(one) ?? [])}
          value={optionOf(owner)}
          onValue={(option) => setOwner(owners.find(({ id }) => id === option?.value) ?? null)}
          onSearch={setSearch}
          placeholder="Search by name, e-mail or id"
          empty="Nobody like that in its workspace. Try another part of the name."
        />
      </Field>
      <Field label="Reason" optional hint="Kept in the history.">
        <TextInput value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </FormDialog>
  );
}

interface Transfer {
  readonly owner: { readonly id: string };
  readonly reason?: string;
}

function useTransfer({ id, name }: Token, onDone: () => void) {
  const { paths } = useDashboard();
  const forget = useForgetTokens();
  return useMutation<TransferredToken, ApiError, Transfer>({
    mutationFn: (body) => call<TransferredToken>('POST', `${paths.tokens}/${id}/transfer`, { body }),
    onSuccess: ({ owner, lost_permissions: lost, guarantee }) => {
      const less = lost.length === 0 ? '' : ` It can no longer do ${lost.join(', ')}.`;
      say(withGuarantee(`“${name}” is ${ownerName({ owner })}’s now.${less}`, guarantee));
      onDone();
    },
    onSettled: forget,
  });
}

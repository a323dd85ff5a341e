import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import type { DeletedOwner, Owner, UpdatedOwner } from '../../api/operations.ts';
import { Button, ConfirmDialog, say, useKept } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { withGuarantee } from '../tokens/guarantee.ts';
import { nameOf } from './owner-words.tsx';
import { useForgetPeople, useWorking } from './people-queries.ts';
import { stopSentence } from './working-count.ts';

interface StopOwnerProps {
  readonly owner: Owner;
  /** Where it is changed and deleted. */
  readonly path: string;
  /** What else stops with it, in a sentence. */
  readonly alsoStops?: string;
}

/** Disables, which can be taken back; or lets everything work again. */
export function DisableButton({ owner, path, alsoStops }: StopOwnerProps) {
  const words = useWords();
  const forget = useForgetPeople();
  const working = useWorking({ owner_id: owner.id });
  const [isAsking, setAsking] = useState(false);
  const name = nameOf(owner);
  const isDisabled = owner.disabled_at !== null;
  const asked = useKept({ isDisabled, sentence: stopSentence(words, working, name) }, isAsking);
  const set = async (disabled: boolean) => {
    const { guarantee } = await call<UpdatedOwner>('PATCH', path, { body: { disabled } });
    void forget();
    say(disabled ? withGuarantee(`${name} is disabled.`, guarantee) : `${name} is enabled again.`);
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{isDisabled ? 'Enable' : 'Disable'}</Button>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={asked.isDisabled ? `Enable ${name} again?` : `Disable ${name}?`}
        confirmLabel={asked.isDisabled ? 'Enable' : 'Disable'}
        busyLabel={asked.isDisabled ? 'Enabling' : 'Disabling'}
        dangerous={!asked.isDisabled}
        onConfirm={() => set(!asked.isDisabled)}
      >
        {asked.isDisabled ? (
          <p>
            Every {words.token} of {name} that has neither ended nor been revoked works again at once.
          </p>
        ) : (
          <div className="grid gap-2">
            <p>{asked.sentence}</p>
            {alsoStops !== undefined && <p>{alsoStops}</p>}
            <p>Nothing is deleted: enabling lets everything work again.</p>
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}

interface DeleteOwnerProps extends StopOwnerProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** The list to go back to. */
  readonly back: string;
}

export function DeleteDialog({ owner, path, alsoStops, open, onClose, back }: DeleteOwnerProps) {
  const words = useWords();
  const navigate = useNavigate();
  const forget = useForgetPeople();
  const working = useWorking({ owner_id: owner.id });
  const name = nameOf(owner);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      busyLabel="Deleting"
      onConfirm={async () => {
        const { revoked_ids: ended } = await call<DeletedOwner>('DELETE', path);
        await navigate({ to: back });
        await forget();
        say(`${name} is deleted, and ${ended.length} ${ended.length === 1 ? words.token : words.tokens} with it.`);
      }}
    >
      <div className="grid gap-2">
        <p>{stopSentence(words, working, name)}</p>
        {alsoStops !== undefined && <p>{alsoStops}</p>}
        <p>This cannot be taken back. The audit log keeps what was done.</p>
      </div>
    </ConfirmDialog>
  );
}

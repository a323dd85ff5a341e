import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../../api/queries.ts';
import { Button, ButtonLink, Dialog, ErrorNotice } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { tokenOptionsQuery } from '../token-queries.ts';
import { ownerName } from '../token-words.tsx';
import { Lost } from './lost.tsx';
import { Replaces } from './replaces.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useCreateToken } from './use-create-token.ts';

interface CreateTokenForProps {
  /** Whose it will be: the person or service account of the record that this button stands in. */
  readonly owner: { readonly id: string };
  /** Which of their workspaces; needed where they have several. */
  readonly workspaceId?: string | null;
}

/**
 * The button of a person's record. Where an owner has one that does what they may do, there is nothing to ask: it is made at
 * once and shown in a popup. Everywhere else it leads to the form. Nothing is drawn for who may not make one.
 */
export function CreateTokenFor({ owner, workspaceId = null }: CreateTokenForProps) {
  const words = useWords();
  const may = useMay();
  const { data: options, isPlaceholderData: isOfAnother } = useQuery({
    ...tokenOptionsQuery({ id: owner.id, workspaceId }),
    placeholderData: keepPreviousData,
    enabled: may('keyhouse-owners:act-as'),
  });
  const [isOpen, setOpen] = useState(false);
  const { made, create, createAgain, forget } = useCreateToken();
  if (options === undefined || isOfAnother || !options.may_create) return null;
  if (!options.one_per_owner || options.default_grant !== 'inherit') {
    return (
      <ButtonLink
        to="/tokens/new"
        search={{ owner: options.owner.id, workspace: options.workspace.id }}
        look="primary"
        icon="key"
      >
        {words.createButton}
      </ButtonLink>
    );
  }
  const whose = ownerName(options);
  const body = {
    name: [...`${words.Token} of ${whose}`].slice(0, 100).join(''),
    ...(!options.is_self && { owner: { id: options.owner.id }, workspace: { id: options.workspace.id } }),
  };
  const open = () => {
    setOpen(true);
    // What stops working is said first; where nothing does, there is nothing to say.
    if (options.replaces.length === 0) create.mutate(body);
  };
  const close = () => {
    setOpen(false);
    create.reset();
    forget();
  };
  return (
    <>
      <Button look="primary" icon="key" busy={create.isPending} onClick={open}>
        {words.createButton}
      </Button>
      <Dialog
        open={isOpen && (made !== null || !create.isPending || options.replaces.length > 0)}
        onClose={close}
        dismissible={made === null}
        width="large"
        title={made === null ? words.createButton : `The ${words.token} of ${whose}`}
      >
        {made === null ? (
          <div className="grid gap-4">
            <ErrorNotice error={create.error} />
            <Replaces options={options} />
            <div className="flex flex-wrap justify-end gap-2">
              <Button onClick={close}>Cancel</Button>
              <Button look="primary" busy={create.isPending} onClick={() => create.mutate(body)}>
                {words.saveButton}
              </Button>
            </div>
          </div>
        ) : made.value === null ? (
          <Lost
            token={made.token}
            isBusy={createAgain.isPending}
            error={createAgain.error}
            onAgain={() => createAgain.mutate({ lost: made.token, body })}
            onKeep={close}
          />
        ) : (
          <ShownOnce token={made.token} value={made.value} onDone={close} />
        )}
      </Dialog>
    </>
  );
}

import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Token } from '../../api/operations.ts';
import { Button, ButtonLink, IconButton, Menu, MenuItem } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';
import { DisableDialog, useEnabling } from './disable-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { useLine, useTokenRights } from './token-queries.ts';
import { TransferDialog } from './transfer-dialog.tsx';

/** Everything that may be done to a token by whoever looks at it; nothing for who may only look. */
export function TokenActions({ token }: { readonly token: Token }) {
  const words = useWords();
  const navigate = useNavigate();
  const rights = useTokenRights()(token);
  const [asked, setAsked] = useState<'rotate' | 'revoke' | 'disable' | 'transfer' | null>(null);
  const enable = useEnabling(token);
  const canRotate = useIsReplaceable(token, rights.rotate);
  const isDisabled = token.state === 'disabled';
  const close = () => setAsked(null);
  return (
    <>
      {rights.edit && isDisabled && (
        <Button look="primary" busy={enable.isPending} onClick={() => enable.mutate()}>
          Enable
        </Button>
      )}
      {rights.edit && hasPage('/tokens/$id/edit') && (
        <ButtonLink to="/tokens/$id/edit" params={{ id: token.id }}>
          Edit
        </ButtonLink>
      )}
      {canRotate && (
        <Button onClick={() => setAsked('rotate')}>
          {token.state === 'superseded' ? 'Replace its successor' : 'Rotate'}
        </Button>
      )}
      {rights.revoke && (
        <Button look="danger" onClick={() => setAsked('revoke')}>
          {words.revokeButton}
        </Button>
      )}
      {rights.edit && !isDisabled && (
        <Menu trigger={<IconButton icon="dots" label="More" className="size-9" />}>
          <MenuItem onSelect={() => setAsked('disable')}>Disable for now</MenuItem>
          {rights.transfer && <MenuItem onSelect={() => setAsked('transfer')}>Give to another owner</MenuItem>}
        </Menu>
      )}
      <RevokeDialog tokens={asked === 'revoke' ? [token] : []} onClose={close} />
      <DisableDialog token={token} open={asked === 'disable'} onClose={close} />
      {asked === 'transfer' && <TransferDialog token={token} onClose={close} />}
      <RotateDialog
        token={asked === 'rotate' ? token : null}
        onClose={close}
        onDone={(successorId) => void navigate({ to: '/tokens/$id', params: { id: successorId } })}
      />
    </>
  );
}

/** Whether it can be rotated: one that was can again, as long as nobody has used its successor. */
function useIsReplaceable({ state, superseded_by, lineage_id }: Token, mayRotate: boolean): boolean {
  const isRotated = state === 'superseded';
  const { data } = useLine(lineage_id, mayRotate && isRotated);
  if (!isRotated) return mayRotate;
  const successor = data?.data.find(({ id }) => id === superseded_by);
  return mayRotate && successor?.state === 'active' && successor.last_used_at === null;
}

import { useNavigate } from '@tanstack/react-router';
import type { Token } from '../../api/operations.ts';
import { Button, IconButton, MenuItem, MenuLine, type RowMenuHandle, RowMenuTrigger } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';
import type { TokenRights } from './token-queries.ts';

interface RowActionsProps {
  readonly token: Token;
  readonly rights: TokenRights;
  readonly menu: RowMenuHandle<Token>;
  readonly onRevoke: () => void;
}

/** What can be done to one token from its row. */
export function RowActions({ token, rights, menu, onRevoke }: RowActionsProps) {
  const words = useWords();
  return (
    <div className="flex items-center justify-end gap-1 max-md:w-full">
      {rights.revoke && (
        <Button size="small" aria-label={`${words.revokeButton} ${token.name}`} onClick={onRevoke}>
          {words.revokeButton}
        </Button>
      )}
      <RowMenuTrigger menu={menu} row={token} trigger={<IconButton icon="dots" label={`More for ${token.name}`} />} />
    </div>
  );
}

interface RowMenuItemsProps {
  readonly token: Token;
  readonly rights: TokenRights;
  readonly onRevoke: () => void;
  readonly onRotate: () => void;
}

/** What the menu of a row offers; who may only look has the way to the token's page. */
export function RowMenuItems({ token, rights, onRevoke, onRotate }: RowMenuItemsProps) {
  const words = useWords();
  const navigate = useNavigate();
  return (
    <>
      <MenuItem icon="eye" onSelect={() => void navigate({ to: '/tokens/$id', params: { id: token.id } })}>
        Open
      </MenuItem>
      {rights.edit && hasPage('/tokens/$id/edit') && (
        <MenuItem icon="settings" onSelect={() => void navigate({ to: '/tokens/$id/edit', params: { id: token.id } })}>
          Edit
        </MenuItem>
      )}
      {rights.rotate && token.state === 'active' && (
        <MenuItem icon="key" onSelect={onRotate}>
          Rotate
        </MenuItem>
      )}
      {rights.revoke && (
        <>
          <MenuLine />
          <MenuItem icon="close" dangerous onSelect={onRevoke}>
            {words.revokeButton}
          </MenuItem>
        </>
      )}
    </>
  );
}

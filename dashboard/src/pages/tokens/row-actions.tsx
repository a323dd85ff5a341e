import { useNavigate } from '@tanstack/react-router';
import type { Token } from '../../api/operations.ts';
import { Button, IconButton, Menu, MenuItem, MenuLine } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';
import type { TokenRights } from './token-queries.ts';

interface RowActionsProps {
  readonly token: Token;
  readonly rights: TokenRights;
  readonly onRevoke: () => void;
  readonly onRotate: () => void;
}

/** What can be done to one token from its row; who may only look has the way to its page. */
export function RowActions({ token, rights, onRevoke, onRotate }: RowActionsProps) {
  const words = useWords();
  const navigate = useNavigate();
  return (
    <div className="flex items-center justify-end gap-1 max-md:w-full">
      {rights.revoke && (
        <Button size="small" aria-label={`${words.revokeButton} ${token.name}`} onClick={onRevoke}>
          {words.revokeButton}
        </Button>
      )}
      <Menu trigger={<IconButton icon="dots" label={`More for ${token.name}`} />}>
        <MenuItem icon="eye" onSelect={() => void navigate({ to: '/tokens/$id', params: { id: token.id } })}>
          Open
        </MenuItem>
        {rights.edit && hasPage('/tokens/$id/edit') && (
          <MenuItem
            icon="settings"
            onSelect={() => void navigate({ to: '/tokens/$id/edit', params: { id: token.id } })}
          >
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
      </Menu>
    </div>
  );
}

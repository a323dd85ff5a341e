import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Alert, Token } from '../../api/operations.ts';
import { useDashboard, useMay } from '../../api/queries.ts';
import { Button, IconButton, Menu, MenuItem } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { RevokeDialog } from '../tokens/revoke-dialog.tsx';
import { RotateDialog } from '../tokens/rotate-dialog.tsx';
import { tokenQuery, useTokenRights } from '../tokens/token-queries.ts';

interface AlertActionsProps {
  readonly alert: Alert;
  readonly onAcknowledge: () => void;
}

/** What can be done about an alert: look at the token, end it, give it another value, or say that all is well. */
export function AlertActions({ alert, onAcknowledge }: AlertActionsProps) {
  const may = useMay();
  const { token } = alert;
  return (
    <div className="flex items-center justify-end gap-1 max-md:w-full">
      {alert.state === 'open' && may('keyhouse-alerts:write') && (
        <Button size="small" onClick={onAcknowledge}>
          Acknowledge
        </Button>
      )}
      {token !== null && may('keyhouse-tokens:read') && <TokenMenu id={token.id} name={token.name} />}
    </div>
  );
}

interface TokenMenuProps {
  readonly id: string;
  readonly name: string;
}

function TokenMenu({ id, name }: TokenMenuProps) {
  const navigate = useNavigate();
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <Menu trigger={<IconButton icon="dots" label={`More for ${name}`} />}>
        <TokenItems id={id} onAsk={setAsked} />
      </Menu>
      <RevokeDialog tokens={asked?.to === 'revoke' ? [asked.token] : []} onClose={close} />
      <RotateDialog
        token={asked?.to === 'rotate' ? asked.token : null}
        onClose={close}
        onDone={(successorId) => void navigate({ to: '/tokens/$id', params: { id: successorId } })}
      />
    </>
  );
}

interface Asked {
  readonly to: 'rotate' | 'revoke';
  readonly token: Token;
}

/** Drawn, and its token asked for, only while the menu is open. */
function TokenItems({ id, onAsk }: { readonly id: string; readonly onAsk: (asked: Asked) => void }) {
  const words = useWords();
  const { paths } = useDashboard();
  const navigate = useNavigate();
  const { data: token } = useQuery(tokenQuery(paths.tokens, id));
  const rightsTo = useTokenRights();
  const rights = token === undefined ? null : rightsTo(token);
  return (
    <>
      <MenuItem icon="eye" onSelect={() => void navigate({ to: '/tokens/$id', params: { id } })}>
        Open the {words.token}
      </MenuItem>
      {token !== undefined && rights?.rotate && token.state === 'active' && (
        <MenuItem icon="key" onSelect={() => onAsk({ to: 'rotate', token })}>
          Rotate
        </MenuItem>
      )}
      {token !== undefined && rights?.revoke && (
        <MenuItem icon="close" dangerous onSelect={() => onAsk({ to: 'revoke', token })}>
          {words.revokeButton}
        </MenuItem>
      )}
    </>
  );
}

import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Token } from '../../api/operations.ts';
import { RevokeDialog } from '../../pages/tokens/revoke-dialog.tsx';
import { RotateDialog } from '../../pages/tokens/rotate-dialog.tsx';
import { useTokenRights } from '../../pages/tokens/token-queries.ts';
import { ownerName, StateBadge } from '../../pages/tokens/token-words.tsx';
import { Button, Notice } from '../../ui/index.ts';
import { useWords } from '../../words.ts';

/** The token behind a value that somebody has found: who has seen it can use it, so it has to be replaced or ended. */
export function FoundToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const words = useWords();
  const navigate = useNavigate();
  const rights = useTokenRights()(token);
  const [asked, setAsked] = useState<'rotate' | 'revoke' | null>(null);
  const [isRevoked, setRevoked] = useState(false);
  const stands = !isRevoked && ['active', 'superseded', 'disabled'].includes(token.state);
  const close = () => setAsked(null);
  return (
    <div className="grid gap-4">
      <div className="flex items-start justify-between gap-4 rounded-lg border border-line px-4 py-3">
        <div className="min-w-0">
          <Link
            to="/tokens/$id"
            params={{ id: token.id } as never}
            onClick={onClose}
            className="font-medium break-words text-accent hover:underline"
          >
            {token.name}
          </Link>
          <p className="font-mono text-sm text-soft">{token.hint}</p>
          <p className="text-sm text-soft">
            {ownerName(token)}, {token.workspace.name}
          </p>
        </div>
        <StateBadge state={isRevoked ? 'revoked' : token.state} />
      </div>
      {stands ? (
        <Notice look="warn">
          <p className="font-medium">This {words.token} has been shared: rotate or revoke it.</p>
          <p>
            Whoever has seen the value can use it. Rotate it where a program still needs it, with no time for the old
            value; revoke it otherwise.
          </p>
          <div className="mt-3 flex flex-wrap gap-2">
            {rights.rotate && <Button onClick={() => setAsked('rotate')}>Rotate</Button>}
            {rights.revoke && (
              <Button look="danger" onClick={() => setAsked('revoke')}>
                {words.revokeButton}
              </Button>
            )}
          </div>
        </Notice>
      ) : (
        <Notice look="good" icon="check">
          This {words.token} has ended: its value is of no use to anybody.
        </Notice>
      )}
      <RevokeDialog tokens={asked === 'revoke' ? [token] : []} onClose={close} onRevoked={() => setRevoked(true)} />
      <RotateDialog
        token={asked === 'rotate' ? token : null}
        onClose={close}
        onDone={(successorId) => {
          onClose();
          void navigate({ to: '/tokens/$id', params: { id: successorId } as never });
        }}
      />
    </div>
  );
}

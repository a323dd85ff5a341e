import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Revocation, RevocationPreview, Token } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { Checkbox, ConfirmDialog, Field, say, TextInput, useKept } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { withGuarantee } from './guarantee.ts';
import { RevocationEffect } from './revocation-effect.tsx';
import { useForgetTokens } from './token-queries.ts';

interface RevokeDialogProps {
  /** What is to be revoked; none closes the dialog. */
  readonly tokens: readonly Token[];
  readonly onClose: () => void;
  readonly onRevoked?: () => void;
}

/** Asks before one or several are revoked, naming everything that will stop working and how much it is in use. */
export function RevokeDialog({ tokens, onClose, onRevoked }: RevokeDialogProps) {
  const shown = useKept(tokens, tokens.length > 0);
  return (
    <Revoking
      key={shown.map(({ id }) => id).join()}
      tokens={shown}
      open={tokens.length > 0}
      onClose={onClose}
      onRevoked={onRevoked}
    />
  );
}

interface RevokingProps {
  readonly tokens: readonly Token[];
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onRevoked: (() => void) | undefined;
}

function Revoking({ tokens, open, onClose, onRevoked }: RevokingProps) {
  const words = useWords();
  const [wholeLine, setWholeLine] = useState(false);
  const [reason, setReason] = useState('');
  const { run, failed, doneIds } = useRevoking();
  const scope = wholeLine ? ({ scope: 'lineage' } as const) : {};
  const previews = usePreviews(tokens, scope, open);
  const [only] = tokens.length === 1 ? tokens : [];
  const isEarlier = only?.state === 'superseded';
  const left = tokens.filter(({ id }) => !doneIds.has(id));
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={only === undefined ? `Revoke ${tokens.length} ${words.tokens}?` : `Revoke “${only.name}”?`}
      confirmLabel={
        only !== undefined
          ? words.revokeButton
          : failed.size === 0
            ? `${words.revokeButton} ${tokens.length} ${words.tokens}`
            : `Try the other ${left.length} again`
      }
      busyLabel={only === undefined ? `Revoking, ${doneIds.size} of ${tokens.length} done…` : 'Revoking…'}
      onConfirm={async () => {
        const ended = await run(left, { ...scope, ...(reason.trim() !== '' && { reason: reason.trim() }) });
        say(only === undefined ? `${tokens.length} ${words.tokens} were revoked.` : ended);
        onRevoked?.();
      }}
    >
      <div className="grid gap-3">
        <p>
          {only === undefined ? 'They stop' : 'It stops'} working at once: every request with{' '}
          {only === undefined ? 'one of them' : 'it'} is refused. This cannot be undone.
        </p>
        <ul aria-label="What will stop working" className="grid gap-2.5">
          {tokens.map((token, index) => (
            <RevocationEffect
              key={token.id}
              token={token}
              preview={previews[index]?.data}
              isUnknown={previews[index]?.isError === true}
              outcome={doneIds.has(token.id) ? 'done' : (failed.get(token.id) ?? null)}
            />
          ))}
        </ul>
        {isEarlier && (
          <Checkbox
            checked={wholeLine}
            onChecked={setWholeLine}
            label="End its successor too"
            hint="Choose this when somebody else may have the value: every value of the rotation line stops working."
          />
        )}
        <Field label="Reason" optional hint="Kept in the history.">
          <TextInput value={reason} maxLength={200} onChange={(event) => setReason(event.target.value)} />
        </Field>
      </div>
    </ConfirmDialog>
  );
}

/** Asked for while the dialog is open; what was answered stays while it fades out, and is not asked for again. */
function usePreviews(tokens: readonly Token[], scope: { readonly scope?: 'lineage' }, enabled: boolean) {
  const { paths } = useDashboard();
  return useQueries({
    queries: tokens.map(({ id }) => ({
      queryKey: ['revocation', id, scope],
      enabled,
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call<RevocationPreview>('GET', `${paths.tokens}/${id}/revocation`, { query: scope, signal }),
      staleTime: 0,
      gcTime: 0,
    })),
  });
}

/** Revokes one after the other and remembers which could not be: those alone are tried again. */
function useRevoking() {
  const { paths } = useDashboard();
  const forget = useForgetTokens();
  const [doneIds, setDoneIds] = useState<ReadonlySet<string>>(new Set());
  const [failed, setFailed] = useState<ReadonlyMap<string, ApiError>>(new Map());
  const run = async (tokens: readonly Token[], body: { scope?: 'lineage'; reason?: string }): Promise<string> => {
    const errors = new Map<string, ApiError>();
    let said = '';
    setFailed(errors);
    for (const { id, name } of tokens) {
      try {
        const { guarantee } = await call<Revocation>('DELETE', `${paths.tokens}/${id}`, { body });
        said = withGuarantee(`“${name}” is revoked.`, guarantee);
        setDoneIds((done) => new Set([...done, id]));
      } catch (error) {
        errors.set(id, error as ApiError);
      }
    }
    setFailed(new Map(errors));
    forget();
    const [first] = errors.values();
    if (first !== undefined) throw new ApiError({ ...first, message: failureText(first, tokens.length, errors.size) });
    return said;
  };
  return { run, failed, doneIds };
}

/** A revocation whose answer was lost may have been made; asking again is safe and says so. */
function failureText({ code, message }: ApiError, asked: number, failed: number): string {
  if (asked > 1) return `${asked - failed} of ${asked} were revoked. Below each of the others stands why not.`;
  if (code !== 'server_gone') return message;
  return 'The server did not answer, so it may or may not be revoked. Press the button again: that is safe.';
}

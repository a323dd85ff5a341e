import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Token, UpdatedToken } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { ConfirmDialog, say } from '../../ui/index.ts';
import { withGuarantee } from './guarantee.ts';
import { useForgetTokens } from './token-queries.ts';

interface DisableDialogProps {
  readonly token: Token;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Asks before a token is stopped for a while. */
export function DisableDialog({ token, open, onClose }: DisableDialogProps) {
  const { mutateAsync } = useDisabling(token, true);
  return (
    <ConfirmDialog
      open={open}
      onClose={onClose}
      title={`Disable “${token.name}”?`}
      confirmLabel="Disable"
      busyLabel="Disabling…"
      onConfirm={() => mutateAsync()}
    >
      <p>
        Every request with it is refused at once, until it is enabled again. Its value stays the same, so nothing has to
        be changed where it is used.
      </p>
    </ConfirmDialog>
  );
}

/** Lets a disabled token work again. */
export function useEnabling(token: Token) {
  return useDisabling(token, false);
}

function useDisabling({ id, name }: Token, disabled: boolean) {
  const { paths } = useDashboard();
  const forget = useForgetTokens();
  return useMutation<UpdatedToken, ApiError>({
    mutationFn: () => call<UpdatedToken>('PATCH', `${paths.tokens}/${id}`, { body: { disabled } }),
    onSuccess: ({ guarantee }) => {
      const state = disabled ? 'disabled' : 'enabled again';
      say(withGuarantee(`“${name}” is ${state}.`, guarantee));
    },
    onError: ({ message }) => {
      if (!disabled) say(message, 'bad');
    },
    onSettled: forget,
  });
}

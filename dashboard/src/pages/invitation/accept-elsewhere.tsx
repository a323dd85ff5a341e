import { useMutation } from '@tanstack/react-query';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useDashboard } from '../../api/queries.ts';
import { Button, ErrorNotice } from '../../ui/index.ts';
import { secretInAddress } from './secret-in-address.ts';

interface AcceptElsewhereProps {
  /** The link turned out to be over. */
  readonly onOver: () => void;
}

/** Accepts by signing in at a provider: the account with the invited address is who was invited. Nothing where there is none. */
export function AcceptElsewhere({ onOver }: AcceptElsewhereProps) {
  const { password, single_sign_on: providers } = useDashboard().sign_in;
  const accept = useMutation<{ readonly url: string }, ApiError, string>({
    gcTime: 0,
    mutationFn: (id) =>
      call('POST', `/v1/single-sign-on/${encodeURIComponent(id)}`, { body: { secret: secretInAddress } }),
    onSuccess: ({ url }) => location.assign(url),
    onError: ({ code }) => {
      if (code === 'link_invalid') onOver();
    },
  });
  if (providers.length === 0) return null;
  return (
    <div className="grid gap-2">
      {password && (
        <p className="my-3 flex items-center gap-3 text-sm text-soft before:flex-1 before:border-t before:border-line after:flex-1 after:border-t after:border-line">
          or
        </p>
      )}
      <ErrorNotice error={accept.error} />
      {providers.map(({ id, label }) => (
        <Button
          key={id}
          icon="building"
          look={password ? 'secondary' : 'primary'}
          busy={accept.isPending || accept.isSuccess}
          onClick={() => accept.mutate(id)}
        >
          {label}
        </Button>
      ))}
    </div>
  );
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { forgetPages, sessionQuery } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ButtonLink, ErrorNotice } from '../../ui/index.ts';
import { secretInAddress } from '../invitation/secret-in-address.ts';

/** Where a company sends its own staff: in at once, and with a question first where this browser is signed in already. */
export default function Staff() {
  const session = useQuery({ ...sessionQuery, retry: false, throwOnError: false, staleTime: 0 });
  const client = useQueryClient();
  const router = useRouter();
  const hasBegun = useRef(false);
  const open = useMutation<unknown, ApiError>({
    gcTime: 0,
    mutationFn: () => call('POST', '/v1/sessions/open', { body: { secret: secretInAddress } }),
    onSuccess: async () => {
      await client.fetchQuery({ ...sessionQuery, staleTime: 0 });
      void forgetPages(client);
      router.history.replace('/');
    },
  });
  const { mutate } = open;
  const isNobody = session.error?.name !== undefined && session.data === undefined;
  useEffect(() => {
    // The secret is good once: also where React draws a page twice.
    if (secretInAddress === '' || !isNobody || hasBegun.current) return;
    hasBegun.current = true;
    mutate();
  }, [isNobody, mutate]);
  if (secretInAddress === '' || open.error?.code === 'link_invalid') {
    return (
      <OutsideFrame>
        <div role="alert" className="grid gap-2">
          <h1 className="text-xl font-semibold tracking-tight">Open this page again</h1>
          <p className="text-soft">
            {secretInAddress === ''
              ? 'Come from your own application: its link opens this page, once.'
              : 'This link was used already, has expired, or was withdrawn. Open it again from where you came.'}
          </p>
        </div>
      </OutsideFrame>
    );
  }
  const self = session.data?.user;
  return (
    <OutsideFrame>
      <h1 className="text-xl font-semibold tracking-tight">Opening the dashboard</h1>
      <div className="mt-1 grid gap-4">
        <ErrorNotice error={open.error} />
        {self !== undefined && (
          <>
            <p className="mb-1 text-soft">
              This browser is signed in as{' '}
              <strong className="font-medium break-words text-ink">{self.email ?? self.name}</strong>. Go on with the
              link, and that session ends.
            </p>
            <Button look="primary" busy={open.isPending} onClick={() => mutate()}>
              Go on with the link
            </Button>
            <ButtonLink to="/" look="quiet">
              Stay signed in
            </ButtonLink>
          </>
        )}
        {self === undefined && open.error === null && (
          <p role="status" className="text-soft">
            One moment…
          </p>
        )}
        {self === undefined && open.error !== null && (
          <Button look="primary" busy={open.isPending} onClick={() => mutate()}>
            Try again
          </Button>
        )}
      </div>
    </OutsideFrame>
  );
}

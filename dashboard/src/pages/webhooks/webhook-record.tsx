import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { RotatedWebhook, Webhook } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { Button, ConfirmDialog, DayOf, RelativeTime, say, useKept } from '../../ui/index.ts';
import { OwnerFacts } from '../people/owner-facts.tsx';
import { RecordFrame } from '../people/record-frame.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookSecret } from './webhook-secret.tsx';
import { SETTINGS, WebhookState, webhookName } from './webhook-words.tsx';

/** One webhook with what became of every event. */
export default function WebhookRecord() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const query = useQuery<Webhook, ApiError>({
    queryKey: ['webhooks', 'record', id],
    queryFn: ({ signal }) => call<Webhook>('GET', `/v1/webhooks/${encodeURIComponent(id)}`, { signal }),
    staleTime: 0,
  });
  const may = useMay();
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <RecordFrame
      query={query}
      what="webhook"
      crumbs={[{ label: SETTINGS }, { label: 'Webhooks', to: '/webhooks' }]}
      nameOf={webhookName}
      badge={(webhook) => <WebhookState webhook={webhook} />}
      actions={(webhook) =>
        may('keyhouse-webhooks:write') && secret === null && <Actions webhook={webhook} onSecret={setSecret} />
      }
    >
      {(webhook) =>
        secret === null ? (
          <>
            <OwnerFacts
              facts={[
                { label: 'Address', value: <span className="font-mono text-sm break-all">{webhook.url}</span> },
                { label: 'Told of', value: webhook.event_types?.join(', ') ?? 'Everything' },
                { label: 'What it is for', value: webhook.description ?? 'Not said' },
                ...(webhook.failing_since === null
                  ? []
                  : [{ label: 'Failing since', value: <RelativeTime at={webhook.failing_since} /> }]),
                ...(webhook.previous_secret_ends_at === null
                  ? []
                  : [
                      {
                        label: 'The secret before signs too until',
                        value: <RelativeTime at={webhook.previous_secret_ends_at} />,
                      },
                    ]),
                { label: 'Created', value: <DayOf at={webhook.created_at} /> },
              ]}
            />
            <Deliveries webhook={webhook} />
          </>
        ) : (
          <WebhookSecret webhook={webhook} secret={secret} onDone={() => setSecret(null)} />
        )
      }
    </RecordFrame>
  );
}

type Asking = 'change' | 'rotate' | 'disable' | 'delete' | null;

function Actions({ webhook, onSecret }: { readonly webhook: Webhook; readonly onSecret: (secret: string) => void }) {
  const [asking, setAsking] = useState<Asking>(null);
  const navigate = useNavigate();
  const client = useQueryClient();
  const path = `/v1/webhooks/${webhook.id}`;
  const forget = () => client.invalidateQueries({ queryKey: ['webhooks'] });
  const isEnabled = webhook.state === 'enabled';
  const { isEnabled: wasEnabled } = useKept({ isEnabled }, asking === 'disable');
  const close = () => setAsking(null);
  return (
    <>
      <Button onClick={() => setAsking('change')}>Change</Button>
      <Button onClick={() => setAsking('rotate')}>Rotate secret</Button>
      <Button onClick={() => setAsking('disable')}>{isEnabled ? 'Disable' : 'Enable'}</Button>
      <Button onClick={() => setAsking('delete')}>Delete</Button>
      {asking === 'change' && <WebhookDialog webhook={webhook} onClose={close} />}
      <ConfirmDialog
        open={asking === 'rotate'}
        onClose={close}
        title="Give it a new secret?"
        confirmLabel="Rotate secret"
        busyLabel="Rotating"
        onConfirm={async () => {
          const { secret } = await call<RotatedWebhook>('POST', `${path}/rotate-secret`, { body: {} });
          void forget();
          onSecret(secret);
        }}
      >
        <p>It is shown once. For 24 hours deliveries are signed with both, so that nothing is missed meanwhile.</p>
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'disable'}
        onClose={close}
        title={wasEnabled ? 'Disable this webhook?' : 'Enable this webhook again?'}
        confirmLabel={wasEnabled ? 'Disable' : 'Enable'}
        busyLabel={wasEnabled ? 'Disabling' : 'Enabling'}
        dangerous={wasEnabled}
        onConfirm={async () => {
          await call<Webhook>('PATCH', path, { body: { disabled: wasEnabled } });
          await forget();
          say(wasEnabled ? 'It is told nothing any more.' : 'It is told what happens from now on.');
        }}
      >
        {wasEnabled ? (
          <p>It is told nothing any more, and what was still to be delivered is given up. Both can be made up for.</p>
        ) : (
          <p>It is told what happens from now on. What it missed is sent by “Send what was missed”.</p>
        )}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'delete'}
        onClose={close}
        title="Delete this webhook?"
        confirmLabel="Delete"
        busyLabel="Deleting"
        dangerous
        onConfirm={async () => {
          await call('DELETE', path);
          await navigate({ to: '/webhooks' });
          void forget();
          say('The webhook is deleted.');
        }}
      >
        <p>Its secret, and the list of what became of each event, go with it.</p>
      </ConfirmDialog>
    </>
  );
}

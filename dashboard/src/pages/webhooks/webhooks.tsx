import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { CreatedWebhook, Webhook } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import { Button, type Column, EmptyState, PageHeader, Pagination, RelativeTime, Table } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookSecret } from './webhook-secret.tsx';
import { SETTINGS, WebhookState, webhookName } from './webhook-words.tsx';

/** Addresses that are told what happens here. */
export default function Webhooks() {
  const words = useWords();
  const may = useMay();
  const [isCreating, setCreating] = useState(false);
  const [made, setMade] = useState<CreatedWebhook | null>(null);
  const { table, pagination } = useCursorPages<Webhook>(['webhooks', 'list'], '/v1/webhooks');
  return (
    <>
      <PageHeader
        crumbs={[{ label: SETTINGS }]}
        title="Webhooks"
        lead={`Programs of yours that are told what happens to ${words.tokens} and their owners, signed and at least once.`}
        actions={
          may('keyhouse-webhooks:write') &&
          made === null && (
            <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
              Create webhook
            </Button>
          )
        }
      />
      {made === null ? (
        <>
          <Table
            {...table}
            label="Webhooks"
            columns={COLUMNS}
            rowKey={({ id }) => id}
            expected={3}
            empty={
              <EmptyState icon="activity" title="Nobody is told yet">
                <p>
                  Create a webhook to have a program of yours told when a {words.token} is made, rotated or revoked, or
                  an owner is disabled.
                </p>
              </EmptyState>
            }
          />
          <Pagination {...pagination} />
        </>
      ) : (
        <WebhookSecret webhook={made} secret={made.secret} onDone={() => setMade(null)} />
      )}
      {isCreating && (
        <WebhookDialog
          webhook={null}
          onClose={() => setCreating(false)}
          onMade={(webhook) => {
            setCreating(false);
            setMade(webhook);
          }}
        />
      )}
    </>
  );
}

const COLUMNS: readonly Column<Webhook>[] = [
  {
    id: 'url',
    header: 'Address',
    heads: true,
    cell: (webhook) => (
      <div className="grid min-w-0">
        <Link
          to="/webhooks/$id"
          params={{ id: webhook.id }}
          className="font-medium break-all hover:text-accent hover:underline"
        >
          {webhookName(webhook)}
        </Link>
        {webhook.description !== null && <span className="text-sm break-words text-soft">{webhook.description}</span>}
      </div>
    ),
  },
  {
    id: 'types',
    header: 'Told of',
    cell: ({ event_types: types }) =>
      types === null ? 'Everything' : <span className="font-mono text-sm break-words">{types.join(', ')}</span>,
  },
  { id: 'state', header: 'State', cell: (webhook) => <WebhookState webhook={webhook} /> },
  { id: 'created', header: 'Created', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useAddressFields } from '../../api/address-fields.ts';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { ReplayedWebhook, Webhook, WebhookDelivery } from '../../api/operations.ts';
import { useMay } from '../../api/queries.ts';
import {
  Badge,
  type BadgeLook,
  Button,
  type Column,
  EmptyState,
  ErrorNotice,
  Pagination,
  RelativeTime,
  Select,
  say,
  Table,
} from '../../ui/index.ts';

const DAYS_KEPT = 30;
const DAY_MS = 24 * 60 * 60_000;

/** What became of each event at one webhook. */
export function Deliveries({ webhook }: { readonly webhook: Webhook }) {
  const may = useMay();
  const client = useQueryClient();
  const path = `/v1/webhooks/${webhook.id}`;
  const [{ state }, change] = useAddressFields<{ state: State }>({ state: '' }, { state: STATES });
  const { table, pagination } = useCursorPages<WebhookDelivery>(['webhooks', 'deliveries'], `${path}/deliveries`, {
    state,
  });
  const send = useMutation<unknown, ApiError, { readonly path: string; readonly body?: object; readonly said: Said }>({
    mutationFn: (asked) => call('POST', asked.path, { body: asked.body ?? {} }),
    onSuccess: async (answer, { said }) => {
      await client.invalidateQueries({ queryKey: ['webhooks'] });
      say(said(answer));
    },
  });
  const isWorkable = may('keyhouse-webhooks:write') && webhook.state === 'enabled';
  const replay = ({ id }: WebhookDelivery) =>
    send.mutate({ path: `${path}/deliveries/${id}/replay`, said: () => 'It is sent once more.' });
  const replayMissed = () =>
    send.mutate({
      path: `${path}/replay`,
      body: { since: new Date(Date.now() - DAYS_KEPT * DAY_MS).toISOString() },
      said: (answer) => missedSentence((answer as ReplayedWebhook).deliveries),
    });
  return (
    <section className="grid gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto text-lg font-semibold">Deliveries</h2>
        <Select
          aria-label="State"
          value={state}
          options={STATES}
          onValue={(value) => change({ state: value })}
          className="w-44 max-sm:flex-auto"
        />
        {isWorkable && (
          <>
            <Button onClick={replayMissed}>Send what was missed</Button>
            <Button
              busy={send.isPending}
              onClick={() => send.mutate({ path: `${path}/test`, said: () => 'A test is on its way.' })}
            >
              Send a test
            </Button>
          </>
        )}
      </div>
      <ErrorNotice error={send.error} />
      <Table
        {...table}
        label="Deliveries"
        columns={isWorkable ? [...COLUMNS, replayColumn(replay)] : COLUMNS}
        rowKey={({ id }) => id}
        expected={4}
        empty={
          <EmptyState icon="activity" title={state === '' ? 'Nothing to tell yet' : 'None is in this state'}>
            <p>{state === '' ? 'Send a test to see that it arrives.' : 'Choose another one to see the rest.'}</p>
          </EmptyState>
        }
      />
      <Pagination {...pagination} />
    </section>
  );
}

type Said = (answer: unknown) => string;

function missedSentence(count: number): string {
  if (count === 0) return 'Nothing was missed lately.';
  return count === 1 ? 'One event is sent that was missed.' : `${count} events are sent that were missed.`;
}

const STATES = [
  { value: '', label: 'Every state' },
  { value: 'pending', label: 'On its way' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'given_up', label: 'Given up' },
] as const;

type State = (typeof STATES)[number]['value'];

const LOOKS: Readonly<Record<WebhookDelivery['state'], BadgeLook>> = {
  pending: 'warn',
  delivered: 'good',
  given_up: 'bad',
};

const COLUMNS: readonly Column<WebhookDelivery>[] = [
  {
    id: 'event',
    header: 'Event',
    heads: true,
    cell: ({ event_type, event_id }) => (
      <div className="grid min-w-0">
        <span className="font-medium">{event_type}</span>
        <span className="font-mono text-xs break-all text-soft">{event_id}</span>
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ state }) => <Badge look={LOOKS[state]}>{STATES.find(({ value }) => value === state)?.label}</Badge>,
  },
  { id: 'outcome', header: 'What happened', cell: (delivery) => <Outcome delivery={delivery} /> },
  { id: 'at', header: 'Happened', cell: ({ event_at }) => <RelativeTime at={event_at} /> },
];

function replayColumn(replay: (delivery: WebhookDelivery) => void): Column<WebhookDelivery> {
  return {
    id: 'replay',
    header: 'Once more',
    headerHidden: true,
    align: 'right',
    cell: (delivery) => {
      const label = delivery.state === 'pending' ? 'Try now' : 'Send again';
      return (
        <Button size="small" aria-label={`${label}: ${delivery.event_type}`} onClick={() => replay(delivery)}>
          {label}
        </Button>
      );
    },
  };
}

function Outcome({ delivery }: { readonly delivery: WebhookDelivery }) {
  const { last_status, last_error, attempts, next_attempt_at, delivered_at } = delivery;
  const tried = attempts === 1 ? 'once' : `${attempts} times`;
  if (delivered_at !== null) {
    return (
      <span>
        Answered {last_status} <RelativeTime at={delivered_at} />
      </span>
    );
  }
  return (
    <div className="grid gap-0.5">
      {last_error !== null && <span className="break-words">{last_error}</span>}
      <span className="text-soft">
        {attempts === 0 ? 'Not tried yet' : `Tried ${tried}`}
        {next_attempt_at !== null && attempts > 0 && (
          <>
            , again <RelativeTime at={next_attempt_at} />
          </>
        )}
      </span>
    </div>
  );
}

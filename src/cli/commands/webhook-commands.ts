import type { DeliveryWire, WebhookWire } from '../../manage/index.ts';
import type { Call } from '../call.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { CommandFailure } from '../failure.ts';
import { moreLine } from '../lines.ts';
import { PAGE, readList } from '../options.ts';
import { table } from '../table.ts';

type Secretive = WebhookWire & { readonly secret: string };

const WEBHOOK = { syntax: '<webhook>', about: 'Id of the webhook: whk_…' } as const;
const FIELDS = [
  { flags: '--events <list>', about: 'Types it is told of: token.revoked,owner.disabled', reads: readList },
  { flags: '--description <text>', about: 'What it is for.' },
] as const;

const create: CommandSpec = {
  name: 'create',
  about: 'Create a webhook: an address that is told what happens.',
  details: 'The secret that deliveries are signed with is printed once.',
  options: [
    { flags: '--endpoint <url>', about: 'Where to: https://…', isRequired: true },
    ...FIELDS,
    { flags: '--workspace <id>', about: 'Told of this workspace alone (wsp_…); of every one when left out.' },
  ],
  examples: ['keyhouse webhook create --endpoint https://example.com/hooks --events token.revoked,token.rotated'],
  reach: 'anywhere',
  async run(call) {
    const body = {
      url: call.option('endpoint'),
      event_types: call.option('events'),
      description: call.option('description'),
      workspace_id: call.option('workspace'),
    };
    const reply = await call.ask({ method: 'POST', path: '/v1/webhooks', body });
    return call.show<Secretive>(reply, (webhook) => withSecret(call, webhook));
  },
};

const list: CommandSpec = {
  name: 'list',
  about: 'List webhooks, newest first.',
  options: PAGE,
  examples: ['keyhouse webhook list'],
  reach: 'anywhere',
  async run(call) {
    const query = { limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: '/v1/webhooks', query });
    return call.show<{ data: WebhookWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0 ? 'There is no webhook.\n' : tableOf(call, data) + moreLine(next_cursor),
    );
  },
};

const update: CommandSpec = {
  name: 'update',
  args: [WEBHOOK],
  about: 'Change a webhook.',
  options: [{ flags: '--endpoint <url>', about: 'Its new address.' }, ...FIELDS],
  examples: ['keyhouse webhook update whk_4n2hV9cWqTzL8xYbRk3MsA --events token.revoked'],
  reach: 'anywhere',
  async run(call) {
    const body = {
      url: call.option('endpoint'),
      event_types: call.option('events'),
      description: call.option('description'),
    };
    if (Object.values(body).every((value) => value === undefined)) {
      throw new CommandFailure('usage', 'Nothing to change was named.');
    }
    return patch(call, body, 'Changed.');
  },
};

const disable: CommandSpec = {
  name: 'disable',
  args: [WEBHOOK],
  about: 'Tell a webhook nothing any more, and give up what it was still to be told.',
  examples: ['keyhouse webhook disable whk_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  run: (call) => patch(call, { disabled: true }, 'Disabled.'),
};

const enable: CommandSpec = {
  name: 'enable',
  args: [WEBHOOK],
  about: 'Enable a webhook again, also one that Keyhouse has disabled.',
  details: 'What it missed is sent by `keyhouse webhook replay`.',
  examples: ['keyhouse webhook enable whk_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  run: (call) => patch(call, { disabled: false }, 'Enabled.'),
};

const remove: CommandSpec = {
  name: 'delete',
  args: [WEBHOOK],
  about: 'Delete a webhook with its deliveries.',
  examples: ['keyhouse webhook delete whk_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'DELETE', path: pathOf(call) });
    return call.show<{ id: string }>(reply, ({ id }) => `Deleted ${id}.\n`);
  },
};

const rotateSecret: CommandSpec = {
  name: 'rotate-secret',
  args: [WEBHOOK],
  about: 'Give a webhook a new secret; the old one signs beside it for 24 hours.',
  options: [{ flags: '--end-previous', about: 'The old secret signs nothing any more from now on.' }],
  examples: ['keyhouse webhook rotate-secret whk_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const body = { end_previous: call.flag('endPrevious') };
    const reply = await call.ask({ method: 'POST', path: `${pathOf(call)}/rotate-secret`, body });
    return call.show<Secretive>(reply, (webhook) => withSecret(call, webhook));
  },
};

const test: CommandSpec = {
  name: 'test',
  args: [WEBHOOK],
  about: 'Send a webhook an event that says nothing but that it is a test.',
  examples: ['keyhouse webhook test whk_4n2hV9cWqTzL8xYbRk3MsA'],
  reach: 'anywhere',
  async run(call) {
    const reply = await call.ask({ method: 'POST', path: `${pathOf(call)}/test` });
    return call.show<DeliveryWire>(reply, begun);
  },
};

const deliveries: CommandSpec = {
  name: 'deliveries',
  args: [WEBHOOK],
  about: 'Show what became of each event at a webhook, newest first.',
  options: [{ flags: '--state <state>', about: 'Only these.', choices: ['pending', 'delivered', 'given_up'] }, ...PAGE],
  examples: ['keyhouse webhook deliveries whk_4n2hV9cWqTzL8xYbRk3MsA --state given_up'],
  reach: 'anywhere',
  async run(call) {
    const query = { state: call.option('state'), limit: call.option('limit'), cursor: call.option('cursor') };
    const reply = await call.ask({ method: 'GET', path: `${pathOf(call)}/deliveries`, query });
    return call.show<{ data: DeliveryWire[]; next_cursor: string | null }>(reply, ({ data, next_cursor }) =>
      data.length === 0 ? 'No deliveries, as far as that goes.\n' : deliveryTable(call, data) + moreLine(next_cursor),
    );
  },
};

const replay: CommandSpec = {
  name: 'replay',
  args: [WEBHOOK],
  about: 'Deliver once more: one delivery, or what happened since a time and was not taken.',
  details: 'A delivery keeps its webhook-id, by which a receiver knows what it has already.',
  options: [
    { flags: '--delivery <id>', about: 'This one: dlv_…' },
    { flags: '--since <time>', about: 'Everything since then, as RFC 3339; events are kept for 30 days.' },
    { flags: '--include-delivered', about: 'With --since: what was taken already, too.' },
  ],
  examples: [
    'keyhouse webhook replay whk_4n2hV9cWqTzL8xYbRk3MsA --since 2027-01-15T00:00:00Z',
    'keyhouse webhook replay whk_4n2hV9cWqTzL8xYbRk3MsA --delivery dlv_4n2hV9cWqTzL8xYbRk3MsA',
  ],
  reach: 'anywhere',
  async run(call) {
    const [delivery, since] = [call.option('delivery'), call.option('since')];
    if ((delivery === undefined) === (since === undefined)) {
      throw new CommandFailure('usage', 'Name one of --delivery and --since.');
    }
    if (delivery !== undefined) {
      const path = `${pathOf(call)}/deliveries/${encodeURIComponent(delivery)}/replay`;
      return call.show<DeliveryWire>(await call.ask({ method: 'POST', path }), begun);
    }
    const body = { since, include_delivered: call.flag('includeDelivered') };
    const reply = await call.ask({ method: 'POST', path: `${pathOf(call)}/replay`, body });
    return call.show<{ deliveries: number }>(reply, ({ deliveries: count }) =>
      count === 0 ? 'There is nothing to deliver since then.\n' : `Deliveries begun: ${count}.\n`,
    );
  },
};

async function patch(call: Call, body: object, done: string) {
  const reply = await call.ask({ method: 'PATCH', path: pathOf(call), body });
  return call.show<WebhookWire>(reply, (webhook) => `${tableOf(call, [webhook])}\n${done}\n`);
}

function pathOf(call: Call): string {
  return `/v1/webhooks/${encodeURIComponent(call.argument(0))}`;
}

function begun({ webhook_id: id, event_id }: DeliveryWire): string {
  return `${event_id} is on its way. What becomes of it: keyhouse webhook deliveries ${id}\n`;
}

function withSecret(call: Call, webhook: Secretive): string {
  return `${tableOf(call, [webhook])}\nSecret, shown this once: ${webhook.secret}\n`;
}

function tableOf(call: Call, webhooks: readonly WebhookWire[]): string {
  return table(
    webhooks,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'ADDRESS', of: ({ url }) => url },
      { title: 'TOLD OF', of: ({ event_types }) => event_types?.join(', ') ?? 'everything' },
      { title: 'WORKSPACE', of: ({ workspace_id }) => workspace_id ?? 'every one' },
      {
        title: 'STATE',
        of: ({ state, disabled_why: why }) => (why === 'failing' ? `${state}: failed for days` : state),
      },
      { title: 'FAILING SINCE', of: ({ failing_since }) => failing_since },
    ],
    call.paint,
  );
}

function deliveryTable(call: Call, rows: readonly DeliveryWire[]): string {
  return table(
    rows,
    [
      { title: 'ID', of: ({ id }) => id },
      { title: 'EVENT', of: ({ event_type }) => event_type },
      { title: 'HAPPENED', of: ({ event_at }) => event_at },
      { title: 'STATE', of: ({ state }) => state.replace('_', ' ') },
      { title: 'TRIED', of: ({ attempts }) => String(attempts) },
      { title: 'AGAIN', of: ({ next_attempt_at }) => next_attempt_at },
      { title: 'WHY NOT', of: ({ last_error }) => last_error },
    ],
    call.paint,
  );
}

export const webhookCommands: CommandGroup = {
  name: 'webhook',
  about: 'Addresses that are told what happens, and what became of it.',
  commands: [create, list, update, disable, enable, remove, rotateSecret, test, deliveries, replay],
};

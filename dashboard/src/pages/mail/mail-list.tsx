import { useAddressFields } from '../../api/address-fields.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Mail } from '../../api/operations.ts';
import {
  Badge,
  type BadgeLook,
  type Column,
  EmptyState,
  PageHeader,
  Pagination,
  RelativeTime,
  Select,
  Table,
} from '../../ui/index.ts';

/** What was mailed lately and what became of it. */
export default function MailList() {
  const [{ state }, change] = useAddressFields<{ state: State }>({ state: '' }, { state: STATES });
  const { table, pagination } = useCursorPages<Mail>(['mail'], '/v1/mails', { state });
  return (
    <>
      <PageHeader
        title="Mail"
        lead="Invitations, links for a new password and notices, and whether the mail server has taken them. Kept for 30 days."
      />
      <search className="mb-3 flex flex-wrap items-center gap-2" aria-label="Find mails">
        <Select
          aria-label="State"
          value={state}
          options={STATES}
          onValue={(value) => change({ state: value })}
          className="w-52 max-sm:flex-auto"
        />
      </search>
      <Table
        {...table}
        label="Mail"
        columns={COLUMNS}
        rowKey={({ id }) => id}
        empty={
          state === '' ? (
            <EmptyState icon="mail" title="Nothing was mailed yet">
              <p>
                With a mail server set up, invitations and links for a new password are mailed, and stand here with what
                became of them. Without one, whoever invites hands the link over.
              </p>
            </EmptyState>
          ) : (
            <EmptyState icon="search" title="No mail is in this state">
              <p>Choose another one to see the rest.</p>
            </EmptyState>
          )
        }
      />
      <Pagination {...pagination} />
    </>
  );
}

const STATES = [
  { value: '', label: 'Every state' },
  { value: 'pending', label: 'On its way' },
  { value: 'sent', label: 'Sent' },
  { value: 'given_up', label: 'Given up' },
] as const;

type State = (typeof STATES)[number]['value'];

const LOOKS: Readonly<Record<Mail['state'], BadgeLook>> = { pending: 'warn', sent: 'good', given_up: 'bad' };

/** What a mail is about; one that this page does not know is called by its own name. */
const ABOUT: Readonly<Record<string, string>> = {
  invitation: 'Invitation',
  password_reset: 'Link for a new password',
  password_changed: 'Password changed',
  second_factor_added: 'Second factor added',
  second_factor_removed: 'Second factor removed',
  new_sign_in: 'New sign-in',
  webhook_disabled: 'Webhook disabled',
};

/** What somebody can do about a mail whose link is gone. */
const INSTEAD: Readonly<Record<string, string>> = {
  invitation: 'Invite them again under Users.',
  password_reset: 'They can ask for a new link on the sign-in page.',
};

const COLUMNS: readonly Column<Mail>[] = [
  {
    id: 'about',
    header: 'Mail',
    heads: true,
    cell: ({ template, to }) => (
      <div className="grid min-w-0">
        <span className="font-medium">{ABOUT[template] ?? template}</span>
        <span className="text-xs break-all text-soft">{to}</span>
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (mail) => <Badge look={LOOKS[mail.state]}>{STATES.find(({ value }) => value === mail.state)?.label}</Badge>,
  },
  { id: 'outcome', header: 'What happened', cell: (mail) => <Outcome mail={mail} /> },
  { id: 'created', header: 'Written', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

function Outcome({ mail }: { readonly mail: Mail }) {
  const { state, sent_at, attempts, last_error, next_attempt_at, template } = mail;
  if (sent_at !== null) {
    return (
      <span>
        Taken by the mail server <RelativeTime at={sent_at} />
      </span>
    );
  }
  return (
    <div className="grid gap-0.5">
      {last_error !== null && <span className="break-words">{last_error}</span>}
      {state === 'given_up' && INSTEAD[template] !== undefined && (
        <span className="text-soft">{INSTEAD[template]}</span>
      )}
      {next_attempt_at !== null && attempts > 0 && (
        <span className="text-soft">
          Tried {attempts === 1 ? 'once' : `${attempts} times`}, again <RelativeTime at={next_attempt_at} />
        </span>
      )}
      {attempts === 0 && state === 'pending' && <span className="text-soft">Not tried yet</span>}
    </div>
  );
}

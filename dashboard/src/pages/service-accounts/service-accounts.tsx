import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAddressFields } from '../../api/address-fields.ts';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Owner } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import {
  Button,
  type Column,
  EmptyState,
  Field,
  FormDialog,
  PageHeader,
  Pagination,
  RelativeTime,
  SearchBox,
  Select,
  Table,
  TextInput,
} from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { type Given, GivenFields, NOTHING } from '../people/given-fields.tsx';
import { nameOf, OwnerState, rolesSummary, workspacesSummary } from '../people/owner-words.tsx';
import { useForgetPeople, useWorkspaces } from '../people/people-queries.ts';

/** Owners for programs that are nobody's own. */
export default function ServiceAccounts() {
  const words = useWords();
  const may = useMay();
  const [{ search }, change] = useAddressFields({ search: '' });
  const [isCreating, setCreating] = useState(false);
  const { table, pagination } = useCursorPages<Owner>(['people', 'service-accounts'], '/v1/service-accounts', {
    search,
  });
  const create = may('keyhouse-service-accounts:write') && (
    <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
      Create service account
    </Button>
  );
  return (
    <>
      <PageHeader
        crumbs={[{ label: PEOPLE }]}
        title="Service accounts"
        lead={`Owners for programs that belong to no single person: their ${words.tokens} go on working when somebody leaves.`}
        actions={create}
      />
      <search className="mb-3 flex" aria-label="Find service accounts">
        <SearchBox text={search} onText={(text) => change({ search: text })} label="Search service accounts" />
      </search>
      <Table
        {...table}
        label="Service accounts"
        columns={COLUMNS}
        rowKey={({ id }) => id}
        expected={4}
        empty={
          search === '' ? (
            <EmptyState icon="system" title="No service accounts yet" action={create}>
              <p>
                A nightly job or a server needs {words.aToken} that outlives its maker. Create an account for it, say
                what it may do, and make its {words.token} from its record. Nobody signs in as a service account.
              </p>
            </EmptyState>
          ) : (
            <EmptyState icon="search" title="No service account like that">
              <p>Names are searched, from their beginning or in the middle. Try a shorter part.</p>
            </EmptyState>
          )
        }
      />
      <Pagination {...pagination} />
      {isCreating && <CreateDialog onClose={() => setCreating(false)} />}
    </>
  );
}

const COLUMNS: readonly Column<Owner>[] = [
  {
    id: 'name',
    header: 'Name',
    heads: true,
    cell: (account) => (
      <Link
        to="/service-accounts/$id"
        params={{ id: account.id }}
        className="min-w-0 font-medium break-words hover:text-accent hover:underline"
      >
        {nameOf(account)}
      </Link>
    ),
  },
  { id: 'roles', header: 'May do', cell: rolesSummary },
  { id: 'workspaces', header: 'Workspaces', wide: true, cell: workspacesSummary },
  { id: 'state', header: 'State', cell: (account) => <OwnerState owner={account} /> },
  { id: 'created', header: 'Created', cell: ({ created_at }) => <RelativeTime at={created_at} /> },
];

const FIELDS = ['name', 'permissions'] as const;

function CreateDialog({ onClose }: { readonly onClose: () => void }) {
  const { workspace } = useSession();
  const places = useWorkspaces()?.filter(({ disabled }) => !disabled) ?? [];
  const navigate = useNavigate();
  const forget = useForgetPeople();
  const [name, setName] = useState('');
  const [workspaceId, setWorkspaceId] = useState(workspace.id);
  const [given, setGiven] = useState<Given>(NOTHING);
  const [isSent, setSent] = useState(false);
  const create = useMutation<Owner, ApiError>({
    mutationFn: () =>
      call<Owner>('POST', '/v1/service-accounts', {
        body: { name: name.trim(), workspace: { id: workspaceId }, ...given },
      }),
    onSuccess: async ({ id }) => {
      await forget();
      await navigate({ to: '/service-accounts/$id', params: { id } });
    },
  });
  const submit = () => {
    setSent(true);
    if (name.trim() !== '') create.mutate();
  };
  return (
    <FormDialog
      onClose={onClose}
      title="Create service account"
      submitLabel="Create"
      busy={create.isPending}
      error={create.error}
      shown={FIELDS}
      onSubmit={submit}
    >
      <Field
        label="Name"
        hint="What it is for, such as “nightly backups”."
        problem={isSent && name.trim() === '' ? 'Give it a name.' : create.error?.problemOf('name')}
      >
        <TextInput autoFocus maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      {places.length > 1 && (
        <Field label="Workspace">
          <Select
            value={workspaceId}
            options={places.map((place) => ({ value: place.id, label: place.name }))}
            onValue={setWorkspaceId}
          />
        </Field>
      )}
      <GivenFields given={given} onChange={setGiven} problem={create.error?.problemOf('permissions')} />
    </FormDialog>
  );
}

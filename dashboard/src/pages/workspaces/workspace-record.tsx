import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useAddressFields } from '../../api/address-fields.ts';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { useCursorPages } from '../../api/cursor-pages.ts';
import type { Owner, UpdatedWorkspace, Workspace } from '../../api/operations.ts';
import { useMay, useSession } from '../../api/queries.ts';
import {
  Badge,
  Button,
  type Column,
  ConfirmDialog,
  DayOf,
  Pagination,
  say,
  Table,
  Tabs,
  useKept,
} from '../../ui/index.ts';
import { PEOPLE, useWords } from '../../words.ts';
import { OwnerFacts } from '../people/owner-facts.tsx';
import { givenSummary, nameOf, OwnerState } from '../people/owner-words.tsx';
import { useForgetPeople, useWorking } from '../people/people-queries.ts';
import { RecordFrame } from '../people/record-frame.tsx';
import { stopSentence } from '../people/working-count.ts';
import { withGuarantee } from '../tokens/guarantee.ts';
import { WorkspaceDialog } from './workspace-dialog.tsx';

/** One workspace with whoever belongs to it. */
export default function WorkspaceRecord() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string };
  const path = `/v1/workspaces/${encodeURIComponent(id)}`;
  const query = useQuery<Workspace, ApiError>({
    queryKey: ['people', 'workspaces', 'record', id],
    queryFn: ({ signal }) => call<Workspace>('GET', path, { signal }),
    staleTime: 0,
  });
  const may = useMay();
  const [isRenaming, setRenaming] = useState(false);
  return (
    <RecordFrame
      query={query}
      what="workspace"
      crumbs={[{ label: PEOPLE }, { label: 'Workspaces', to: '/workspaces' }]}
      nameOf={({ name }) => name}
      badge={({ disabled, home }) => (
        <>
          {disabled ? <Badge look="warn">Disabled</Badge> : <Badge look="good">Active</Badge>}
          {home && <Badge>Your own</Badge>}
        </>
      )}
      actions={(workspace) =>
        may('keyhouse-workspaces:write') && (
          <>
            <Button onClick={() => setRenaming(true)}>Rename</Button>
            <DisableWorkspace workspace={workspace} path={path} />
            {isRenaming && <WorkspaceDialog workspace={workspace} onClose={() => setRenaming(false)} />}
          </>
        )
      }
    >
      {(workspace) => (
        <>
          <OwnerFacts
            facts={[
              { label: 'Id in your system', value: workspace.external_id ?? 'None' },
              { label: 'Created', value: <DayOf at={workspace.created_at} /> },
              { label: 'Id', value: <span className="font-mono text-sm">{workspace.id}</span> },
            ]}
          />
          <Members workspace={workspace} />
        </>
      )}
    </RecordFrame>
  );
}

function DisableWorkspace({ workspace, path }: { readonly workspace: Workspace; readonly path: string }) {
  const words = useWords();
  const forget = useForgetPeople();
  const session = useSession();
  const working = useWorking({ workspace_id: workspace.id });
  const [isAsking, setAsking] = useState(false);
  const { name } = workspace;
  const asked = useKept({ disabled: workspace.disabled, sentence: stopSentence(words, working, name) }, isAsking);
  // Whoever stops the place they work in could not come back to start it again.
  if (workspace.home || (workspace.id === session.workspace.id && !workspace.disabled)) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{workspace.disabled ? 'Enable' : 'Disable'}</Button>
      <ConfirmDialog
        open={isAsking}
        onClose={() => setAsking(false)}
        title={asked.disabled ? `Enable ${name} again?` : `Disable ${name}?`}
        confirmLabel={asked.disabled ? 'Enable' : 'Disable'}
        busyLabel={asked.disabled ? 'Enabling' : 'Disabling'}
        dangerous={!asked.disabled}
        onConfirm={async () => {
          const { guarantee } = await call<UpdatedWorkspace>('PATCH', path, { body: { disabled: !asked.disabled } });
          void forget();
          say(asked.disabled ? `${name} is enabled again.` : withGuarantee(`${name} is disabled.`, guarantee));
        }}
      >
        {asked.disabled ? (
          <p>
            Its people can work in it again, and every {words.token} of it that has neither ended nor been revoked works
            again at once.
          </p>
        ) : (
          <div className="grid gap-2">
            <p>{asked.sentence}</p>
            <p>Its people can no longer work in it. Whoever belongs to another workspace goes on there.</p>
            <p>Nothing is deleted: enabling lets everything work again.</p>
          </div>
        )}
      </ConfirmDialog>
    </>
  );
}

const KINDS = [
  { value: 'users', label: 'Users', needs: 'keyhouse-users:read', page: '/people' },
  {
    value: 'service-accounts',
    label: 'Service accounts',
    needs: 'keyhouse-service-accounts:read',
    page: '/service-accounts',
  },
  { value: 'owners', label: 'Owners from your system', needs: 'keyhouse-owners:read', page: '/owners' },
] as const;

type Kind = (typeof KINDS)[number];

function Members({ workspace }: { readonly workspace: Workspace }) {
  const may = useMay();
  const [{ tab }, change] = useAddressFields({ tab: '' });
  const kinds = KINDS.filter(({ needs }) => may(needs));
  const [first] = kinds;
  if (first === undefined) return null;
  return (
    <section>
      <h2 className="mb-2 text-lg font-semibold">Members</h2>
      <Tabs
        label="Members"
        value={kinds.find(({ value }) => value === tab)?.value ?? first.value}
        onValue={(value) => change({ tab: value })}
        tabs={kinds.map((kind) => ({
          value: kind.value,
          label: kind.label,
          panel: <MemberTable workspace={workspace} kind={kind} />,
        }))}
      />
    </section>
  );
}

function MemberTable({ workspace, kind }: { readonly workspace: Workspace; readonly kind: Kind }) {
  const asked = { workspace_id: workspace.id };
  const { table, pagination } = useCursorPages<Owner>(['people', 'members'], `/v1/${kind.value}`, asked);
  const columns: readonly Column<Owner>[] = [
    {
      id: 'name',
      header: 'Name',
      heads: true,
      cell: (owner) => (
        <Link
          to={`${kind.page}/${encodeURIComponent(owner.external_id ?? owner.id)}`}
          className="min-w-0 font-medium break-words hover:text-accent hover:underline"
        >
          {nameOf(owner)}
        </Link>
      ),
    },
    {
      id: 'given',
      header: 'May do here',
      cell: ({ memberships }) => {
        const here = memberships.find((one) => one.workspace.id === workspace.id);
        return here === undefined ? 'Nothing' : givenSummary(here);
      },
    },
    { id: 'state', header: 'State', cell: (owner) => <OwnerState owner={owner} /> },
  ];
  return (
    <>
      <Table
        {...table}
        label={kind.label}
        columns={columns}
        rowKey={({ id }) => id}
        expected={3}
        empty={
          <p className="rounded-lg border border-dashed border-edge px-4 py-6 text-center text-soft">
            None belong to {workspace.name} yet.
          </p>
        }
      />
      <Pagination {...pagination} />
    </>
  );
}

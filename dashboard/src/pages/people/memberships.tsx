import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Owner, UpdatedOwner } from '../../api/operations.ts';
import { Badge, Button, ConfirmDialog, Field, FormDialog, Notice, Select, say, useKept } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { withGuarantee } from '../tokens/guarantee.ts';
import { type Given, GivenFields, NOTHING } from './given-fields.tsx';
import { nameOf } from './owner-words.tsx';
import { useForgetPeople, useWorkspaces } from './people-queries.ts';

type Membership = Owner['memberships'][number];

interface MembershipsProps {
  readonly owner: Owner;
  readonly path: string;
  readonly mayChange: boolean;
}

/** Where somebody belongs and what they may do there. */
export function Memberships({ owner, path, mayChange }: MembershipsProps) {
  const [editing, setEditing] = useState<Membership | 'new' | null>(null);
  const [leaving, setLeaving] = useState<Membership | null>(null);
  const workspaces = useWorkspaces()?.filter(
    ({ id, disabled }) => !disabled && !owner.memberships.some(({ workspace }) => workspace.id === id),
  );
  const shownLeaving = useKept(leaving, leaving !== null);
  const change = useMembershipChange(path);
  const words = useWords();
  const name = nameOf(owner);
  return (
    <section>
      <div className="mb-3 flex items-center justify-between gap-3">
        <h2 className="text-lg font-semibold">Workspaces and roles</h2>
        {mayChange && workspaces !== undefined && workspaces.length > 0 && (
          <Button size="small" icon="plus" onClick={() => setEditing('new')}>
            Add to a workspace
          </Button>
        )}
      </div>
      {owner.memberships.length === 0 ? (
        <p className="rounded-lg border border-dashed border-edge px-4 py-6 text-center text-soft">
          {name} is in no workspace, and may do nothing.
        </p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {owner.memberships.map((membership) => (
            <li
              key={membership.workspace.id}
              className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 px-4 py-3"
            >
              <div className="min-w-0 flex-1">
                <p className="font-medium break-words">{membership.workspace.name}</p>
                <GivenList given={membership} />
              </div>
              {mayChange && (
                <div className="flex gap-2">
                  <Button size="small" onClick={() => setEditing(membership)}>
                    Change
                  </Button>
                  <Button size="small" onClick={() => setLeaving(membership)}>
                    Remove
                  </Button>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {editing !== null && (
        <MembershipDialog
          owner={owner}
          membership={editing === 'new' ? null : editing}
          workspaces={workspaces ?? []}
          path={path}
          onClose={() => setEditing(null)}
        />
      )}
      <ConfirmDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Remove ${name} from ${shownLeaving?.workspace.name ?? ''}?`}
        confirmLabel="Remove"
        busyLabel="Removing"
        onConfirm={async () => {
          await change(owner.memberships.filter((one) => one !== leaving).map(asInput));
        }}
      >
        <p>
          Every {words.token} that {name} has there stops at once: the very next request with it is refused. Other
          workspaces stay as they are.
        </p>
      </ConfirmDialog>
    </section>
  );
}

function GivenList({ given: { roles, permissions } }: { readonly given: Given }) {
  if (roles.length + permissions.length === 0) return <p className="text-sm text-soft">May do nothing yet.</p>;
  return (
    <p className="mt-1.5 flex flex-wrap gap-1.5">
      {roles.map((role) => (
        <Badge key={role}>{role}</Badge>
      ))}
      {permissions.map((permission) => (
        <code key={permission} className="rounded bg-raised px-1.5 text-xs leading-5 break-all">
          {permission}
        </code>
      ))}
    </p>
  );
}

interface MembershipDialogProps {
  readonly owner: Owner;
  /** null for one in another workspace. */
  readonly membership: Membership | null;
  readonly workspaces: readonly { readonly id: string; readonly name: string }[];
  readonly path: string;
  readonly onClose: () => void;
}

function MembershipDialog({ owner, membership, workspaces, path, onClose }: MembershipDialogProps) {
  const words = useWords();
  const [given, setGiven] = useState<Given>(membership ?? NOTHING);
  const [workspaceId, setWorkspaceId] = useState(membership?.workspace.id ?? workspaces[0]?.id ?? '');
  const change = useMembershipChange(path);
  const save = useMutation<void, ApiError>({
    mutationFn: () => {
      const wanted = { workspace: { id: workspaceId }, roles: given.roles, permissions: given.permissions };
      return change([
        ...owner.memberships.filter(({ workspace }) => workspace.id !== workspaceId).map(asInput),
        wanted,
      ]);
    },
    onSuccess: onClose,
  });
  const isCut =
    membership !== null &&
    (membership.roles.some((role) => !given.roles.includes(role)) ||
      membership.permissions.some((permission) => !given.permissions.includes(permission)));
  return (
    <FormDialog
      onClose={onClose}
      title={
        membership === null ? 'Add to a workspace' : `What ${nameOf(owner)} may do in ${membership.workspace.name}`
      }
      submitLabel="Save"
      busy={save.isPending}
      error={save.error}
      onSubmit={save.mutate}
    >
      {membership === null && (
        <Field label="Workspace">
          <Select
            value={workspaceId}
            options={workspaces.map(({ id, name }) => ({ value: id, label: name }))}
            onValue={setWorkspaceId}
          />
        </Field>
      )}
      <GivenFields given={given} onChange={setGiven} problem={undefined} />
      {isCut && (
        <Notice look="warn">
          You are taking something away. From the very next request on, no {words.token} of {nameOf(owner)} can do it
          any more.
        </Notice>
      )}
    </FormDialog>
  );
}

function asInput({ workspace, permissions, roles }: Membership) {
  return { workspace: { id: workspace.id }, permissions, roles };
}

type MembershipInput = Readonly<Omit<ReturnType<typeof asInput>, 'permissions' | 'roles'>> & Given;

function useMembershipChange(path: string) {
  const forget = useForgetPeople();
  return async (memberships: readonly MembershipInput[]): Promise<void> => {
    const { guarantee } = await call<UpdatedOwner>('PATCH', path, { body: { memberships } });
    await forget();
    say(withGuarantee('Saved.', guarantee));
  };
}

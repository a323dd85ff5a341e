import type { Call } from './call.ts';
import { guaranteeLine } from './lines.ts';
import { facts, type Paint, table } from './table.ts';
import { minutes } from './token-view.ts';

/** An owner of any kind, as the API answers it. */
export interface OwnerAnswer {
  readonly id: string;
  readonly kind: string;
  readonly external_id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly disabled: boolean;
  readonly memberships: readonly {
    readonly workspace: { readonly id: string; readonly external_id: string | null; readonly name: string };
    readonly permissions: readonly string[];
    readonly roles: readonly string[];
  }[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly created_at: string;
  readonly guarantee?: { readonly class: string; readonly milliseconds: number };
}

export function ownerTable(owners: readonly OwnerAnswer[], paint: Paint): string {
  const isExternal = owners.some(({ kind }) => kind === 'external');
  return table(
    owners,
    [
      { title: 'ID', of: ({ id }) => id },
      ...(isExternal ? [{ title: 'EXTERNAL ID', of: ({ external_id }: OwnerAnswer) => external_id }] : []),
      { title: 'NAME', of: ({ name }) => name },
      { title: 'E-MAIL', of: ({ email }) => email },
      { title: 'STATE', of: ({ disabled }) => (disabled ? 'disabled' : 'active') },
      { title: 'MEMBER OF', of: ({ memberships }) => memberships.map(({ workspace }) => workspace.name).join(', ') },
    ],
    paint,
  );
}

export function ownerFacts(owner: OwnerAnswer, paint: Paint): string {
  const memberships = owner.memberships.map(({ workspace, permissions, roles }): [string, string] => [
    `in ${workspace.name}`,
    [...roles.map((role) => `role ${role}`), ...permissions].join(', ') || 'nothing',
  ]);
  return facts(
    [
      ['id', owner.id],
      ['external id', owner.external_id],
      ['name', owner.name],
      ['e-mail', owner.email],
      ['state', owner.disabled ? 'disabled: none of its tokens works' : 'active'],
      ...memberships,
      ['metadata', Object.keys(owner.metadata).length === 0 ? null : JSON.stringify(owner.metadata)],
      ['created', minutes(owner.created_at)],
    ],
    paint,
  );
}

/** An owner after a change of it. */
export function changedOwner(call: Call, owner: OwnerAnswer, done: string): string {
  return `${ownerFacts(owner, call.paint)}\n${done}${guaranteeLine(owner.guarantee)}\n`;
}

/** An owner that is gone. */
export interface EndedAnswer {
  readonly id: string;
  readonly revoked_ids: readonly string[];
  readonly guarantee: { readonly class: string; readonly milliseconds: number };
}

export function endedOwner({ id, revoked_ids, guarantee }: EndedAnswer): string {
  const tokens = revoked_ids.length === 1 ? '1 token' : `${revoked_ids.length} tokens`;
  return `Deleted ${id}, and revoked ${tokens} of it.${guaranteeLine(guarantee)}\n`;
}

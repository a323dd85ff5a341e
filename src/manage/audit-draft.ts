import type { AuditDraft, Subject } from '../ports/index.ts';
import type { Caller } from './caller.ts';

/**
 * What a change makes of fields that belong to a person, for the erasable part of its entry: `name`, and `name_before`.
 * Fields that stay as they are, and sides that are empty, are left out.
 */
export function personalChange<Field extends string>(
  before: Readonly<Record<Field, string | null>> | null,
  after: Readonly<Record<Field, string | null>>,
  fields: readonly Field[],
): Readonly<Record<string, string | null>> {
  const changed = fields.filter((field) => before?.[field] !== after[field]);
  return Object.fromEntries(
    changed.flatMap((field) => [
      [field, after[field]],
      [`${field}_before`, before?.[field] ?? null],
    ]),
  );
}

/** An audit draft with what every change has in common: when, who, from where, in which request. */
export function auditDraft(
  caller: Caller,
  at: number,
  entry: {
    readonly action: string;
    readonly subject: Subject | null;
    readonly workspaceId: string | null;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly personal?: Readonly<Record<string, string | null | undefined>>;
    /** The person or account the provider says asked for it. */
    readonly namedActor?: { readonly external_id: string; readonly ip?: string | undefined } | undefined;
  },
): AuditDraft {
  // Nobody of the staff names another in their place.
  const namedActor = caller.staff === undefined ? (entry.namedActor ?? caller.namedActor) : caller.namedActor;
  const personal = { ip: caller.circumstances.ip, actor_ip: entry.namedActor?.ip, ...entry.personal };
  return {
    at,
    action: entry.action,
    actor: caller.staff?.session.createdBy ?? caller.actor,
    onBehalfOf: namedActor === undefined ? null : { kind: 'external', id: namedActor.external_id },
    subject: entry.subject,
    workspaceId: entry.workspaceId,
    requestId: caller.circumstances.requestId,
    details: entry.details ?? {},
    personal: Object.fromEntries(
      Object.entries(personal).filter((field): field is [string, string] => typeof field[1] === 'string'),
    ),
  };
}

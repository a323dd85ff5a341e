import { z } from 'zod';
import type { OwnerKind, OwnerRecord, Transaction, TrialRecord, TrialSubject, TrialTerms } from '../ports/index.ts';
import { applyProfile } from './apply-profile.ts';
import { type Caller, requirePermission } from './caller.ts';
import type { ManagementPermission } from './management-permissions.ts';
import { type Engine, type Operation, perform, readInput } from './operation.ts';
import { ownerFields } from './owner-input.ts';
import { putOwner } from './put-owner.ts';
import { type InputProblem, Rejection } from './rejection.ts';
import { externalIdSchema, idSchema } from './schemas.ts';
import { settingsSchema } from './token-input.ts';
import { updateRole } from './update-role.ts';
import { updateServiceAccount } from './update-service-account.ts';
import { updateToken } from './update-token.ts';
import { updateUser } from './update-user.ts';

export const KINDS = ['token', 'owner', 'role', 'profile'] as const satisfies readonly TrialSubject['kind'][];

export const subjectSchema = z
  .strictObject({
    kind: z.enum(KINDS),
    id: idSchema.optional().describe('Of the token, the owner or the role'),
    external_id: externalIdSchema.optional().describe('Instead of id: your own id of an owner'),
  })
  .superRefine(({ kind, id, external_id: externalId }, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', message, path: [field] });
    if (kind !== 'owner' && externalId !== undefined) refuse('external_id', 'Only an owner has one.');
    if (kind === 'profile' && id !== undefined) refuse('id', 'There is one profile in force, and it needs no id.');
    if (kind === 'owner' && (id === undefined) === (externalId === undefined))
      refuse('id', 'Name the owner by id or by external_id.');
    if ((kind === 'token' || kind === 'role') && id === undefined) refuse('id', `Say which ${kind}.`);
  });
export type SubjectInput = z.infer<typeof subjectSchema>;

const { permissions, level, inherit, ip_allowlist, expires_at, expires_in, tier, limits } = settingsSchema;
const { memberships, workspace, roles } = ownerFields;

/** What of each kind can be put on trial: all that a change of it may narrow without ending it. */
const CHANGES = {
  token: z.strictObject({ permissions, level, inherit, ip_allowlist, expires_at, expires_in, tier, limits }),
  owner: z.strictObject({ memberships, workspace, permissions: ownerFields.permissions, roles }),
  role: z.strictObject({ permissions: settingsSchema.permissions }),
  profile: z.record(z.string(), z.unknown()),
};

/** An operation that makes changes of one kind. */
export interface ChangeOperation {
  readonly id: string;
  readonly needs: ManagementPermission;
  /** @throws {Rejection} */
  readonly perform: (engine: Engine, caller: Caller, input: unknown) => Promise<unknown>;
}

/** A real change: the operation that makes it, and what it is given. */
export interface RealChange {
  readonly subject: TrialSubject;
  readonly operation: ChangeOperation;
  readonly input: Readonly<Record<string, unknown>>;
}

function changing<Input, Output, Given>(operation: Operation<Input, Output, Given>): ChangeOperation {
  const { id, access } = operation;
  if (!('needs' in access)) throw new TypeError(`${id} needs no permission`);
  return {
    id,
    needs: access.needs,
    perform: (engine, caller, input) => perform(operation, engine, caller, input),
  };
}

const OF_TOKEN = changing(updateToken);
const OF_ROLE = changing(updateRole);
const OF_PROFILE = changing(applyProfile);
const OF_OWNER: Readonly<Record<OwnerKind, ChangeOperation>> = {
  external: changing(putOwner),
  user: changing(updateUser),
  service_account: changing(updateServiceAccount),
};
const OPERATIONS = [OF_TOKEN, OF_ROLE, OF_PROFILE, ...Object.values(OF_OWNER)];

/** What making any of these changes needs: who has none of it observes nothing. */
export const OBSERVED_CHANGES = [...new Set(OPERATIONS.map(({ needs }) => needs))];

/**
 * The operation that would make the proposed change.
 * @throws {Rejection} `invalid_input`, `not_found`, `insufficient_permissions`.
 */
export async function realChange(
  engine: Engine,
  caller: Caller,
  subject: SubjectInput,
  proposed: Readonly<Record<string, unknown>>,
): Promise<RealChange> {
  const { kind, id = '*' } = subject;
  const change = within('change.', () => readInput<Record<string, unknown>, unknown>(CHANGES[kind], proposed));
  if (kind !== 'profile' && Object.values(change).every((value) => value === undefined)) {
    throw new Rejection('invalid_input', undefined, {
      problems: [{ path: 'change', message: 'Say what would change.' }],
    });
  }
  switch (kind) {
    case 'token':
      return { subject: { kind, id }, operation: OF_TOKEN, input: { id, ...change } };
    case 'role':
      return { subject: { kind, id }, operation: OF_ROLE, input: { id, ...change } };
    case 'profile':
      return {
        subject: { kind, id },
        operation: OF_PROFILE,
        input: { profile: change, allow_narrowing: true },
      };
    case 'owner': {
      const owner = await findOwner(engine, caller, subject);
      const operation = OF_OWNER[owner.kind];
      const name = owner.kind === 'external' ? { external_id: owner.externalId } : { id: owner.id };
      return { subject: { kind, id: owner.id }, operation, input: { ...name, ...change } };
    }
  }
}

/** The operation that makes the change of a stored trial. */
export function operationOf({ operation: id }: Pick<TrialRecord, 'operation'>): ChangeOperation {
  const operation = OPERATIONS.find((one) => one.id === id);
  if (operation === undefined) throw new Error(`a trial names the operation ${id}, which this build does not have`);
  return operation;
}

/** Ids of the operations that the caller may perform: whoever changes users sees no trial of an external owner. */
export function operationsOf(caller: Caller): string[] {
  return OPERATIONS.filter(({ needs }) => caller.may(needs)).map(({ id }) => id);
}

/** Whoever could change no owner at all is told so, whether there is one or not. */
async function findOwner(engine: Engine, caller: Caller, { id, external_id }: SubjectInput): Promise<OwnerRecord> {
  const operations = external_id === undefined ? Object.values(OF_OWNER) : [OF_OWNER.external];
  const mayChange = ({ needs }: ChangeOperation) => caller.may(needs);
  if (!operations.some(mayChange)) requirePermission(caller, 'keyhouse-owners:write');
  const owner = await engine.store.owners.find(
    external_id === undefined ? { id: id as string } : { externalId: external_id },
  );
  if (owner === null || owner.deletedAt !== null || !mayChange(OF_OWNER[owner.kind])) {
    throw new Rejection('not_found', 'There is no such owner within your reach.');
  }
  return owner;
}

/** What there is of a subject at this moment of the transaction, as far as a trial can change it. */
export async function termsOf({ kind, id }: TrialSubject, transaction: Transaction): Promise<TrialTerms> {
  switch (kind) {
    case 'token': {
      const token = await transaction.tokens.findById(id);
      if (token === null) throw new Rejection('not_found');
      const { grant, ipAllowlist, expiresAt, limits } = token;
      return { kind, grant, ipAllowlist, expiresAt, limits };
    }
    case 'owner': {
      const memberships = await transaction.owners.memberships(id);
      const terms = memberships.map(({ workspaceId, permissions, roleIds }) => ({
        workspaceId,
        permissions: [...permissions].sort(),
        roleIds: [...roleIds].sort(),
      }));
      return { kind, memberships: terms.sort((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1)) };
    }
    case 'role': {
      const role = await transaction.owners.directory.lockRole(id);
      if (role === null) throw new Rejection('not_found');
      return { kind, permissions: [...role.permissions].sort() };
    }
    case 'profile': {
      const inForce = await transaction.profiles.inForce();
      if (inForce === null) throw new Rejection('conflict', 'There is no profile in force yet.');
      return { kind, version: inForce.version, document: inForce.document };
    }
  }
}

/** Problems are told at their place in what was sent here. */
export function within<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw relocated(error, path);
  }
}

export function relocated(error: unknown, path: string): unknown {
  if (!(error instanceof Rejection) || error.problems.length === 0) return error;
  const problems = error.problems.map((problem): InputProblem => ({ ...problem, path: `${path}${problem.path}` }));
  return new Rejection(error.code, error.message, { problems, extra: error.extra, cause: error });
}

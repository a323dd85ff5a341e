import { FactsBuilder } from '../authenticate/index.ts';
import {
  type Caller,
  type Circumstances,
  type Engine,
  findWorkspace,
  invalidInput,
  Rejection,
  reaches,
  staffCaller,
} from '../manage/index.ts';
import { entriesNotCovered, isReserved, type PermissionSet } from '../policy/index.ts';
import type { OwnerReads, RoleRecord, StaffSessionRecord, WorkspaceRecord } from '../ports/index.ts';
import { digestSecret } from './one-time-secret.ts';
import { couldMint, minterPower } from './portal-minter.ts';

/** Left unused it ends with any other session of the dashboard; used, with a working day. */
export const STAFF_LIFETIME_MS = 8 * 60 * 60_000;
export const STAFF_IDLE_MS = 60 * 60_000;

/** A use is noted when the last note is this old. */
const TOUCH_MS = 60_000;

/** Whoever lets people in with a role could make users with it as well. */
export const STAFF_NEEDS = ['keyhouse-users:write'] as const;

/**
 * The role that staff is to have.
 * @throws {Rejection} `invalid_input` for a role that there is not, `exceeds_creator` for one with more management than the
 *   caller holds.
 */
export function roleForStaff(caller: Caller, roles: readonly RoleRecord[], asked: string): RoleRecord {
  const role = roles.find(({ id }) => id === asked) ?? roles.find(({ name }) => name === asked);
  if (role === undefined) throw invalidInput('staff.role', 'There is no such role.');
  const beyond = beyondBound(role, caller.management);
  if (beyond.length === 0) return role;
  const message = `The caller does not hold ${beyond.join(', ')}.`;
  throw new Rejection('exceeds_creator', message, { problems: [{ path: 'staff.role', message }] });
}

/** Management of a role that whoever sends somebody with it does not hold. */
export function beyondBound({ permissions }: RoleRecord, bound: PermissionSet): readonly string[] {
  return entriesNotCovered(permissions.filter(isReserved), bound, null);
}

/** @throws {Rejection} `not_found` for workspaces that do not exist or are out of reach, alike. */
export async function placeForStaff(
  owners: Pick<OwnerReads, 'findWorkspace'>,
  caller: Caller,
  asked: { readonly id: string } | { readonly external_id: string } | undefined,
): Promise<WorkspaceRecord> {
  const own = caller.self === null ? null : { id: caller.self.workspaceId };
  const workspace =
    asked === undefined ? await owners.findWorkspace(own ?? { home: true }) : await findWorkspace(owners, asked);
  if (workspace === null || !reaches(caller, workspace.id)) {
    if (asked === undefined) throw invalidInput('workspace', 'There is no home workspace yet: say which workspace.');
    throw new Rejection('not_found', 'There is no such workspace within your reach.');
  }
  if (workspace.disabledAt !== null) throw new Rejection('conflict', 'This workspace is disabled.');
  return workspace;
}

/** Lets the bearer of the value of a staff session in; null when it ended, or when whoever sent them could not now. */
export type EnterStaff = (value: string, circumstances: Circumstances) => Promise<Caller | null>;

/** @param onFault told when a use could not be noted. */
export function staffDoor(
  engine: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  onFault: (error: unknown) => void,
): EnterStaff {
  const { store, clock } = engine;
  const facts = new FactsBuilder();
  const noting = new Set<string>();
  const note = async (id: string, now: number): Promise<void> => {
    if (noting.has(id)) return;
    noting.add(id);
    await store
      .transact(({ staff }) => staff.touch(id, now))
      .catch(onFault)
      .finally(() => noting.delete(id));
  };
  return async (value, circumstances) => {
    const session = await store.staff.find(digestSecret(value));
    const now = clock.now();
    if (session === null || !isOpen(session, now)) return null;
    const standing = await standingOf(engine, facts, session);
    if (standing === null) return null;
    if (now - session.lastUsedAt >= TOUCH_MS) void note(session.id, now);
    const { role, workspace, bound } = standing;
    return staffCaller({ session, role, workspace }, bound, circumstances);
  };
}

interface Standing {
  readonly role: RoleRecord;
  readonly workspace: WorkspaceRecord;
  /** What whoever sent the person holds. */
  readonly bound: PermissionSet;
}

/** What a session of staff stands on at this moment; null when any of it is gone. */
export async function standingOf(
  engine: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  facts: FactsBuilder,
  { minter, roleId, workspaceId }: StaffSessionRecord,
): Promise<Standing | null> {
  const { owners } = engine.store;
  const role = (await owners.listRoles()).find(({ id }) => id === roleId);
  const workspace = await owners.findWorkspace({ id: workspaceId });
  if (role === undefined || workspace === null || workspace.disabledAt !== null) return null;
  const power = await minterPower(engine, facts, minter);
  if (power === null || !couldMint(power, workspaceId, STAFF_NEEDS)) return null;
  return { role, workspace, bound: power.management };
}

function isOpen({ digest, expiresAt, lastUsedAt }: StaffSessionRecord, now: number): boolean {
  return digest !== null && now < expiresAt && now < lastUsedAt + STAFF_IDLE_MS;
}

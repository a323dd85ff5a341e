import { type Identity, type Keyhouse, Rejection } from 'keyhouse';
import { ApiError } from '../kit/api-error.ts';
import { type Membership, powerOf, ROLES, type RoleName, roleOf } from './roles.ts';

export type Directory = Pick<Keyhouse, 'users' | 'tokens'>;
type User = Awaited<ReturnType<Keyhouse['users']['create']>>;
type UserPage = Awaited<ReturnType<Keyhouse['users']['list']>>;

/** Somebody in one company; of the others nothing is said. */
export interface Person {
  readonly id: string;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: RoleName | null;
  readonly is_active: boolean;
}

export interface Invitation {
  readonly email: string;
  readonly name?: string;
  readonly role: RoleName;
}

/**
 * The users of a company are users in Keyhouse with a membership in its workspace. Whoever asks stays within the
 * workspace of the token, gives and takes nothing that this token may not do itself, and leaves the company an admin.
 */
export class People {
  readonly #keyhouse: Directory;
  /** Changes happen one after the other: each looks at who is there, and who is there is written as a whole. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(keyhouse: Directory) {
    this.#keyhouse = keyhouse;
  }

  async list({ workspace }: Identity, page: { readonly limit: number; readonly cursor?: string }) {
    const { data, next_cursor } = await this.#keyhouse.users.list({ ...page, workspace_id: workspace.id });
    return { data: data.map((user) => personIn(workspace.id, user)), next_cursor };
  }

  async read({ workspace }: Identity, id: string): Promise<Person> {
    return personIn(workspace.id, await this.#member(workspace.id, id));
  }

  /** Takes somebody into the company: a new user, or one who is a user already because of another company. */
  invite(caller: Identity, { email, name, role }: Invitation): Promise<Person> {
    return this.#inTurn(async () => {
      const { id } = caller.workspace;
      await this.#requirePower(caller, ROLES[role].permissions);
      const membership = { workspace: { id }, roles: [ROLES[role].inKeyhouse] };
      try {
        const user = await this.#keyhouse.users.create({ email, name: name ?? null, memberships: [membership] });
        return personIn(id, user);
      } catch (error) {
        if (!(error instanceof Rejection) || error.code !== 'conflict') throw error;
      }
      const known = await this.#byEmail(email);
      if (membershipIn(id, known) !== null) throw new ApiError(409, 'conflict', 'This user is in the company already.');
      const memberships = [...known.memberships.map(asInput), membership];
      return personIn(id, await this.#keyhouse.users.update({ id: known.id, memberships }));
    });
  }

  changeRole(caller: Identity, userId: string, role: RoleName): Promise<Person> {
    return this.#inTurn(async () => {
      const { id } = caller.workspace;
      const user = await this.#member(id, userId);
      await this.#requirePower(caller, ROLES[role].permissions, powerOf(membershipIn(id, user) as Membership));
      if (role !== 'admin') await this.#requireAnotherAdmin(id, user);
      const memberships = user.memberships.map((one) =>
        one.workspace.id === id ? { workspace: { id }, roles: [ROLES[role].inKeyhouse] } : asInput(one),
      );
      return personIn(id, await this.#keyhouse.users.update({ id: userId, memberships }));
    });
  }

  /** Takes somebody out of the company, with the tokens made for it; a user who is in no other company is deleted. */
  remove(caller: Identity, userId: string): Promise<void> {
    return this.#inTurn(async () => {
      const { id } = caller.workspace;
      const user = await this.#member(id, userId);
      await this.#requirePower(caller, powerOf(membershipIn(id, user) as Membership));
      await this.#requireAnotherAdmin(id, user);
      const memberships = user.memberships.filter(({ workspace }) => workspace.id !== id).map(asInput);
      if (memberships.length === 0) {
        await this.#keyhouse.users.delete({ id: userId });
        return;
      }
      await this.#keyhouse.users.update({ id: userId, memberships });
      await this.#revokeTokens(userId, id);
    });
  }

  /** Without their owner's membership these open nothing any more; revoked, they stay so when their owner comes back. */
  async #revokeTokens(ownerId: string, workspaceId: string): Promise<void> {
    for (;;) {
      const asked = { owner_id: ownerId, workspace_id: workspaceId, live: 'true', limit: 100 } as const;
      const { data } = await this.#keyhouse.tokens.list(asked);
      if (data.length === 0) return;
      for (const { id } of data) await this.#keyhouse.tokens.revoke({ id, reason: 'its owner left the company' });
    }
  }

  async #member(workspaceId: string, id: string): Promise<User> {
    const user = await this.#keyhouse.users.read({ id }).catch(notThere);
    if (membershipIn(workspaceId, user) === null) throw new Rejection('not_found');
    return user;
  }

  async #byEmail(email: string): Promise<User> {
    const wanted = email.trim().toLowerCase();
    for await (const user of this.#users({ search: wanted })) if (user.email === wanted) return user;
    throw new ApiError(409, 'conflict', 'This user was just removed. Try again.');
  }

  async *#users(asked: { readonly search: string } | { readonly workspace_id: string }): AsyncGenerator<User> {
    let more: { cursor?: string } | null = {};
    while (more !== null) {
      const page: UserPage = await this.#keyhouse.users.list({ ...asked, ...more, limit: 100 });
      yield* page.data;
      more = page.next_cursor === null ? null : { cursor: page.next_cursor };
    }
  }

  /** What the token may do at this moment, and not when it was let in: changes may have waited for each other. */
  async #requirePower(caller: Identity, ...powers: readonly (readonly string[] | null)[]): Promise<void> {
    const { effective_permissions: mine, state } = await this.#keyhouse.tokens.read({ id: caller.id });
    const needed = [['users:write'], ...powers];
    const isWithin = needed.every((power) => power?.every((permission) => mine.includes(permission)) ?? false);
    if ((state === 'active' || state === 'superseded') && isWithin) return;
    throw new ApiError(403, 'exceeds_creator', 'A token cannot give or take away more than it may do itself.');
  }

  async #requireAnotherAdmin(workspaceId: string, user: User): Promise<void> {
    if (roleOf(membershipIn(workspaceId, user) as Membership) !== 'admin') return;
    for await (const other of this.#users({ workspace_id: workspaceId })) {
      const { role, is_active } = personIn(workspaceId, other);
      if (other.id !== user.id && role === 'admin' && is_active) return;
    }
    throw new ApiError(409, 'conflict', 'This is the last admin of the company. Make somebody else admin first.');
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}

/** What cannot be an id is nobody's. */
function notThere(error: unknown): never {
  if (error instanceof Rejection && error.code === 'invalid_input') throw new Rejection('not_found');
  throw error;
}

function personIn(workspaceId: string, user: User): Person {
  const membership = membershipIn(workspaceId, user);
  const role = membership === null ? null : roleOf(membership);
  return { id: user.id, email: user.email, name: user.name, role, is_active: !user.disabled };
}

function membershipIn(workspaceId: string, { memberships }: Pick<User, 'memberships'>): Membership | null {
  return memberships.find(({ workspace }) => workspace.id === workspaceId) ?? null;
}

/** A membership as it is told back, unchanged: those that are left out would be cut. */
function asInput({ workspace, permissions, roles }: Membership) {
  return { workspace: { id: workspace.id }, permissions: [...permissions], roles: [...roles] };
}

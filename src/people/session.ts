import { z } from 'zod';
import { GuardedLookups, TURNED_AWAY } from '../authenticate/index.ts';
import type { Draft } from '../changes/index.ts';
import { auditDraft, type Caller, type Circumstances, type Engine, Rejection, sessionCaller } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type {
  MembershipRecord,
  OwnerReads,
  OwnerRecord,
  SessionRecord,
  SessionRow,
  Transaction,
  WorkspaceRecord,
} from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { digestSecret, newSecret } from './one-time-secret.ts';
import { type EnterStaff, staffDoor } from './staff-session.ts';

export const SESSION_IDLE_MS = 60 * 60_000;
export const SESSION_LIFETIME_MS = 24 * 60 * 60_000;

/** A use is noted when the last note is this old: not every click is a write. */
const TOUCH_MS = 60_000;
const USER_AGENT_MAX = 200;
/** The longest unused goes when one more begins. */
const SESSIONS_MAX = 50;

/** What a sign-in hands to the browser, and to nobody else: the door makes cookies of it. */
export interface Cookies {
  readonly session: string;
  readonly device: string;
}

export const cookiesSchema = z.object({ session: z.string(), device: z.string() });

/** Lets the bearer of a session's value in. */
export interface SessionDoor {
  /**
   * The session as it stands at this moment; null when it ended, when its user was disabled, deleted or is no member any
   * more, or when the workspace was disabled.
   * @throws {StorageUnavailable} never an accept.
   */
  enter(value: string): Promise<SessionRow | null>;
  /**
   * Staff whom the provider sent here, by the value of theirs; null when that ended.
   * @throws {StorageUnavailable} never an accept.
   */
  readonly enterStaff: EnterStaff;
  /**
   * Either of them. A network that has brought many wrong values waits its turn, a few lookups at a time, so that guessing
   * cannot crowd out those who are signed in; whoever was let in lately never waits.
   * @throws {Rejection} `rate_limited` when too many wait already.
   */
  admit(value: string, circumstances: Circumstances): Promise<Caller | null>;
}

/** Whoever a value lets in, as they come with one request. */
type Entry = (circumstances: Circumstances) => Caller;

/** @param onFault told when a use could not be noted. */
export function sessionDoor(
  engine: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  onFault: (error: unknown) => void,
): SessionDoor {
  const { store, clock } = engine;
  const noting = new Set<string>();
  const note = async (id: string, now: number): Promise<void> => {
    if (noting.has(id)) return;
    noting.add(id);
    await store
      .transact(({ sessions }) => sessions.touch(id, now))
      .catch(onFault)
      .finally(() => noting.delete(id));
  };
  const enterStaff = staffDoor(engine, onFault);
  const enter = async (value: string): Promise<SessionRow | null> => {
    const row = await store.sessions.find(digestSecret(value));
    const now = clock.now();
    if (row === null || !isOpen(row.session, now) || !mayWork(row)) return null;
    if (now - row.session.lastUsedAt >= TOUCH_MS) void note(row.session.id, now);
    return row;
  };
  // Nothing is cached here, neither what is let in nor what is not: only which way to take is remembered.
  const lookups = new GuardedLookups<Entry>(clock, false);
  return {
    enter,
    enterStaff,
    async admit(value, circumstances) {
      const found = await lookups.find(digestSecret(value), { ip: circumstances.ip }, async () => {
        const session = await enter(value);
        if (session !== null) return (here) => sessionCaller(session, here);
        const staff = await enterStaff(value, circumstances);
        return staff === null ? null : (here) => ({ ...staff, circumstances: here });
      });
      if (found === TURNED_AWAY) throw new Rejection('rate_limited', undefined, { retryAfterSeconds: 1 });
      return found === null ? null : found(circumstances);
    },
  };
}

export function isOpen({ expiresAt, lastUsedAt }: SessionRecord, now: number): boolean {
  return now < expiresAt && now < lastUsedAt + SESSION_IDLE_MS;
}

/** Whether user, membership and workspace stand. */
function mayWork({ owner, membership, workspace }: SessionRow): boolean {
  return maySignIn(owner) && membership !== null && workspace.disabledAt === null;
}

export function maySignIn(owner: OwnerRecord): boolean {
  return (
    owner.kind === 'user' &&
    owner.disabledAt === null &&
    owner.disabledByProviderAt === null &&
    owner.deletedAt === null
  );
}

/** The workspaces in which a user can work, home first, then by age of the membership. */
export async function workplaces(
  owners: Pick<OwnerReads, 'memberships' | 'findWorkspace'>,
  ownerId: string,
): Promise<{ readonly membership: MembershipRecord; readonly workspace: WorkspaceRecord }[]> {
  const memberships = await owners.memberships(ownerId);
  const found = await Promise.all(
    memberships.map(async (membership) => ({
      membership,
      workspace: await owners.findWorkspace({ id: membership.workspaceId }),
    })),
  );
  return found
    .filter((one): one is { membership: MembershipRecord; workspace: WorkspaceRecord } => {
      return one.workspace !== null && one.workspace.disabledAt === null;
    })
    .sort((a, b) => Number(b.workspace.isHome) - Number(a.workspace.isHome));
}

/** A session that is not stored yet, with the value for the browser. */
export function newSession(
  engine: Engine,
  { circumstances }: Caller,
  ownerId: string,
  workspaceId: string,
): { readonly session: SessionRecord; readonly value: string } {
  const now = engine.clock.now();
  const value = newSecret(engine, 'session');
  return {
    value,
    session: {
      id: generateId('ses', engine.random),
      digest: digestSecret(value),
      ownerId,
      workspaceId,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now + SESSION_LIFETIME_MS,
      ip: circumstances.ip,
      userAgent: circumstances.browser?.userAgent?.slice(0, USER_AGENT_MAX) ?? null,
    },
  };
}

/** Begins a session and stores it. The one that the browser had before ends. */
export async function beginSession(
  engine: Engine,
  caller: Caller,
  transaction: Transaction,
  ownerId: string,
  workspaceId: string,
): Promise<ReturnType<typeof newSession>> {
  const before = caller.session?.session;
  if (before !== undefined) await transaction.sessions.end(before.ownerId, { id: before.id });
  const made = newSession(engine, caller, ownerId, workspaceId);
  await insertSession(transaction, made.session);
  return made;
}

/** Stores a session; of too many of one user the longest unused end. */
async function insertSession({ sessions }: Transaction, session: SessionRecord): Promise<void> {
  const others = await sessions.list(session.ownerId);
  const tooMany = others.toSorted((a, b) => b.lastUsedAt - a.lastUsedAt).slice(SESSIONS_MAX - 1);
  for (const { id } of tooMany) await sessions.end(session.ownerId, { id });
  await sessions.insert(session);
}

/** What a change to sessions looks like to the change path. */
export function sessionDraft<T>(
  caller: Caller,
  now: number,
  value: T,
  entry: {
    readonly action: string;
    readonly ids: readonly string[];
    readonly ownerId: string;
    readonly workspaceId: string | null;
    readonly tightening: boolean;
    readonly personal?: Readonly<Record<string, string | null>>;
  },
): Draft<T> {
  const subjects = entry.ids.map((id) => ({ kind: 'session' as const, id }));
  return {
    value,
    subjects,
    unchanged: subjects.length === 0,
    tightening: entry.tightening,
    audit: auditDraft({ ...caller, actor: { kind: 'user', id: entry.ownerId } }, now, {
      action: entry.action,
      subject: subjects[0] ?? null,
      workspaceId: entry.workspaceId,
      details: { user_id: entry.ownerId, session_ids: entry.ids },
      ...(entry.personal !== undefined && { personal: entry.personal }),
    }),
  };
}

/** @throws {Rejection} `authentication_required` for callers who are not signed in. */
export function signedIn(caller: Caller): SessionRow {
  if (caller.session === undefined) throw new Rejection('authentication_required');
  return caller.session;
}

export const sessionSummarySchema = z
  .object({
    id: z.string(),
    current: z.boolean(),
    created_at: z.string(),
    last_used_at: z.string(),
    expires_at: z.string(),
    ip: z.string().nullable(),
    user_agent: z.string().nullable(),
  })
  .meta({ id: 'SessionSummary' });

export function sessionSummary(session: SessionRecord, currentId: string): z.infer<typeof sessionSummarySchema> {
  return {
    id: session.id,
    current: session.id === currentId,
    created_at: formatInstant(session.createdAt),
    last_used_at: formatInstant(session.lastUsedAt),
    expires_at: formatInstant(endOf(session)),
    ip: session.ip,
    user_agent: session.userAgent,
  };
}

/** When it ends if it is not used again. */
export function endOf({ lastUsedAt, expiresAt }: SessionRecord): number {
  return Math.min(lastUsedAt + SESSION_IDLE_MS, expiresAt);
}

import { FactsBuilder } from '../authenticate/index.ts';
import { type Caller, type Circumstances, type Engine, signedInCaller } from '../manage/index.ts';
import type { OwnerRecord, PortalSessionRecord, WorkspaceRecord } from '../ports/index.ts';
import { digestSecret } from './one-time-secret.ts';
import { mayStillMint, stands } from './portal-minter.ts';
import { type OpenedPortalWire, openedPortalWire, PORTAL_IDLE_MS } from './portal-wire.ts';

/** How long the link waits to be opened. */
export const PORTAL_LINK_MS = 15 * 60_000;
export const PORTAL_LIFETIME_MS = 60 * 60_000;

/** A use is noted when the last note is this old. */
const TOUCH_MS = 60_000;

/**
 * What a portal session does for its owner, and what its minter must therefore be able to do: at the minting, and with every
 * request of the session.
 */
export const PORTAL_NEEDS = [
  'keyhouse-owners:act-as',
  'keyhouse-tokens:read',
  'keyhouse-tokens:write',
  'keyhouse-tokens:revoke',
] as const;

/** Lets the bearer of a portal session's value in, as the one owner it is for. */
export interface PortalDoor {
  /**
   * The owner as caller, for their own tokens and nothing else; null when the session ended, when the owner was disabled or is
   * no member any more, or when its minter could not mint it now.
   * @throws {StorageUnavailable} never an accept.
   */
  enter(value: string, circumstances: Circumstances): Promise<Caller | null>;
  /**
   * The same session for a page that is shown anew; null alike.
   * @throws {StorageUnavailable} never an accept.
   */
  describe(value: string): Promise<OpenedPortalWire | null>;
}

/** @param onFault told when a use could not be noted. */
export function portalDoor(
  engine: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  onFault: (error: unknown) => void,
): PortalDoor {
  const { store, clock } = engine;
  const facts = new FactsBuilder();
  const noting = new Set<string>();
  const note = async (id: string, now: number): Promise<void> => {
    if (noting.has(id)) return;
    noting.add(id);
    await store
      .transact(({ portal }) => portal.touch(id, now))
      .catch(onFault)
      .finally(() => noting.delete(id));
  };
  const find = async (value: string): Promise<Entered | null> => {
    const session = await store.portal.find(digestSecret(value));
    const now = clock.now();
    if (session === null || !isOpen(session, now)) return null;
    const owner = await store.owners.find({ id: session.ownerId });
    if (owner?.externalId == null || !stands(owner)) return null;
    const workspace = await workspaceOf(engine, session);
    if (workspace === null) return null;
    if (!(await mayStillMint(engine, facts, session.minter, session.workspaceId, PORTAL_NEEDS))) return null;
    if (now - session.lastUsedAt >= TOUCH_MS) void note(session.id, now);
    return { session, owner: { ...owner, externalId: owner.externalId }, workspace };
  };
  return {
    async enter(value, circumstances) {
      const entered = await find(value);
      if (entered === null) return null;
      const { session, owner } = entered;
      const { ownerId, workspaceId } = session;
      const actor = { kind: 'external', id: owner.externalId } as const;
      const caller = signedInCaller({ ownerId, workspaceId, actor }, circumstances);
      return session.actor === null ? caller : { ...caller, namedActor: { external_id: session.actor } };
    },
    async describe(value) {
      const entered = await find(value);
      if (entered === null) return null;
      const { session, owner, workspace } = entered;
      return openedPortalWire(engine, { id: session.id, expiresAt: session.expiresAt, owner, workspace });
    },
  };
}

interface Entered {
  readonly session: PortalSessionRecord;
  readonly owner: OwnerRecord & { readonly externalId: string };
  readonly workspace: WorkspaceRecord;
}

function isOpen({ digest, expiresAt, lastUsedAt }: PortalSessionRecord, now: number): boolean {
  return digest !== null && now < expiresAt && now < lastUsedAt + PORTAL_IDLE_MS;
}

/** Where the session is for; null when the owner is no member there any more, or when it was disabled. */
async function workspaceOf(
  { store }: Pick<Engine, 'store'>,
  { ownerId, workspaceId }: PortalSessionRecord,
): Promise<WorkspaceRecord | null> {
  const memberships = await store.owners.memberships(ownerId);
  if (!memberships.some((one) => one.workspaceId === workspaceId)) return null;
  const workspace = await store.owners.findWorkspace({ id: workspaceId });
  return workspace?.disabledAt === null ? workspace : null;
}

import { FactsBuilder, mayDo } from '../authenticate/index.ts';
import { type Caller, type Circumstances, type Engine, permissionsOf, signedInCaller } from '../manage/index.ts';
import { covers, tokenState } from '../policy/index.ts';
import type { OwnerRecord, PortalMinter, PortalSessionRecord } from '../ports/index.ts';
import { digestSecret } from './one-time-secret.ts';

/** How long the link waits to be opened. */
export const PORTAL_LINK_MS = 15 * 60_000;
export const PORTAL_IDLE_MS = 15 * 60_000;
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
  return {
    async enter(value, circumstances) {
      const session = await store.portal.find(digestSecret(value));
      const now = clock.now();
      if (session === null || !isOpen(session, now)) return null;
      const owner = await store.owners.find({ id: session.ownerId });
      if (owner?.externalId == null || !stands(owner) || !(await isMember(engine, session))) return null;
      if (!(await mayStillMint(engine, facts, session.minter, session.workspaceId))) return null;
      if (now - session.lastUsedAt >= TOUCH_MS) void note(session.id, now);
      const { ownerId, workspaceId } = session;
      const actor = { kind: 'external', id: owner.externalId } as const;
      const caller = signedInCaller({ ownerId, workspaceId, actor }, circumstances);
      return session.actor === null ? caller : { ...caller, namedActor: { external_id: session.actor } };
    },
  };
}

function isOpen({ digest, expiresAt, lastUsedAt }: PortalSessionRecord, now: number): boolean {
  return digest !== null && now < expiresAt && now < lastUsedAt + PORTAL_IDLE_MS;
}

function stands(owner: OwnerRecord | null): boolean {
  return owner !== null && owner.disabledAt === null && owner.disabledByProviderAt === null && owner.deletedAt === null;
}

type Reading = Pick<Engine, 'store' | 'clock' | 'authenticator'>;

async function isMember({ store }: Reading, place: { readonly ownerId: string; readonly workspaceId: string }) {
  const memberships = await store.owners.memberships(place.ownerId);
  const workspace = await store.owners.findWorkspace({ id: place.workspaceId });
  return memberships.some((one) => one.workspaceId === place.workspaceId) && workspace?.disabledAt === null;
}

/** Whether who minted a session could mint it at this moment: their rights, and how far these reach. */
export async function mayStillMint(
  engine: Reading,
  facts: FactsBuilder,
  minter: PortalMinter,
  workspaceId: string,
): Promise<boolean> {
  if (minter === null) return true;
  const { store, clock, authenticator } = engine;
  if ('tokenId' in minter) {
    const row = await store.facts.findByTokenId(minter.tokenId);
    if (row === null || !stands(row.owner) || row.workspace.disabledAt !== null) return false;
    const state = tokenState(row.token, clock.now());
    if (state !== 'active' && state !== 'superseded') return false;
    const token = facts.build(row, authenticator.profile);
    return reachesTo(row.workspace, workspaceId) && PORTAL_NEEDS.every((permission) => mayDo(token, permission));
  }
  const owner = await store.owners.find({ id: minter.ownerId });
  const workspace = await store.owners.findWorkspace({ id: minter.workspaceId });
  const memberships = await store.owners.memberships(minter.ownerId);
  const membership = memberships.find((one) => one.workspaceId === minter.workspaceId);
  if (!stands(owner) || workspace === null || workspace.disabledAt !== null || membership === undefined) return false;
  const held = permissionsOf(membership, await store.owners.listRoles());
  return reachesTo(workspace, workspaceId) && PORTAL_NEEDS.every((permission) => covers(held, permission));
}

function reachesTo(from: { readonly id: string; readonly isHome: boolean }, workspaceId: string): boolean {
  return from.isHome || from.id === workspaceId;
}

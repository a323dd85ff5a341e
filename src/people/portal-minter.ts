import type { FactsBuilder } from '../authenticate/index.ts';
import {
  ALL_MANAGEMENT,
  type Caller,
  type Engine,
  type ManagementPermission,
  managementOfToken,
  permissionsOf,
} from '../manage/index.ts';
import { compilePermissions, covers, type PermissionSet, tokenState } from '../policy/index.ts';
import type { OwnerRecord, PortalMinter } from '../ports/index.ts';

/** What whoever minted a session may do at this moment, and from where. */
export interface MinterPower {
  /** null for the operator and the host application, who reach everything. */
  readonly workspace: { readonly id: string; readonly isHome: boolean } | null;
  readonly management: PermissionSet;
}

/**
 * The operator and the host application are who they are for as long as this process runs. Staff stand on whoever sent them,
 * and so does what they make.
 */
export function minterOf({ token, self, staff }: Caller): PortalMinter {
  if (staff !== undefined) return staff.session.minter;
  return token === null ? self : { tokenId: token.id };
}

/** null once they ended: revoked, disabled, no member any more. */
export async function minterPower(
  { store, clock, authenticator }: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  facts: FactsBuilder,
  minter: PortalMinter,
): Promise<MinterPower | null> {
  if (minter === null) return { workspace: null, management: compilePermissions(ALL_MANAGEMENT) };
  if ('tokenId' in minter) {
    const row = await store.facts.findByTokenId(minter.tokenId);
    if (row === null || !stands(row.owner) || row.workspace.disabledAt !== null) return null;
    const state = tokenState(row.token, clock.now());
    if (state !== 'active' && state !== 'superseded') return null;
    return { workspace: row.workspace, management: managementOfToken(facts.build(row, authenticator.profile)) };
  }
  const owner = await store.owners.find({ id: minter.ownerId });
  const workspace = await store.owners.findWorkspace({ id: minter.workspaceId });
  const memberships = await store.owners.memberships(minter.ownerId);
  const membership = memberships.find((one) => one.workspaceId === minter.workspaceId);
  if (!stands(owner) || workspace === null || workspace.disabledAt !== null || membership === undefined) return null;
  return { workspace, management: permissionsOf(membership, await store.owners.listRoles()) };
}

/** Whether who minted a session could mint it at this moment: their rights, and how far these reach. */
export async function mayStillMint(
  engine: Pick<Engine, 'store' | 'clock' | 'authenticator'>,
  facts: FactsBuilder,
  minter: PortalMinter,
  workspaceId: string,
  needs: readonly ManagementPermission[],
): Promise<boolean> {
  const power = await minterPower(engine, facts, minter);
  return power !== null && couldMint(power, workspaceId, needs);
}

export function couldMint(
  { workspace, management }: MinterPower,
  workspaceId: string,
  needs: readonly ManagementPermission[],
): boolean {
  const isWithinReach = workspace === null || workspace.isHome || workspace.id === workspaceId;
  return isWithinReach && needs.every((permission) => covers(management, permission));
}

export function stands(owner: OwnerRecord | null): boolean {
  return owner !== null && owner.disabledAt === null && owner.disabledByProviderAt === null && owner.deletedAt === null;
}

import type { OwnerReads } from '../ports/index.ts';

/** Whether whoever a token belongs to could use it: the owner, the workspace and the membership are all there. */
export async function ownerStands(
  owners: OwnerReads,
  { ownerId, workspaceId }: { readonly ownerId: string; readonly workspaceId: string },
): Promise<boolean> {
  const owner = await owners.find({ id: ownerId });
  if (owner === null || owner.disabledAt !== null || owner.disabledByProviderAt !== null || owner.deletedAt !== null)
    return false;
  const workspace = await owners.findWorkspace({ id: workspaceId });
  if (workspace === null || workspace.disabledAt !== null) return false;
  return (await owners.memberships(ownerId)).some((one) => one.workspaceId === workspaceId);
}

import { z } from 'zod';
import { type Engine, Rejection } from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { InvitationRecord } from '../ports/index.ts';

export const invitationSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string().nullable(),
    workspace: z.object({ id: z.string(), name: z.string() }),
    permissions: z.array(z.string()),
    roles: z.array(z.string()),
    created_by: z.object({ kind: z.string(), id: z.string().nullable() }),
    created_at: z.string(),
    expires_at: z.string(),
  })
  .meta({ id: 'Invitation' });

export async function describeInvitations(
  { store }: Pick<Engine, 'store'>,
  invitations: readonly InvitationRecord[],
): Promise<z.infer<typeof invitationSchema>[]> {
  const roles = await store.owners.listRoles();
  return Promise.all(
    invitations.map(async (invitation) => {
      const workspace = await store.owners.findWorkspace({ id: invitation.workspaceId });
      if (workspace === null) throw new Rejection('not_found');
      return {
        id: invitation.id,
        email: invitation.email,
        name: invitation.name,
        workspace: { id: workspace.id, name: workspace.name },
        permissions: [...invitation.permissions],
        roles: roles
          .filter(({ id }) => invitation.roleIds.includes(id))
          .map(({ name }) => name)
          .sort(),
        created_by: { ...invitation.createdBy },
        created_at: formatInstant(invitation.createdAt),
        expires_at: formatInstant(invitation.expiresAt),
      };
    }),
  );
}

import type { ActorRef, InvitationRecord, LinkWrites } from '../../ports/index.ts';
import { parseShared } from './json.ts';
import type { InvitationTable } from './schema.ts';
import type { Session } from './session.ts';

export const invitationColumns = [
  'id',
  'digest',
  'email',
  'name',
  'workspace_id',
  'permissions',
  'role_ids',
  'created_by_kind',
  'created_by_id',
  'inviter_owner_id',
  'inviter_workspace_id',
  'created_at',
  'expires_at',
] as const satisfies readonly (keyof InvitationTable)[];

export function toInvitation(row: InvitationTable): InvitationRecord {
  const { inviter_owner_id: ownerId, inviter_workspace_id: workspaceId } = row;
  return {
    id: row.id,
    digest: row.digest,
    email: row.email,
    name: row.name,
    workspaceId: row.workspace_id,
    permissions: parseShared(row.permissions),
    roleIds: parseShared(row.role_ids),
    createdBy: { kind: row.created_by_kind as ActorRef['kind'], id: row.created_by_id },
    inviter: ownerId === null || workspaceId === null ? null : { ownerId, workspaceId },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

export function linkWrites({ db, rowLocks }: Session): LinkWrites {
  return {
    async insertInvitation(invitation) {
      await db
        .insertInto('invitation')
        .values({
          id: invitation.id,
          digest: invitation.digest,
          email: invitation.email,
          name: invitation.name,
          workspace_id: invitation.workspaceId,
          permissions: JSON.stringify(invitation.permissions),
          role_ids: JSON.stringify(invitation.roleIds),
          created_by_kind: invitation.createdBy.kind,
          created_by_id: invitation.createdBy.id,
          inviter_owner_id: invitation.inviter?.ownerId ?? null,
          inviter_workspace_id: invitation.inviter?.workspaceId ?? null,
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
        })
        .execute();
    },

    async lockInvitation(by) {
      const invitations = db.selectFrom('invitation').select(invitationColumns);
      const query = 'id' in by ? invitations.where('id', '=', by.id) : invitations.where('digest', '=', by.digest);
      const row = await query.$if(rowLocks, (locked) => locked.forUpdate()).executeTakeFirst();
      return row === undefined ? null : toInvitation(row);
    },

    async deleteInvitation(id) {
      await db.deleteFrom('invitation').where('id', '=', id).execute();
    },

    async insertReset({ digest, ownerId, createdAt, expiresAt }) {
      await db
        .insertInto('password_reset')
        .values({ digest, owner_id: ownerId, created_at: createdAt, expires_at: expiresAt })
        .execute();
    },

    async lockReset(digest) {
      const row = await db
        .selectFrom('password_reset')
        .selectAll()
        .where('digest', '=', digest)
        .$if(rowLocks, (query) => query.forUpdate())
        .executeTakeFirst();
      if (row === undefined) return null;
      return { digest: row.digest, ownerId: row.owner_id, createdAt: row.created_at, expiresAt: row.expires_at };
    },

    async countResets(ownerId, now) {
      const row = await db
        .selectFrom('password_reset')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('owner_id', '=', ownerId)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    async deleteResets(ownerId) {
      await db.deleteFrom('password_reset').where('owner_id', '=', ownerId).execute();
    },

    async purge(now) {
      await db.deleteFrom('invitation').where('expires_at', '<=', now).execute();
      await db.deleteFrom('password_reset').where('expires_at', '<=', now).execute();
    },
  };
}

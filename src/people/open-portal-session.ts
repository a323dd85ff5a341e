import { z } from 'zod';
import { FactsBuilder } from '../authenticate/index.ts';
import { auditDraft, defineOperation, Rejection } from '../manage/index.ts';
import { TOKEN_TEXT_MAX } from '../token/index.ts';
import { digestSecret, newSecret } from './one-time-secret.ts';
import { mayStillMint } from './portal-minter.ts';
import { PORTAL_LIFETIME_MS, PORTAL_NEEDS } from './portal-session.ts';
import { openedPortalSchema, openedPortalWire } from './portal-wire.ts';

const inputSchema = z.strictObject({
  secret: z.string().max(TOKEN_TEXT_MAX).describe('What stands behind the # of the link'),
});

/** Opens a portal session with the secret of its link, once. */
export const openPortalSession = defineOperation<z.infer<typeof inputSchema>, z.infer<typeof openedPortalSchema>>({
  id: 'openPortalSession',
  summary: 'Open a portal session',
  access: { oneTimeSecret: true },
  effect: 'changes',
  input: inputSchema,
  output: openedPortalSchema,
  run: async (engine, caller, { secret }) => {
    const value = newSecret(engine, 'portal');
    // Before the transaction: what the minter may do is read with connections of its own.
    const link = await engine.store.transact(({ portal }) => portal.lockLink(digestSecret(secret)));
    if (link === null || !(await mayStillMint(engine, new FactsBuilder(), link.minter, link.workspaceId, PORTAL_NEEDS)))
      throw invalid();
    const { value: opened } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      const session = await transaction.portal.lockLink(digestSecret(secret));
      if (session === null || session.digest !== null || session.linkExpiresAt <= now) throw invalid();
      const { ownerId, workspaceId } = session;
      const owner = await transaction.owners.lockOwner({ id: ownerId });
      const workspace = await transaction.owners.findWorkspace({ id: workspaceId });
      const memberships = await transaction.owners.memberships(ownerId);
      const isMember = memberships.some((one) => one.workspaceId === workspaceId);
      if (owner?.externalId == null || workspace === null || workspace.disabledAt !== null || !isMember)
        throw invalid();
      if (owner.disabledAt !== null || owner.disabledByProviderAt !== null || owner.deletedAt !== null) throw invalid();
      const expiresAt = now + PORTAL_LIFETIME_MS;
      if (!(await transaction.portal.open(session.id, { digest: digestSecret(value), at: now, expiresAt })))
        throw invalid();
      const subject = { kind: 'session' as const, id: session.id };
      return {
        value: { id: session.id, expiresAt, owner, workspace },
        subjects: [subject],
        tightening: false,
        audit: auditDraft({ ...caller, actor: { kind: 'external', id: owner.externalId } }, now, {
          action: 'portal_session.opened',
          subject,
          workspaceId,
          ...(session.actor !== null && { namedActor: { external_id: session.actor } }),
          details: { owner_id: ownerId },
        }),
      };
    });
    return { ...openedPortalWire(engine, opened), value };
  },
});

function invalid(): Rejection {
  return new Rejection('link_invalid');
}

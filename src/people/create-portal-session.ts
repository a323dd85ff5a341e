import { z } from 'zod';
import {
  actorSchema,
  auditDraft,
  type Caller,
  defineOperation,
  externalIdSchema,
  lockActingToken,
  lockHolder,
  Rejection,
  referenceSchema,
  requirePermission,
} from '../manage/index.ts';
import { formatInstant } from '../policy/index.ts';
import type { PortalMinter } from '../ports/index.ts';
import { generateId } from '../token/index.ts';
import { linkTo, newLinkSecret } from './links.ts';
import { digestSecret } from './one-time-secret.ts';
import { PORTAL_LINK_MS, PORTAL_NEEDS } from './portal-session.ts';
import { portalOwnerSchema, portalOwnerWire } from './portal-wire.ts';

const inputSchema = z.strictObject({
  owner: z.strictObject({ external_id: externalIdSchema }),
  workspace: referenceSchema.optional().describe('Needed where the owner is a member of several'),
  actor: actorSchema.optional().describe('Whoever acts as the owner, such as somebody of your support'),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z
  .object({
    id: z.string(),
    ...portalOwnerSchema.shape,
    link: z.string().describe('To the hosted page, below the address of the dashboard; in this answer and never again'),
    session: z.string().describe('For `<keyhouse-tokens>`; the same secret, good once'),
    expires_at: z.string().describe('Until then it can be opened; the session it opens lasts an hour at most'),
  })
  .meta({ id: 'CreatedPortalSession' });
type Output = z.infer<typeof outputSchema>;

/** Makes the way of one external owner to the page of their own tokens: a secret, good once and for 15 minutes. */
export const createPortalSession = defineOperation<Input, Output>({
  id: 'createPortalSession',
  summary: 'Open the token page for one of your users',
  access: { needs: 'keyhouse-owners:act-as' },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    for (const permission of PORTAL_NEEDS) requirePermission(caller, permission);
    const secret = newLinkSecret(engine);
    const { value } = await engine.changes.commit(async (transaction) => {
      const now = engine.clock.now();
      await lockActingToken(transaction, caller, now);
      const { owner, workspace } = await lockHolder(transaction, caller, input);
      if (owner.externalId === null) throw new Rejection('not_found');
      const id = generateId('pts', engine.random);
      const expiresAt = now + PORTAL_LINK_MS;
      await transaction.portal.insert({
        id,
        linkDigest: digestSecret(secret),
        linkExpiresAt: expiresAt,
        digest: null,
        ownerId: owner.id,
        workspaceId: workspace.id,
        minter: minterOf(caller),
        actor: input.actor?.external_id ?? null,
        createdAt: now,
        lastUsedAt: now,
        expiresAt,
      });
      const subject = { kind: 'session' as const, id };
      return {
        value: { id, expiresAt, owner, workspace },
        subjects: [subject],
        tightening: false,
        audit: auditDraft(caller, now, {
          action: 'portal_session.created',
          subject,
          workspaceId: workspace.id,
          namedActor: input.actor,
          details: { owner_id: owner.id },
        }),
      };
    });
    return {
      id: value.id,
      ...portalOwnerWire(value.owner, value.workspace),
      link: linkTo('portal', secret),
      session: secret,
      expires_at: formatInstant(value.expiresAt),
    };
  },
});

/** The operator and the host application are who they are for as long as this process runs. */
function minterOf({ token, self }: Caller): PortalMinter {
  return token === null ? self : { tokenId: token.id };
}

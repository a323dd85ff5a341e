import { z } from 'zod';
import {
  auditDraft,
  type Caller,
  defineOperation,
  type Engine,
  externalIdSchema,
  findOwner,
  guaranteeSchema,
  guaranteeWire,
  idSchema,
  invalidInput,
  lockActingToken,
  reaches,
} from '../manage/index.ts';
import type { PortalSessionRecord, StaffSessionRecord, Transaction } from '../ports/index.ts';

const outputSchema = z
  .object({ ended_ids: z.array(z.string()), guarantee: guaranteeSchema })
  .meta({ id: 'EndedPortalSessions' });
type Output = z.infer<typeof outputSchema>;

interface Found {
  readonly owners: readonly PortalSessionRecord[];
  readonly staff: readonly StaffSessionRecord[];
}

const oneInput = z.strictObject({ id: idSchema });

/**
 * Ends one portal session, or a link that waits; from within, one of one's own. One that has ended already, or is out of reach,
 * ends nothing.
 */
export const endPortalSession = defineOperation<z.infer<typeof oneInput>, Output>({
  id: 'endPortalSession',
  summary: 'End a portal session',
  access: { needsOneOf: ['keyhouse-owners:act-as', 'keyhouse-users:write'], orSelf: 'signed_in' },
  effect: 'changes',
  input: oneInput,
  output: outputSchema,
  run: (engine, caller, { id }) =>
    endThose(engine, caller, async ({ portal, staff }) => ({
      owners: await portal.lock({ id }),
      staff: await staff.lock({ id }),
    })),
});

const allInput = z.strictObject({
  owner_external_id: externalIdSchema.optional().describe('One of your users; this or `staff_external_id`'),
  staff_external_id: externalIdSchema.optional().describe('Somebody of your staff'),
});
type AllInput = z.infer<typeof allInput>;

/** Ends all portal sessions of one owner or of one of the staff, and links that wait. */
export const endPortalSessions = defineOperation<AllInput, Output>({
  id: 'endPortalSessions',
  summary: 'End all portal sessions of somebody',
  access: { needsOneOf: ['keyhouse-owners:act-as', 'keyhouse-users:write'] },
  effect: 'changes',
  input: allInput,
  output: outputSchema,
  run: async (engine, caller, { owner_external_id: ofOwner, staff_external_id: externalId }) => {
    if ((ofOwner === undefined) === (externalId === undefined)) {
      throw invalidInput('owner_external_id', 'Say whose: one of owner_external_id and staff_external_id.');
    }
    if (externalId !== undefined) {
      return endThose(engine, caller, async ({ staff }) => ({ owners: [], staff: await staff.lock({ externalId }) }));
    }
    const owner = await findOwner(engine, caller, 'external', { externalId: ofOwner ?? '' });
    return endThose(engine, caller, async ({ portal }) => ({
      owners: await portal.lock({ ownerId: owner.id }),
      staff: [],
    }));
  },
});

async function endThose(
  engine: Engine,
  caller: Caller,
  find: (transaction: Transaction) => Promise<Found>,
): Promise<Output> {
  const { value: ids, guarantee } = await engine.changes.commit(async (transaction) => {
    const now = engine.clock.now();
    await lockActingToken(transaction, caller, now);
    const found = await find(transaction);
    const owners = found.owners.filter((one) => mayEndOwners(caller, one));
    const staff = found.staff.filter((one) => caller.may('keyhouse-users:write') && reaches(caller, one.workspaceId));
    await transaction.portal.end(owners.map(({ id }) => id));
    await transaction.staff.end(staff.map(({ id }) => id));
    const ended = [...owners, ...staff];
    const subjects = ended.map(({ id }) => ({ kind: 'session' as const, id }));
    const places = new Set(ended.map(({ workspaceId }) => workspaceId));
    return {
      value: ended.map(({ id }) => id),
      subjects,
      unchanged: ended.length === 0,
      tightening: true,
      audit: auditDraft(caller, now, {
        action: 'portal_session.ended',
        subject: subjects[0] ?? null,
        workspaceId: places.size === 1 ? ([...places][0] ?? null) : null,
        details: {
          session_ids: ended.map(({ id }) => id),
          ...(owners[0] !== undefined && { owner_id: owners[0].ownerId }),
          ...(staff[0] !== undefined && { staff: staff[0].externalId }),
        },
      }),
    };
  });
  if (guarantee === null) throw new Error('portal sessions were ended without a guarantee');
  return { ended_ids: ids, guarantee: guaranteeWire(guarantee) };
}

/** Owners end their own from within; of others whoever may act for them does. */
function mayEndOwners(caller: Caller, { ownerId, workspaceId }: PortalSessionRecord): boolean {
  if (caller.may('keyhouse-owners:act-as')) return reaches(caller, workspaceId);
  const { self, token } = caller;
  return token === null && self?.ownerId === ownerId && self.workspaceId === workspaceId;
}

import { z } from 'zod';
import type { Draft } from '../changes/index.ts';
import type { AlertRecord, Transaction } from '../ports/index.ts';
import { type AlertWire, alertSchema, alertsWire, noteSchema, withinReach } from './alert-wire.ts';
import { auditDraft } from './audit-draft.ts';
import type { Caller } from './caller.ts';
import { lockActingToken } from './holder.ts';
import { defineOperation, type Engine } from './operation.ts';
import { idSchema } from './schemas.ts';

const inputSchema = z.strictObject({ id: idSchema, note: noteSchema });
type Input = z.infer<typeof inputSchema>;

/** Says that somebody has looked at an alert, with what they found out. It stays as it is when it was acknowledged before. */
export const acknowledgeAlert = defineOperation<Input, AlertWire>({
  id: 'acknowledgeAlert',
  summary: 'Acknowledge an alert',
  access: { needs: 'keyhouse-alerts:write' },
  effect: 'changes',
  input: inputSchema,
  output: alertSchema,
  run: async (engine, caller, { id, note }) => {
    const alerts = await acknowledge(engine, caller, [id], note);
    const [wire] = await alertsWire(engine, alerts);
    return wire as AlertWire;
  },
});

/**
 * Acknowledges them all, or none where one is not the caller's.
 * @throws {Rejection} `not_found`.
 */
export async function acknowledge(
  engine: Engine,
  caller: Caller,
  ids: readonly string[],
  note: string | undefined,
): Promise<readonly AlertRecord[]> {
  const { value } = await engine.changes.commit((transaction) => draft(engine, caller, ids, note, transaction));
  return value;
}

async function draft(
  engine: Engine,
  caller: Caller,
  ids: readonly string[],
  note: string | undefined,
  transaction: Transaction,
): Promise<Draft<readonly AlertRecord[]>> {
  const now = engine.clock.now();
  await lockActingToken(transaction, caller, now);
  const acknowledged = { acknowledgedAt: now, acknowledgedBy: caller.actor, note: note ?? null };
  const after: AlertRecord[] = [];
  const taken: AlertRecord[] = [];
  // In one order, so that two callers never wait for each other.
  for (const id of [...new Set(ids)].sort()) {
    const alert = withinReach(caller, await transaction.alerts.lock(id));
    if (alert.acknowledgedAt === null) {
      await transaction.alerts.update(id, acknowledged);
      taken.push(alert);
    }
    after.push(alert.acknowledgedAt === null ? { ...alert, ...acknowledged } : alert);
  }
  const [first] = taken;
  const isOne = taken.length === 1 && first !== undefined;
  const workspaces = new Set(taken.map(({ workspaceId }) => workspaceId));
  return {
    value: after,
    subjects: taken.map(({ id }) => ({ kind: 'alert', id })),
    unchanged: taken.length === 0,
    tightening: false,
    audit: auditDraft(caller, now, {
      action: 'alert.acknowledged',
      subject: isOne ? { kind: 'alert', id: first.id } : null,
      workspaceId: workspaces.size === 1 ? (first?.workspaceId ?? null) : null,
      details: {
        alerts: taken.map(({ id, kind, tokenId, count }) => ({ id, kind, token_id: tokenId, count })),
      },
      personal: { note },
    }),
  };
}

import type { Draft } from '../changes/index.ts';
import {
  anonymousCaller,
  auditDraft,
  type Caller,
  draftRevocation,
  newRequestId,
  ownerStands,
} from '../manage/index.ts';
import { mailClaimLink } from '../people/index.ts';
import { formatInstant, rotationDueAt, tokenState } from '../policy/index.ts';
import type { Instant, TokenRecord, Transaction } from '../ports/index.ts';
import { rotationPlanOf } from '../profile/index.ts';
import type { Job, Upkeep } from './job.ts';
import { putMail } from './put-mail.ts';
import { recipientsOf } from './recipients.ts';

const AT_ONCE = 100;
const DAY_MS = 24 * 60 * 60_000;

/**
 * Tells people of rotations that are due, and reminds them. The successor itself comes to be when it is claimed: nothing
 * here makes a value, and the old token works until then, however late this runs.
 */
export const rotationsDue: Job = {
  name: 'rotations_due',
  everyMs: 60_000,
  async run(upkeep, now) {
    const { store } = upkeep.engine;
    const failed = new Map<string, unknown>();
    for (;;) {
      const found = await store.transact(({ rotations }) => rotations.findDue(now, AT_ONCE + failed.size));
      const due = found.filter((id) => !failed.has(id));
      if (due.length === 0) break;
      for (const id of due) {
        if (upkeep.stopped.aborted) return;
        // One that cannot be dealt with keeps no other waiting.
        await takeStep(upkeep, id, now).catch((error: unknown) => failed.set(id, error));
      }
    }
    if (failed.size > 0) throw new AggregateError([...failed.values()], 'some rotations could not be dealt with');
  },
};

async function takeStep(upkeep: Upkeep, tokenId: string, now: Instant): Promise<void> {
  const { engine } = upkeep;
  const caller = anonymousCaller({ ip: null, requestId: newRequestId(engine), idempotencyKey: null });
  await engine.changes.commit((transaction) => draftStep(upkeep, caller, tokenId, transaction, now));
}

/** One look at one token, all in one transaction: whoever repeats it finds that it is not to be looked at any more. */
async function draftStep(
  upkeep: Upkeep,
  caller: Caller,
  tokenId: string,
  transaction: Transaction,
  now: Instant,
): Promise<Draft<unknown>> {
  const found = await transaction.tokens.findById(tokenId);
  const lineage = found === null ? [] : await transaction.tokens.lockLineage(found.lineageId);
  const token = lineage.find(({ id }) => id === tokenId);
  const lookAt = token === undefined ? null : await transaction.rotations.nextLookAt(token.id);
  // Another process was here first.
  if (token === undefined || lookAt === null || lookAt > now) return nothing(caller, now);
  const dueAt = rotationDueAt(token);
  const state = tokenState(token, now);
  if (dueAt === null || dueAt > now || (state !== 'active' && state !== 'disabled')) {
    const isOver = dueAt === null || dueAt <= now;
    await transaction.rotations.lookAt(token.id, isOver ? null : dueAt);
    return nothing(caller, now);
  }
  // What is refused anyway waits for whoever lets it work again.
  if (state === 'disabled' || !(await ownerStands(transaction.owners, token))) {
    await transaction.rotations.lookAt(token.id, now + DAY_MS);
    return nothing(caller, now);
  }
  return notify(upkeep, caller, token, dueAt, transaction, now);
}

async function notify(
  upkeep: Upkeep,
  caller: Caller,
  token: TokenRecord,
  dueAt: Instant,
  transaction: Transaction,
  now: Instant,
): Promise<Draft<unknown>> {
  const { engine } = upkeep;
  const { noticesMs, overdueAfterMs, onUnclaimed } = rotationPlanOf(engine.authenticator.profile.profile);
  const steps = [...noticesMs, overdueAfterMs];
  let step = 0;
  while (step < steps.length && !(await transaction.notices.once(keyOf(token, dueAt, step), now))) step++;
  const to = engine.sendsMail ? await recipientsOf(transaction.owners, { ...token, ...token.rotation }) : [];
  // Counted from now: who was told late is given as long as everybody else.
  const gapMs = (steps[step + 1] ?? 0) - (steps[step] ?? 0);
  await transaction.rotations.lookAt(token.id, step < noticesMs.length ? now + gapMs : null);
  if (to.length > 0) await transaction.notices.once(mailedKeyOf(token, dueAt, step), now);

  const isEnding = (token.rotation.onUnclaimed ?? onUnclaimed) === 'end';
  const isLast = step >= noticesMs.length;
  // Looked at once more after the last step, it is only told to somebody else.
  if (isEnding && step === noticesMs.length) {
    const warnings = noticesMs.map((_, index) => mailedKeyOf(token, dueAt, index));
    if ((await transaction.notices.count(warnings)) >= WARNINGS_MIN) {
      for (const one of to)
        await putMail(engine, transaction, { template: 'rotation_ended', to: one, data: aboutToken(token, dueAt) });
      return draftRevocation(engine, caller, token, { reason: UNCLAIMED }, transaction);
    }
    upkeep.warn('a token goes on working: too few reminders to rotate it could be mailed', { token_id: token.id });
  }
  const template = step === 0 ? 'rotation_due' : isLast ? 'rotation_overdue' : 'rotation_reminder';
  const endsAt = isEnding && !isLast ? now + ((steps.at(-1) as number) - (steps[step] as number)) : null;
  const data = { ...aboutToken(token, dueAt), ...(endsAt !== null && { ends_at: formatInstant(endsAt) }) };
  for (const one of to) await mailClaimLink(engine, transaction, { template, tokenId: token.id, to: one, data });
  const subject = { kind: 'lineage' as const, id: token.lineageId };
  return {
    value: null,
    subjects: [subject],
    tightening: false,
    audit: auditDraft(caller, now, {
      action: step === 0 ? 'token.rotation_due' : isLast ? 'token.rotation_overdue' : 'token.rotation_reminded',
      subject,
      workspaceId: token.workspaceId,
      details: { token_id: token.id, due_at: dueAt, notice: step + 1, mails: to.length },
    }),
  };
}

/** Mailed before a token may be ended because nobody claimed its successor. */
const WARNINGS_MIN = 3;
const UNCLAIMED = 'nobody claimed its successor';

function aboutToken({ name, hint }: TokenRecord, dueAt: Instant): Record<string, string> {
  return { name, hint, due_at: formatInstant(dueAt) };
}

function keyOf({ id }: TokenRecord, dueAt: Instant, step: number): string {
  return `rotation:${id}:${dueAt}:${step + 1}`;
}

function mailedKeyOf(token: TokenRecord, dueAt: Instant, step: number): string {
  return `${keyOf(token, dueAt, step)}:mailed`;
}

/** Only when it is looked at next was written down: nothing changed for anybody. */
function nothing(caller: Caller, now: Instant): Draft<null> {
  const audit = auditDraft(caller, now, { action: 'token.rotation_due', subject: null, workspaceId: null });
  return { value: null, subjects: [], unchanged: true, tightening: false, audit };
}

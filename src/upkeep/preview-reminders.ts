import { z } from 'zod';
import { defineOperation, type Engine, requireInstallation, timeSchema } from '../manage/index.ts';
import { formatInstant, reminderDay } from '../policy/index.ts';
import { REMINDER_KINDS, type Transaction } from '../ports/index.ts';
import { reminderPlanOf } from '../profile/index.ts';
import { noteOwner, noteTokens } from './note-reminders.ts';
import { type Digest, writeDigest } from './write-digest.ts';

/** Looked at for one answer: the rest is said to be there. */
const TOKENS_MAX = 1_000;
const OWNERS_MAX = 100;
const PEOPLE_MAX = 100;

const inputSchema = z.strictObject({});

const reminderSchema = z.object({
  kind: z.enum(REMINDER_KINDS),
  name: z.string().describe('Of the token; of `owner_ended` the owner'),
  hint: z.string().nullable(),
  owner: z.string().nullable().describe('Whose it is, where that is somebody else'),
  at: timeSchema.describe('When it ends; since when it is old, unused or without its owner'),
  tokens: z.int().nullable().describe('Of `owner_ended`: how many are left'),
  path: z.string().describe('Its page of the dashboard'),
});

const outputSchema = z
  .object({
    sends_mail: z.boolean().describe('Whether anything is mailed at all'),
    before_expiry: z.array(z.string()),
    rotation_after: z.string().nullable().describe('null: people are not reminded of it'),
    unused_after: z.string().nullable().describe('null: people are not reminded of it'),
    hour: z.int().describe('From which hour of UTC on mails go out'),
    day_ends_at: timeSchema.describe('Who was mailed before is mailed again after this'),
    complete: z.boolean().describe('false: more is due than was looked at'),
    data: z.array(
      z.object({
        to: z.string(),
        count: z.int().describe('All reminders of the mail; it lists the most urgent'),
        reminders: z.array(reminderSchema),
      }),
    ),
  })
  .meta({ id: 'ReminderPreview' });
export type ReminderPreviewWire = z.infer<typeof outputSchema>;

/** When people are reminded of what, and what would be mailed now: all is done as the job does it, and taken back. */
export const previewReminders = defineOperation<z.infer<typeof inputSchema>, ReminderPreviewWire>({
  id: 'previewReminders',
  summary: 'See which reminders would be mailed now',
  access: { needs: 'keyhouse-mail:read' },
  effect: 'reads',
  input: inputSchema,
  output: outputSchema,
  async run(engine, caller) {
    requireInstallation(caller);
    const plan = reminderPlanOf(engine.authenticator.profile.profile);
    const { beforeExpiry, rotationAfter, unusedAfter } = plan.written;
    const now = engine.clock.now();
    const { until } = reminderDay(now, plan.hour);
    const { digests, isComplete } = await rehearse(engine, now, until);
    return {
      sends_mail: engine.sendsMail,
      before_expiry: [...beforeExpiry],
      rotation_after: rotationAfter,
      unused_after: unusedAfter,
      hour: plan.hour,
      day_ends_at: formatInstant(until),
      complete: isComplete,
      data: digests.map(({ to, count, items }) => ({ to, count, reminders: [...items] })),
    };
  },
});

/** Ends the transaction of a rehearsal. */
class TakenBack extends Error {}

async function rehearse(real: Engine, now: number, until: number) {
  const { store, usage } = real;
  // What would be mailed if somebody sent it.
  const engine: Engine = { ...real, sendsMail: true };
  const tokens = await store.reminders.dueTokens(until, TOKENS_MAX);
  const owners = await store.reminders.dueOwners(OWNERS_MAX);
  const uses = new Map((await usage.lastUses(tokens)).map(({ tokenId, at }) => [tokenId, at]));
  const digests: Digest[] = [];
  let people: readonly string[] = [];
  try {
    await store.transact(async (transaction: Transaction) => {
      await noteTokens(engine, transaction, tokens, uses, now);
      for (const id of owners) await noteOwner(engine, transaction, id, now);
      people = await transaction.digests.waiting(now, PEOPLE_MAX);
      for (const to of people) {
        const digest = await writeDigest(engine, transaction, to, now);
        if (digest !== null) digests.push(digest);
      }
      throw new TakenBack();
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
  }
  const isComplete = tokens.length < TOKENS_MAX && owners.length < OWNERS_MAX && people.length < PEOPLE_MAX;
  return { digests, isComplete };
}

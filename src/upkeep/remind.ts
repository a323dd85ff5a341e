import { reminderDay } from '../policy/index.ts';
import { type Instant, StorageBusy, StorageUnavailable } from '../ports/index.ts';
import { reminderPlanOf } from '../profile/index.ts';
import type { Job, Upkeep } from './job.ts';
import { noteOwner, noteTokens } from './note-reminders.ts';
import { writeDigest } from './write-digest.ts';

const AT_ONCE = 100;
/** Of one run, so that the first one after a step up from an older version does not hold the others back for hours. */
const PAGES_MAX = 50;

/**
 * Reminds people of tokens that end, that are old or unused, and of those whose owner is gone: one mail a day to each, written
 * once all that is due was looked at.
 */
export const remind: Job = {
  name: 'reminders',
  everyMs: 60_000,
  async run(upkeep, now) {
    const { engine, stopped } = upkeep;
    const { store } = engine;
    const failures: unknown[] = [];
    const { until } = reminderDay(now, reminderPlanOf(engine.authenticator.profile.profile).hour);

    const isThrough = await inPages(
      stopped,
      () => store.reminders.dueTokens(until, AT_ONCE),
      (ids) => noteAll(upkeep, ids, now, until, failures),
    );
    const knowsOwners = await inPages(
      stopped,
      () => store.reminders.dueOwners(AT_ONCE),
      (ids) => eachAlone(ids, failures, (id) => store.transact((writes) => noteOwner(engine, writes, id, now))),
    );
    if (isThrough && knowsOwners && engine.sendsMail) {
      await inPages(
        stopped,
        () => store.reminders.waiting(now, AT_ONCE),
        (people) =>
          eachAlone(people, failures, (to) => store.transact((writes) => writeDigest(engine, writes, to, now))),
      );
    }
    if (failures.length > 0) throw new AggregateError(failures, 'some reminders could not be written');
  },
};

/** Page after page, until there is nothing that was not dealt with. @returns whether it came to that. */
async function inPages(
  stopped: AbortSignal,
  find: () => Promise<readonly string[]>,
  deal: (found: readonly string[]) => Promise<void>,
): Promise<boolean> {
  const seen = new Set<string>();
  for (let page = 0; page < PAGES_MAX && !stopped.aborted; page++) {
    const found = (await find()).filter((id) => !seen.has(id));
    if (found.length === 0) return true;
    for (const id of found) seen.add(id);
    await deal(found);
  }
  return false;
}

/** One transaction for all of them; one for each where that fails, so that a token that cannot be dealt with keeps no other waiting. */
async function noteAll(
  { engine }: Upkeep,
  ids: readonly string[],
  now: Instant,
  until: Instant,
  failures: unknown[],
): Promise<void> {
  const { store } = engine;
  const used = await engine.usage.lastUses(ids);
  const uses = new Map(used.map(({ tokenId, at }) => [tokenId, at]));
  const note = (some: readonly string[]) => store.transact((writes) => noteTokens(engine, writes, some, uses, now));
  try {
    await note(ids);
  } catch (error) {
    if (error instanceof StorageBusy || error instanceof StorageUnavailable) throw error;
    await eachAlone(ids, failures, async (id) => {
      try {
        await note([id]);
      } catch (cause) {
        await store.transact(({ reminders }) => reminders.lookAt(id, until));
        throw cause;
      }
    });
  }
}

async function eachAlone(
  ids: readonly string[],
  failures: unknown[],
  deal: (id: string) => Promise<unknown>,
): Promise<void> {
  for (const id of ids) {
    try {
      await deal(id);
    } catch (error) {
      if (error instanceof StorageBusy || error instanceof StorageUnavailable) throw error;
      failures.push(error);
    }
  }
}

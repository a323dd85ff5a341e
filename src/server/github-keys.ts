import { z } from 'zod';
import { type Clock, type ReporterKeys, ReporterUnreachable } from '../ports/index.ts';

const TIMEOUT_MS = 5_000;
const BYTES_MAX = 256 * 1024;
/** A key that nobody has heard of is asked for no more often. */
const ASKED_AGAIN_AFTER_MS = 60_000;
/** So long a key is believed that is published no more. */
const LIFETIME_MS = 24 * 60 * 60_000;

const answerSchema = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string().max(200), key: z.string().max(10_000) })).max(1_000),
});

/**
 * The public keys that GitHub signs its reports with, as it publishes them at this address. They are kept for a day, and asked
 * for again when a key is named that is not among them, once a minute at the most.
 */
export function githubKeys(url: URL, clock: Clock): ReporterKeys {
  let keys: ReadonlyMap<string, string> | null = null;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;
  const ask = async (): Promise<void> => {
    askedAt = clock.monotonic();
    keys = await fetchKeys(url);
    fetchedAt = clock.monotonic();
  };
  return {
    async find(identifier) {
      const isFresh = () => clock.monotonic() - fetchedAt < LIFETIME_MS;
      const known = keys?.get(identifier);
      if (known !== undefined && isFresh()) return known;
      if (asking === null && clock.monotonic() - askedAt >= ASKED_AGAIN_AFTER_MS) {
        asking = ask().finally(() => {
          asking = null;
        });
      }
      await asking;
      if (keys === null || !isFresh()) throw new ReporterUnreachable('the keys were not answered a moment ago');
      return keys.get(identifier) ?? null;
    },
  };
}

/** @throws {ReporterUnreachable} nothing came, or something else. */
async function fetchKeys(url: URL): Promise<ReadonlyMap<string, string>> {
  try {
    const answer = await fetch(url, {
      headers: { Accept: 'application/json', 'User-Agent': 'keyhouse' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      throw new Error(`it answered ${answer.status}`);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > BYTES_MAX) throw new Error('it answered more than keys');
      chunks.push(chunk);
    }
    const { public_keys: keys } = answerSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    return new Map(keys.map(({ key_identifier, key }) => [key_identifier, key]));
  } catch (cause) {
    throw new ReporterUnreachable('the keys could not be fetched', { cause });
  }
}

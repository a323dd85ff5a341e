import type { Words } from '../../words.ts';

interface Working {
  readonly count: number;
  readonly hasMore: boolean;
}

/** What stops with somebody, at the beginning of a sentence: `Their 3 tokens stop`. */
export function stopSentence(words: Words, working: Working | null, whose: string): string {
  if (working === null || working.hasMore)
    return `Every ${words.token} of ${whose} stops at once: the very next request with it is refused.`;
  if (working.count === 0) return `No ${words.token} of ${whose} works at the moment, so nothing stops.`;
  if (working.count === 1)
    return `The one ${words.token} of ${whose} stops at once: the very next request with it is refused.`;
  return `All ${working.count} ${words.tokens} of ${whose} stop at once: the very next request with one is refused.`;
}

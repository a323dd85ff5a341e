import type { Clock } from '../ports/index.ts';

/** Quicker answers are worked out anew each time. */
const COSTLY_MS = 250;
/** A costly answer is kept so many times as long as it took: whoever asks again and again takes a twentieth of the reader. */
const KEPT_TIMES = 20;
const KEPT_MAX = 200;

interface Kept<Answer> {
  readonly answer: Promise<Answer>;
  /** Of the monotonic clock; Infinity while it is being worked out. */
  until: number;
}

/**
 * Answers that read much and that several people ask for every few seconds: those who ask at once share one, and one that
 * took long is kept for a while (threats row 80).
 */
export class CostlyAnswers<Answer> {
  readonly #kept = new Map<string, Kept<Answer>>();

  /** @throws what `work` threw; a failure is not kept. */
  async of(key: string, clock: Clock, work: () => Promise<Answer>): Promise<Answer> {
    const begun = clock.monotonic();
    const known = this.#kept.get(key);
    if (known !== undefined && known.until > begun) return known.answer;
    const kept: Kept<Answer> = { answer: work(), until: Number.POSITIVE_INFINITY };
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    try {
      return await kept.answer;
    } catch (error) {
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
      throw error;
    } finally {
      const now = clock.monotonic();
      const tookMs = now - begun;
      kept.until = tookMs < COSTLY_MS ? now : now + tookMs * KEPT_TIMES;
    }
  }
}

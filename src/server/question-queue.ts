import { StorageUnavailable } from '../ports/index.ts';
import type { AnswerWire, QuestionWire } from './attached-wire.ts';

/** From asking to hearing: a request must not wait longer to be refused. */
const ANSWER_MS = 1_000;
/** Requests under way at most: what is asked meanwhile goes together with the next. */
const SENDING_MAX = 4;
const QUESTIONS_MAX = 256;

interface Asked {
  readonly question: QuestionWire;
  readonly resolve: (answer: AnswerWire) => void;
  readonly reject: (error: Error) => void;
  readonly tooLate: NodeJS.Timeout;
}

/**
 * Asks many questions with few requests, so that a burst costs about as much as a handful of single ones. A question never
 * joins a request that has been sent: what is answered was decided after it was asked.
 */
export class QuestionQueue {
  readonly #send: (questions: readonly QuestionWire[], deadlineMs: number) => Promise<readonly AnswerWire[]>;
  readonly #waiting = new Set<Asked>();
  #sending = 0;

  /** @param send asks them all, and answers in the same order. */
  constructor(send: (questions: readonly QuestionWire[], deadlineMs: number) => Promise<readonly AnswerWire[]>) {
    this.#send = send;
  }

  /** @throws {StorageUnavailable} there is no answer, or none in time. */
  ask(question: QuestionWire): Promise<AnswerWire> {
    return new Promise((resolve, reject) => {
      const tooLate = setTimeout(() => {
        this.#waiting.delete(asked);
        reject(new StorageUnavailable(`The process that owns the data folder did not answer within ${ANSWER_MS} ms.`));
      }, ANSWER_MS);
      const asked: Asked = { question, resolve, reject, tooLate };
      this.#waiting.add(asked);
      if (this.#sending < SENDING_MAX) void this.#sendNext();
    });
  }

  async #sendNext(): Promise<void> {
    this.#sending += 1;
    // Whatever else is asked in this turn goes along.
    await Promise.resolve();
    const batch: Asked[] = [];
    for (const asked of this.#waiting) {
      if (batch.length === QUESTIONS_MAX) break;
      batch.push(asked);
      this.#waiting.delete(asked);
    }
    try {
      if (batch.length > 0) await this.#deliver(batch);
    } finally {
      this.#sending -= 1;
      if (this.#waiting.size > 0) void this.#sendNext();
    }
  }

  async #deliver(batch: readonly Asked[]): Promise<void> {
    try {
      const answers = await this.#send(
        batch.map(({ question }) => question),
        ANSWER_MS,
      );
      for (const [index, { resolve, reject }] of batch.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new StorageUnavailable('The process that owns the data folder left it out.'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error as Error);
    } finally {
      for (const { tooLate } of batch) clearTimeout(tooLate);
    }
  }
}

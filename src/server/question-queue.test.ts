import { describe, expect, it } from 'vitest';
import type { AnswerWire, QuestionWire } from './attached-wire.ts';
import { QuestionQueue } from './question-queue.ts';

const question = (text: string): QuestionWire => ({
  text,
  environments: ['live'],
  ip: null,
  all_of: [],
  any_of: [],
  cost: 1,
  allow_replaced: false,
});

/** Requests that a test answers when it likes: with the text of each question. */
function heldRequests() {
  const requests: { readonly texts: readonly string[]; answer(): void; fail(error: Error): void }[] = [];
  const queue = new QuestionQueue(
    (questions) =>
      new Promise((resolve, reject) => {
        const texts = questions.map(({ text }) => text);
        const answers: AnswerWire[] = texts.map((text) => ({ unavailable: text }));
        requests.push({ texts, answer: () => resolve(answers), fail: reject });
      }),
  );
  return { queue, requests };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('questions to the owner of a data folder', () => {
  it('go together when they are asked together, and each gets its own answer', async () => {
    const { queue, requests } = heldRequests();
    const asked = ['a', 'b', 'c'].map((text) => queue.ask(question(text)));
    await turn();
    expect(requests.map(({ texts }) => texts)).toEqual([['a', 'b', 'c']]);
    requests[0]?.answer();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c'].map((unavailable) => ({ unavailable })));
  });

  it('never join a request that is under way: it may have been decided before them', async () => {
    const { queue, requests } = heldRequests();
    const first = queue.ask(question('first'));
    await turn();
    const later = queue.ask(question('later'));
    await turn();
    expect(requests.map(({ texts }) => texts)).toEqual([['first'], ['later']]);
    requests[1]?.answer();
    expect(await later).toEqual({ unavailable: 'later' });
    requests[0]?.answer();
    await first;
  });

  it('wait for a request to end when several are under way, and then go together', async () => {
    const { queue, requests } = heldRequests();
    for (const text of ['1', '2', '3', '4']) {
      void queue.ask(question(text));
      await turn();
    }
    const waiting = ['5', '6', '7'].map((text) => queue.ask(question(text)));
    await turn();
    expect(requests).toHaveLength(4);
    requests[2]?.answer();
    await turn();
    expect(requests[4]?.texts).toEqual(['5', '6', '7']);
    for (const request of requests) request.answer();
    expect(await Promise.all(waiting)).toHaveLength(3);
  });

  it('fail with their request and with no other', async () => {
    const { queue, requests } = heldRequests();
    const lost = queue.ask(question('lost'));
    await turn();
    const kept = queue.ask(question('kept'));
    await turn();
    requests[0]?.fail(new Error('the connection broke'));
    requests[1]?.answer();
    await expect(lost).rejects.toThrow('the connection broke');
    expect(await kept).toEqual({ unavailable: 'kept' });
  });

  it('are given up after a second, also those that were never sent', async () => {
    const { queue } = heldRequests();
    const asked = Array.from({ length: 8 }, async (_, index) => {
      for (let turns = 0; turns < index; turns++) await turn();
      return queue.ask(question(`${index}`));
    });
    const ended = await Promise.allSettled(asked);
    expect(ended.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'rejected'));
  });
});

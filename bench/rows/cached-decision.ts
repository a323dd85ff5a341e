import { hash } from 'node:crypto';
import type { Contender } from '../measure.ts';
import { measure } from '../measure.ts';
import type { Row } from '../row.ts';
import { questionFor, type SeededEngine } from '../seeded-engine.ts';

const PER_ROUND = 20_000;

/** Decides the tokens one after the other, round and round, in an order that no cache of the processor can foresee. */
export function deciding(name: string, { opened, tokens }: SeededEngine, stride: number): Contender {
  const { authenticator } = opened.engine;
  const questions = tokens.map(questionFor);
  let at = 0;
  return {
    name,
    run: async (count) => {
      for (let index = 0; index < count; index++) {
        at = (at + stride) % questions.length;
        const decided = authenticator.decide(questions[at] as ReturnType<typeof questionFor>);
        const decision = decided instanceof Promise ? await decided : decided;
        if (!decision.allowed) throw new Error(`refused: ${decision.denial.cause}`);
      }
    },
  };
}

/** Design §9, rows 1 and 2: a cached token with permission, address list and two windows; few tokens and a million. */
export async function cachedDecision(few: SeededEngine, many: SeededEngine): Promise<Row[]> {
  const text = few.tokens[0] as string;
  const hashing: Contender = {
    name: 'sha256',
    run: (count) => {
      for (let index = 0; index < count; index++) hash('sha256', text);
    },
  };
  const [sha, fewTiming, manyTiming] = await measure(
    [hashing, deciding('few', few, 7), deciding('many', many, 700_001)],
    { perRound: PER_ROUND },
  );
  if (sha === undefined || fewTiming === undefined || manyTiming === undefined) throw new Error('nothing was measured');
  const cost = fewTiming.ns / sha.ns;
  const speed = fewTiming.ns / manyTiming.ns;
  return [
    {
      work: `decide a cached token in-process: permission, address list, two windows (${few.tokens.length} tokens)`,
      yardstick: "crypto.hash('sha256', text) of the same text",
      target: '≤ 5 × its cost',
      measured: `${cost.toFixed(2)} ×`,
      isMet: cost <= 5,
      figures: {
        decide_ns: round(fewTiming.ns),
        sha256_ns: round(sha.ns),
        decisions_per_second: round(1e9 / fewTiming.ns),
      },
    },
    {
      work: `decide a cached token in-process with ${many.tokens.length.toLocaleString('en')} active tokens, each used in the hour`,
      yardstick: `with ${few.tokens.length} tokens`,
      target: '≥ 0.5 × the speed',
      measured: `${speed.toFixed(2)} ×`,
      isMet: speed >= 0.5,
      figures: { decide_ns: round(manyTiming.ns), decisions_per_second: round(1e9 / manyTiming.ns) },
    },
  ];
}

export function round(value: number): number {
  return Math.round(value);
}

import { generateId, type RandomSource } from '../token/index.ts';
import type { Engine } from './operation.ts';

/** Random bytes drawn at once: asking the operating system for every request costs more than deciding about it. */
const DRAWN_BYTES = 4096;

const drawn = new WeakMap<RandomSource, RandomSource>();

/** An id for one request: ours, because what a client sends could be anybody's. It names, and is never a secret. */
export function newRequestId({ random }: Pick<Engine, 'random'>): string {
  let source = drawn.get(random);
  if (source === undefined) {
    source = drawAhead(random);
    drawn.set(random, source);
  }
  return generateId('req', source);
}

function drawAhead(random: RandomSource): RandomSource {
  let ahead = new Uint8Array(0);
  return {
    bytes(count) {
      if (ahead.length < count) ahead = new Uint8Array(random.bytes(Math.max(DRAWN_BYTES, count)));
      const taken = ahead.subarray(0, count);
      ahead = ahead.subarray(count);
      return taken;
    },
  };
}

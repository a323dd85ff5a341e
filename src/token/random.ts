import { randomBytes } from 'node:crypto';

/** Where unpredictable bytes come from. */
export interface RandomSource {
  /** Exactly `count` bytes, uniform and independent. */
  bytes(count: number): Uint8Array;
}

/** The operating system's generator: the only source outside tests. */
export const systemRandom: RandomSource = { bytes: (count) => randomBytes(count) };

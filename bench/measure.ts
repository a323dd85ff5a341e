/** Timing for comparisons: every contender runs in turn, round after round, so that noise of the machine meets all of them. */

export interface Contender {
  readonly name: string;
  /** Runs the work `count` times. */
  readonly run: (count: number) => void | Promise<void>;
}

export interface Timing {
  readonly name: string;
  /** Nanoseconds for one run of the work, median of the rounds. */
  readonly ns: number;
  /** The fastest round, as a floor that noise cannot lower. */
  readonly bestNs: number;
}

export interface MeasureOptions {
  /** How often the work runs in one round; the larger, the less the clock itself weighs. */
  readonly perRound: number;
  readonly rounds?: number;
}

/** Warms every contender up, then times them alternately. */
export async function measure(
  contenders: readonly Contender[],
  { perRound, rounds = 15 }: MeasureOptions,
): Promise<Timing[]> {
  const samples = contenders.map((): number[] => []);
  for (const { run } of contenders) await run(perRound);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { run }] of contenders.entries()) {
      const began = process.hrtime.bigint();
      await run(perRound);
      samples[index]?.push(Number(process.hrtime.bigint() - began) / perRound);
    }
  }
  return contenders.map(({ name }, index) => {
    const sorted = [...(samples[index] as number[])].sort((a, b) => a - b);
    return { name, ns: sorted[Math.floor(sorted.length / 2)] as number, bestNs: sorted[0] as number };
  });
}

/** Bytes of live memory: the JavaScript heap and everything outside it that belongs to JavaScript objects. */
export function liveBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

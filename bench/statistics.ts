/** @param share from 0 to 1. */
export function quantile(samples: readonly number[], share: number): number {
  return sorted(samples)[Math.floor(samples.length * share)] ?? 0;
}

/** How two samples differ without their slowest twentieth: what interrupts a process says nothing about an answer. */
export interface Difference {
  /** Welch's t. Beyond 4.5 either way the two are taken to differ (ISO/IEC 17825). */
  readonly t: number;
  /** The mean of the first less the mean of the second. */
  readonly mean: number;
  /** Half the width of the interval that holds the true difference with 99.9 % certainty. */
  readonly uncertainty: number;
}

export function welch(a: readonly number[], b: readonly number[]): Difference {
  const [left, right] = [summary(a), summary(b)];
  const error = Math.sqrt(left.error + right.error);
  const mean = left.mean - right.mean;
  return { t: mean / error, mean, uncertainty: 3.29 * error };
}

function summary(samples: readonly number[]): { readonly mean: number; readonly error: number } {
  const kept = sorted(samples).slice(0, Math.floor(samples.length * 0.95));
  const mean = kept.reduce((sum, one) => sum + one, 0) / kept.length;
  const variance = kept.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (kept.length - 1);
  return { mean, error: variance / kept.length };
}

function sorted(samples: readonly number[]): number[] {
  return [...samples].sort((a, b) => a - b);
}

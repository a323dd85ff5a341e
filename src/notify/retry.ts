const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long something is tried again. */
export interface RetryPlan {
  /** Waits between attempts; the last one repeats. */
  readonly stepsMs: readonly number[];
  /** From when it was to be sent. */
  readonly giveUpAfterMs: number;
}

export const MAIL_RETRIES: RetryPlan = {
  stepsMs: [10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS],
  giveUpAfterMs: 72 * HOUR_MS,
};

/** Ten attempts within three and a half days, as Standard Webhooks recommends. */
export const WEBHOOK_RETRIES: RetryPlan = {
  stepsMs: [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
  ],
  giveUpAfterMs: 84 * HOUR_MS,
};

/**
 * When it is tried again after so many attempts.
 * @returns null when it is given up.
 */
export function retryAt(plan: RetryPlan, attempts: number, since: number, now: number): number | null {
  const at = now + (plan.stepsMs[attempts - 1] ?? (plan.stepsMs.at(-1) as number));
  return at > since + plan.giveUpAfterMs ? null : at;
}

/**
 * Waiting with an end. Prevents a test that hangs until the runner gives up and then says nothing about what it waited
 * for: every wait in the tests goes through one of these two and names what it expects.
 */

/** Resolves like `promise`, or rejects after `deadlineMs` naming what did not happen. Does not stop the work itself. */
export async function within<T>(promise: Promise<T>, deadlineMs: number, expecting: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`within ${deadlineMs} ms this did not happen: ${expecting}`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([promise, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Asks `check` again and again until it returns something other than `undefined`, `null` or `false`; for outside
 * processes that announce nothing. A throwing check counts as "not yet", and its last error becomes the cause.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  deadlineMs: number,
  expecting: string,
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    let cause: unknown;
    try {
      const result = await within(Promise.resolve(check()), Math.max(1, end - performance.now()), expecting);
      if (result !== undefined && result !== null && result !== false) {
        return result as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= end) {
      throw new Error(`within ${deadlineMs} ms this did not happen: ${expecting}`, { cause });
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

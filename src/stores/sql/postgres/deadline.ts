import { StorageUnavailable } from '../../../ports/index.ts';

/** From asking to answer, a free connection included: a request must not wait longer to hear that there is no answer. */
const DECISION_DEADLINE_MS = 1_000;

export interface Deadline {
  readonly isOver: boolean;
}

/** @throws {StorageUnavailable} when `work` takes longer; what it does then is no longer waited for. */
export async function inTime<T>(work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = { isOver: false };
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      deadline.isOver = true;
      reject(new StorageUnavailable('PostgreSQL did not answer in time'));
    }, DECISION_DEADLINE_MS);
  });
  try {
    return await Promise.race([work(deadline), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

import { StorageBusy } from '../../../ports/index.ts';

/** Lets one at a time, in the order of asking. */
export class Turns {
  readonly #queue: (() => void)[] = [];
  #isTaken = false;

  /** @throws {StorageBusy} when `deadline` aborts first. */
  async take(deadline: AbortSignal): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const enter = (): void => {
        deadline.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(new StorageBusy('other changes hold the database'));
      };
      this.#queue.push(enter);
      deadline.addEventListener('abort', giveUp, { once: true });
    });
  }

  pass(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

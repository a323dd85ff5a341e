import { countedNetwork } from '../policy/index.ts';
import type { FailureCount, FailureKind, FailureSightings } from '../ports/index.ts';
import type { DenialOrigin } from './denial-queue.ts';

const HOUR_MS = 3_600_000;
/** Networks that are counted apart in an hour, for each kind; all further ones are counted together. */
const NETWORKS_MAX = 1_000;

/** What was refused because it tried, or because it gave a token away; whoever has no token at all tries nothing. */
const KIND_OF: Readonly<Record<string, FailureKind>> = {
  unknown: 'guess',
  mistyped: 'guess',
  too_many_failures: 'guess',
  token_in_url: 'token_in_url',
};

interface Failures {
  count: number;
  lastAt: number;
}

/** Counts failures by the network they came from, all of them: also those that no denial is kept of. Bounded in memory. */
export class FailureTally {
  #hour = 0;
  #networks: Readonly<Record<FailureKind, Map<string, Failures>>> = { guess: new Map(), token_in_url: new Map() };
  /** Of hours that are over. */
  #left: FailureCount[] = [];

  count({ cause, ip }: DenialOrigin, at: number): void {
    const kind = Object.hasOwn(KIND_OF, cause) ? KIND_OF[cause] : undefined;
    if (kind === undefined || ip === null) return;
    const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
    if (hour !== this.#hour) this.#begin(hour);
    const networks = this.#networks[kind];
    const wanted = countedNetwork(ip);
    const network = networks.has(wanted) || networks.size < NETWORKS_MAX ? wanted : '';
    const failures = networks.get(network);
    if (failures === undefined) networks.set(network, { count: 1, lastAt: at });
    else {
      failures.count += 1;
      failures.lastAt = at;
    }
  }

  /** Writes what was counted since the last time. @throws what the log threw; what was not written is kept. */
  async writeTo(log: Pick<FailureSightings, 'add'>): Promise<void> {
    const rows = [...this.#left, ...this.#taken()];
    this.#left = [];
    if (rows.length === 0) return;
    await log.add(rows).catch((error: unknown) => {
      // An outage of many hours is remembered as far as there is room.
      this.#left = [...rows, ...this.#left].slice(0, 4 * NETWORKS_MAX);
      throw error;
    });
  }

  #begin(hour: number): void {
    this.#left = [...this.#left, ...this.#taken()].slice(0, 4 * NETWORKS_MAX);
    this.#hour = hour;
    this.#networks = { guess: new Map(), token_in_url: new Map() };
  }

  /** What is not written yet; networks stay, so that no more than the bound are told apart in an hour. */
  #taken(): FailureCount[] {
    const rows: FailureCount[] = [];
    for (const kind of ['guess', 'token_in_url'] as const) {
      for (const [network, failures] of this.#networks[kind]) {
        if (failures.count === 0) continue;
        rows.push({ kind, network, hour: this.#hour, ...failures });
        failures.count = 0;
      }
    }
    return rows;
  }
}

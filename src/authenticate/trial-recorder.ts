import { createHash } from 'node:crypto';
import type { Finding, TrialLog, TrialSightings } from '../ports/index.ts';

/** Distinct tokens that one trial lists. */
export const LISTED_TOKENS_MAX = 1_000;
/** Findings of one token: as many addresses, permissions, routes. */
const FINDINGS_OF_TOKEN_MAX = 20;

/** What is not written yet of one trial. */
interface Pending {
  judged: number;
  refused: number;
  unlisted: number;
  readonly findings: Map<string, { -readonly [Field in keyof Finding]: Finding[Field] }>;
}

type Sighting = Pick<Finding, 'tokenId' | 'reason' | 'about'>;

/**
 * Counts what trials see. Noting is memory only, and bounded: what is beyond the bound is counted without being listed.
 * Flushes carry it to the log.
 */
export class TrialRecorder {
  readonly #log: TrialLog;
  /** Findings by token of each trial that is followed. */
  readonly #listed = new Map<string, Map<string, Set<string>>>();
  #pending = new Map<string, Pending>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(log: TrialLog) {
    this.#log = log;
  }

  /** Notes what these trials see, and forgets what was listed of others. What they listed before counts for the bound. */
  async follow(trialIds: readonly string[]): Promise<void> {
    for (const id of this.#listed.keys()) if (!trialIds.includes(id)) this.#listed.delete(id);
    for (const id of trialIds) {
      if (this.#listed.has(id)) continue;
      const listed = new Map<string, Set<string>>();
      for (const { tokenId, id: findingId } of await this.#log.known(id)) list(listed, tokenId, findingId);
      this.#listed.set(id, listed);
    }
  }

  /** One accepted request was judged by the trial. */
  judged(trialId: string): void {
    this.#of(trialId).judged += 1;
  }

  /** It would have been refused. */
  refused(trialId: string, sighting: Sighting, at: number, requestId: string | null): void {
    const pending = this.#of(trialId);
    pending.refused += 1;
    const id = findingId(sighting);
    const known = pending.findings.get(id);
    if (known !== undefined) {
      known.count += 1;
      known.lastAt = Math.max(known.lastAt, at);
      known.lastRequestId = requestId;
    } else if (this.#makeRoom(trialId, sighting.tokenId, id)) {
      pending.findings.set(id, { id, ...sighting, count: 1, firstAt: at, lastAt: at, lastRequestId: requestId });
    } else {
      pending.unlisted += 1;
    }
  }

  /**
   * Writes what was noted so far; what could not be written is kept for the next time.
   * @throws what the log threw.
   */
  flush(): Promise<void> {
    const written = this.#turn.then(() => this.#write());
    this.#turn = written.catch(() => {});
    return written;
  }

  async #write(): Promise<void> {
    if (this.#pending.size === 0) return;
    const batch = this.#pending;
    this.#pending = new Map();
    try {
      await this.#log.add([...batch].map(([trialId, pending]) => sightings(trialId, pending)));
    } catch (error) {
      for (const [trialId, pending] of batch) this.#keep(trialId, pending);
      throw error;
    }
  }

  #keep(trialId: string, unwritten: Pending): void {
    const newer = this.#pending.get(trialId);
    this.#pending.set(trialId, unwritten);
    if (newer === undefined) return;
    unwritten.judged += newer.judged;
    unwritten.refused += newer.refused;
    unwritten.unlisted += newer.unlisted;
    for (const [id, finding] of newer.findings) {
      const older = unwritten.findings.get(id);
      const { count, firstAt } = older ?? { count: 0, firstAt: finding.firstAt };
      unwritten.findings.set(id, { ...finding, count: finding.count + count, firstAt });
    }
  }

  #makeRoom(trialId: string, tokenId: string, id: string): boolean {
    let listed = this.#listed.get(trialId);
    if (listed === undefined) {
      listed = new Map();
      this.#listed.set(trialId, listed);
    }
    const ofToken = listed.get(tokenId);
    if (ofToken?.has(id) === true) return true;
    const isFull = ofToken === undefined ? listed.size >= LISTED_TOKENS_MAX : ofToken.size >= FINDINGS_OF_TOKEN_MAX;
    if (!isFull) list(listed, tokenId, id);
    return !isFull;
  }

  #of(trialId: string): Pending {
    const known = this.#pending.get(trialId);
    if (known !== undefined) return known;
    const pending: Pending = { judged: 0, refused: 0, unlisted: 0, findings: new Map() };
    this.#pending.set(trialId, pending);
    return pending;
  }
}

function list(listed: Map<string, Set<string>>, tokenId: string, findingId: string): void {
  const ofToken = listed.get(tokenId);
  if (ofToken === undefined) listed.set(tokenId, new Set([findingId]));
  else ofToken.add(findingId);
}

function findingId({ tokenId, reason, about }: Sighting): string {
  const { missing, address, window, route } = about;
  const text = JSON.stringify([tokenId, reason, missing, address, window, route]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

function sightings(trialId: string, { findings, ...tally }: Pending): TrialSightings {
  return { trialId, ...tally, findings: [...findings.values()] };
}

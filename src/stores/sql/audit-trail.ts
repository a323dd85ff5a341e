import { createPublicKey, verify } from 'node:crypto';
import { checkpointStatement } from '../../policy/index.ts';
import type { AuditHead, AuditPublicKey, Checkpoint, ProvableEvent } from '../../ports/index.ts';
import { CHAIN_START, chainHash, commitment } from './audit-chain.ts';

export type AuditProblem =
  /** An event whose number is not larger than the one before it: reordered or doubled. */
  | 'order'
  /** An event that does not continue the one before it: one was deleted, inserted or moved there. */
  | 'link'
  /** An event whose own fields were edited. */
  | 'content'
  /** Clear text beside an event that is not what was written with it. */
  | 'clear_text'
  /** Clear text that is gone and that no erasure on record accounts for. */
  | 'clear_text_missing'
  /** The newest event that the store remembers is not there. */
  | 'end'
  /** A checkpoint that its key did not sign. */
  | 'signature'
  /** A checkpoint by a key that is not among those given. */
  | 'unknown_key'
  /** Checkpoints are missing, doubled, or out of their order. */
  | 'checkpoints'
  /** The event of a checkpoint has another hash than was signed. */
  | 'signed_otherwise'
  /** The event of a checkpoint is not there. */
  | 'signed_missing'
  /** Beyond the last event more was signed: the end was cut off. */
  | 'cut_off';

export interface AuditFinding {
  readonly problem: AuditProblem;
  /** Of the event where it shows; null where it is about the log as a whole. */
  readonly seq: number | null;
  /** Number of the checkpoint it is about. */
  readonly checkpoint: number | null;
  /** One sentence. */
  readonly message: string;
}

export interface AuditReport {
  readonly sound: boolean;
  readonly events: number;
  readonly first_seq: number | null;
  readonly last_seq: number | null;
  readonly checkpoints: number;
  /** The newest event that a sound checkpoint vouches for. */
  readonly signed_seq: number | null;
  /** Events after it, which nothing signed vouches for yet. */
  readonly unsigned_events: number;
  /** Fields whose clear text is not there. */
  readonly erased_fields: number;
  readonly findings: readonly AuditFinding[];
  /** More than are listed. */
  readonly further_findings: number;
}

export interface AuditTrailOptions {
  /** Oldest first. */
  readonly checkpoints: readonly Checkpoint[];
  readonly keys: readonly AuditPublicKey[];
  /** Begins and ends anywhere in the chain: what was signed before and after is not looked for. Default all of it. */
  readonly isPart?: boolean;
}

const LISTED_MAX = 50;
export const ERASURE_ACTION = 'audit.erased';

/**
 * Verifies an audit trail event by event, against itself and against signed checkpoints. It goes on behind a finding, from
 * what the event there says of itself: one edit is one finding, wherever it is.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  readonly #findings: AuditFinding[] = [];
  #further = 0;
  /** Sound ones whose event has not come yet, by its number. */
  readonly #awaited = new Map<number, Checkpoint>();
  #events = 0;
  #firstSeq: number | null = null;
  #seq = 0;
  #hash: string;
  #signedSeq: number | null = null;
  #unsigned = 0;
  #missing = 0;
  #erased = 0;
  #heads: readonly AuditHead[] = [];

  constructor(options: AuditTrailOptions) {
    this.#options = options;
    this.#hash = CHAIN_START;
    this.#checkCheckpoints();
  }

  /** `head` must be among the events that come. */
  expect(head: AuditHead): void {
    if (head.seq > 0) this.#heads = [...this.#heads, head];
  }

  /** The next event, oldest first. */
  take(event: ProvableEvent): void {
    const { seq } = event;
    if (this.#firstSeq === null) {
      this.#firstSeq = seq;
      if (this.#options.isPart === true) this.#hash = event.previousHash;
    } else if (seq <= this.#seq) {
      this.#find('order', seq, `Event ${seq} stands behind event ${this.#seq}: it was moved or doubled.`);
    }
    if (event.previousHash !== this.#hash) {
      const before = this.#events === 0 ? 'the beginning' : `event ${this.#seq}`;
      this.#find(
        'link',
        seq,
        `Event ${seq} does not continue ${before}: something was taken out, put in, moved or edited between them.`,
      );
    }
    if (event.hash !== chainHash(event.previousHash, event)) {
      this.#find('content', seq, `Event ${seq} was edited: it is not what its hash was taken of.`);
    }
    this.#checkClearText(event);
    this.#checkSigned(event);
    this.#events += 1;
    this.#seq = Math.max(this.#seq, seq);
    this.#hash = event.hash;
    this.#heads = this.#heads.filter((head) => head.seq !== seq || head.hash !== event.hash);
    if (event.action === ERASURE_ACTION) this.#erased += Number(event.details.fields ?? 0);
  }

  /** A line of an export that is not as it was written. */
  misread(line: number): void {
    this.#find('content', null, `Line ${line} is not an event as it was exported.`);
  }

  /** @param countsErasures whether clear text may be missing by erasures on record alone. */
  report(countsErasures: boolean): AuditReport {
    for (const { seq } of this.#heads) {
      this.#find('end', seq, `Event ${seq} is the newest the store remembers, and it is not there as it was.`);
    }
    this.#heads = [];
    this.#reportAwaited();
    if (countsErasures && this.#missing > this.#erased) {
      const lost = this.#missing - this.#erased;
      this.#find('clear_text_missing', null, `${lost} fields of clear text are gone, and no erasure tells of them.`);
    }
    return {
      sound: this.#findings.length === 0,
      events: this.#events,
      first_seq: this.#firstSeq,
      last_seq: this.#events === 0 ? null : this.#seq,
      checkpoints: this.#options.checkpoints.length,
      signed_seq: this.#signedSeq,
      unsigned_events: this.#unsigned,
      erased_fields: this.#missing,
      findings: this.#findings,
      further_findings: this.#further,
    };
  }

  #checkCheckpoints(): void {
    const { checkpoints, keys, isPart = false } = this.#options;
    const byKid = new Map(keys.map((key) => [key.kid, key]));
    let before: Checkpoint | null = null;
    for (const checkpoint of checkpoints) {
      const { number, seq, kid } = checkpoint;
      const key = byKid.get(kid);
      const isNext = before === null ? isPart || number === 1 : number === before.number + 1 && seq > before.seq;
      const isOfStore = before === null || before.storeId === checkpoint.storeId;
      if (!isNext || !isOfStore) {
        const after = before === null ? 'as the first' : `behind checkpoint ${before.number}`;
        const message = `Checkpoint ${number} stands ${after}: one is missing, doubled, moved or of another store.`;
        this.#find('checkpoints', seq, message, number);
      }
      if (key === undefined) {
        this.#find(
          'unknown_key',
          seq,
          `Checkpoint ${number} is signed by ${kid}, which is no key that was given.`,
          number,
        );
      } else if (!isSigned(checkpoint, key)) {
        this.#find('signature', seq, `Checkpoint ${number} is not what its key signed: it was edited.`, number);
      } else {
        this.#awaited.set(seq, checkpoint);
      }
      before = checkpoint;
    }
  }

  #checkSigned({ seq, hash }: ProvableEvent): void {
    this.#unsigned += 1;
    const checkpoint = this.#awaited.get(seq);
    if (checkpoint === undefined) return;
    this.#awaited.delete(seq);
    if (checkpoint.hash === hash) {
      this.#signedSeq = seq;
      this.#unsigned = 0;
      return;
    }
    const message = `Event ${seq} is another one than checkpoint ${checkpoint.number} signed: the chain was written anew.`;
    this.#find('signed_otherwise', seq, message, checkpoint.number);
  }

  #reportAwaited(): void {
    const { isPart = false } = this.#options;
    const first = this.#firstSeq ?? Number.POSITIVE_INFINITY;
    for (const { number, seq } of this.#awaited.values()) {
      if (isPart && (seq < first || seq > this.#seq)) continue;
      if (seq > this.#seq) {
        this.#find(
          'cut_off',
          seq,
          `Checkpoint ${number} signed event ${seq}, and the log ends before it: its end was cut off.`,
          number,
        );
      } else {
        this.#find('signed_missing', seq, `Checkpoint ${number} signed event ${seq}, and it is not there.`, number);
      }
    }
    this.#awaited.clear();
  }

  #checkClearText({ seq, commitments, personal, salts }: ProvableEvent): void {
    for (const [field, value] of Object.entries(personal)) {
      const salt = salts[field];
      const committed = salt === undefined ? null : commitment(Buffer.from(salt, 'base64url'), field, value);
      if (committed === null || committed !== commitments[field]) {
        this.#find(
          'clear_text',
          seq,
          `The clear text of ${field} beside event ${seq} is not what was written with it.`,
        );
      }
    }
    for (const field of Object.keys(commitments)) if (!Object.hasOwn(personal, field)) this.#missing += 1;
  }

  #find(problem: AuditProblem, seq: number | null, message: string, checkpoint: number | null = null): void {
    if (this.#findings.length === LISTED_MAX) this.#further += 1;
    else this.#findings.push({ problem, seq, checkpoint, message });
  }
}

function isSigned(checkpoint: Checkpoint, { x }: AuditPublicKey): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(
    null,
    Buffer.from(checkpointStatement(checkpoint)),
    key,
    Buffer.from(checkpoint.signature, 'base64url'),
  );
}

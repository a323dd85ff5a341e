import type { Caller } from '../../src/manage/index.ts';
import type { TestEngine } from '../../src/testing/engine.ts';

/** One way to perform an operation that changes something, and what it has to leave behind. */
export interface Example {
  /** What an operation is performed on; made before the sequence is looked at. */
  readonly prepare: (house: TestEngine, unique: string) => Promise<Prepared>;
  /** Of its audit entry. */
  readonly action: string;
  /** Leaves nothing as it was for the others. */
  readonly isAlone?: true;
  readonly sendsMail?: true;
  /** Nothing but what is written down about it. */
  readonly isNote?: true;
  /** Waits like every tightening, and says nothing of it. */
  readonly isSilent?: true;
}

interface Prepared {
  readonly input: unknown;
  /** For tightenings: a token in use that is refused in the very next request, and what it is asked for. */
  readonly refuses?: { readonly value: string; readonly permission?: string };
  /** For tightenings: the value of a session that ends. */
  readonly endsSession?: string;
  /** A tightening that ends neither. */
  readonly tightens?: true;
  readonly caller?: Caller;
}

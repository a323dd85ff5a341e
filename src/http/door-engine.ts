import type { Authenticator, NotesDenials, SamplesAccesses } from '../authenticate/index.ts';
import { type Caller, type Engine, type Operation, perform } from '../manage/index.ts';

/** What doors need of an engine, which may be in another process: decisions, operations, the profile in force. */
export interface DoorEngine extends Pick<Engine, 'clock' | 'random' | 'dashboardUrl' | 'traces'> {
  readonly authenticator: Pick<Authenticator, 'decide' | 'profile'>;
  readonly denials: NotesDenials;
  /** null where the process that takes the decisions sees to it. */
  readonly accesses: SamplesAccesses | null;
  /** @throws {Rejection} for everything that is the caller's to put right; anything else is a fault. */
  perform<Input, Output, Given>(
    operation: Operation<Input, Output, Given>,
    caller: Caller,
    input: unknown,
  ): Promise<Output>;
}

/** The engine of this process, as doors see it. */
export function doorEngine(engine: Engine): DoorEngine {
  const { clock, random, authenticator, denials, accesses, dashboardUrl, traces = null } = engine;
  return {
    clock,
    random,
    authenticator,
    denials,
    accesses,
    traces,
    dashboardUrl,
    perform: (operation, caller, input) => perform(operation, engine, caller, input),
  };
}

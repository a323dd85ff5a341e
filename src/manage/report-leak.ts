import { z } from 'zod';
import { FailureBudget, failureSource } from '../authenticate/index.ts';
import { isImported, TokenFinder } from '../token/index.ts';
import type { Caller } from './caller.ts';
import { findLeaked, takeLeak } from './draft-leak.ts';
import { defineOperation, type Engine } from './operation.ts';
import { invalidInput, Rejection } from './rejection.ts';

const LEAKS_MAX = 20;
const TEXT_MAX = 48 * 1024;
const NOTE_MAX = 1_000;

const inputSchema = z
  .strictObject({
    tokens: z.array(z.string().min(1).max(512)).max(LEAKS_MAX).optional().describe('The values that were found'),
    text: z.string().max(TEXT_MAX).optional().describe('Or what they were found in, such as a part of a log'),
    url: z
      .string()
      .max(2_000)
      .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), { error: 'It must be a http(s) address.' })
      .optional()
      .describe('Where they were found'),
    note: z.string().max(NOTE_MAX).optional().describe('What else should be known'),
  })
  .meta({ id: 'LeakReport' });
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({ received: z.literal(true), message: z.string() }).meta({ id: 'LeakReported' });
type Output = z.infer<typeof outputSchema>;

const MESSAGE = 'Thank you. What is ours and still works is dealt with now, and its owner is told.';

/**
 * Takes what anybody has found. Whoever has a whole value has what it takes to use it, so having it is proof enough; whether
 * it belongs to a token is told by nothing in the answer, nor in its time.
 * @throws {Rejection} `invalid_input` where no text has the form of a value; `rate_limited`.
 */
export const reportLeak = defineOperation<Input, Output>({
  id: 'reportLeak',
  summary: 'Report tokens that were found where they should not be',
  access: { open: true },
  effect: 'changes',
  input: inputSchema,
  output: outputSchema,
  run: async (engine, caller, input) => {
    requireBudget(engine, caller);
    const values = valuesIn(engine, input);
    chargeBudget(engine, caller, Math.max(1, values.length));
    const { token: format, words } = engine.authenticator.profile.profile;
    if (values.length === 0) {
      throw invalidInput(
        '',
        `Nothing here has the form of ${words.tokens} of ours: ${format.prefix}_… in full length.`,
      );
    }
    if (values.length > LEAKS_MAX) {
      throw invalidInput('text', `There are more than ${LEAKS_MAX} in it. Report them in several parts.`);
    }
    const { url = null, note = null } = input;
    for (const text of values) {
      await takeLeak(engine, caller, await findLeaked(engine, text), { texts: values, reporter: 'anybody', url, note });
    }
    return { received: true, message: MESSAGE };
  },
});

/** Each value once, in the order of the report. Those of other systems have no checksum and must be named. */
function valuesIn({ authenticator }: Engine, { tokens = [], text = '' }: Input): readonly string[] {
  const { token: format } = authenticator.profile.profile;
  const found = new TokenFinder([format]).find(Buffer.from([...tokens, text].join('\n')));
  const ours = found.filter(({ kind }) => kind === 'token').map((one) => one.text);
  const imported = tokens.map((one) => one.trim()).filter((one) => isImported(one, format));
  return [...new Set([...ours, ...imported])];
}

const budgets = new WeakMap<object, FailureBudget>();

function budgetOf({ store }: Engine): FailureBudget {
  const known = budgets.get(store) ?? new FailureBudget();
  budgets.set(store, known);
  return known;
}

/** @throws {Rejection} `rate_limited`: this source has reported as much as one may. */
export function requireBudget(engine: Engine, caller: Caller): void {
  if (isHere(caller) || !budgetOf(engine).isSpent(sourceOf(caller), engine.clock.monotonic())) return;
  throw new Rejection('rate_limited', undefined, { retryAfterSeconds: 1 });
}

/** Real values and others cost a source the same. */
export function chargeBudget(engine: Engine, caller: Caller, count: number): void {
  if (isHere(caller)) return;
  for (let charged = 0; charged < count; charged++) {
    budgetOf(engine).charge(sourceOf(caller), engine.clock.monotonic());
  }
}

function sourceOf({ circumstances }: Caller): string {
  return failureSource(circumstances.ip, null);
}

function isHere({ actor }: Caller): boolean {
  return actor.kind === 'operator' || actor.kind === 'host';
}

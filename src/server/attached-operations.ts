import { z } from 'zod';
import { type AnyOperation, isPageRoute, ROUTES, type Route } from '../http/index.ts';
import { defineOperation, type Engine, type Operation, perform, REJECTIONS, Rejection } from '../manage/index.ts';
import { AGENT_CLASSES } from '../policy/index.ts';
import { type DenialRecord, StorageUnavailable } from '../ports/index.ts';
import {
  type AnswerWire,
  type CallerWire,
  callerOf,
  decisionWire,
  type QuestionWire,
  questionOf,
} from './attached-wire.ts';

/** Where an attached process asks the owner of its data folder. */
export const ATTACHED_PATHS = {
  decide: '/v1/local/decide',
  perform: '/v1/local/perform',
  denials: '/v1/local/denials',
} as const;

/** The first line of what an attached process wants performed; further lines are the lines of a bulk upload. */
export interface PerformWire {
  readonly operation: string;
  readonly caller: CallerWire;
  readonly input: unknown;
}

/** In the order of the questions, one to a line. */
export interface AnswersWire {
  readonly answers: readonly AnswerWire[];
}

/** What became of it: an output, or the rejection to throw there again. */
export type PerformedWire =
  | { readonly output: unknown }
  | { readonly rejected: Pick<Rejection, 'code' | 'message' | 'problems' | 'extra'> };

/** What the owner of a data folder does for processes that are attached to it, over its private socket. */
export function attachedRoutes(engine: Engine, local: readonly Route[]): readonly Route[] {
  const operations = new Map(
    [...ROUTES, ...local].flatMap((route) => (isPageRoute(route) ? [] : [[route[3].id, route[3]] as const])),
  );
  return [
    ['POST', ATTACHED_PATHS.decide, 'local', decide(engine), 200, 'application/x-ndjson'],
    ['POST', ATTACHED_PATHS.denials, 'local', recordDenials(engine), 200, 'application/x-ndjson'],
    ['POST', ATTACHED_PATHS.perform, 'local', performFor(engine, operations), 200, 'application/x-ndjson'],
  ];
}

const linesSchema = z.object({ lines: z.array(z.object({ line: z.int(), value: z.unknown() })).min(1) });
type Lines = z.infer<typeof linesSchema>;
type Line = Lines['lines'][number];

const permissionsSchema = z.array(z.string()).readonly();

const questionSchema: z.ZodType<QuestionWire, QuestionWire> = z.object({
  text: z.string(),
  environments: z.array(z.enum(['live', 'test'])).readonly(),
  ip: z.string().nullable(),
  all_of: permissionsSchema,
  any_of: permissionsSchema,
  cost: z.int().min(0),
  route_problem: z.enum(['ambiguous_path', 'no_matching_rule']).nullable().optional(),
  allow_replaced: z.boolean(),
  route: z.object({ method: z.string(), target: z.string() }).nullable().optional(),
  request_id: z.string().optional(),
  agent: z.enum(AGENT_CLASSES).optional(),
});

const questionsSchema = z.object({ lines: z.array(z.object({ line: z.int(), value: questionSchema })) });

function decide(engine: Engine) {
  return defineOperation<z.infer<typeof questionsSchema>, AnswersWire>({
    id: 'decideForAttached',
    summary: 'Decide about tokens for an attached process',
    access: { local: true },
    effect: 'reads',
    input: questionsSchema,
    output: z.custom<AnswersWire>(),
    run: async (_engine, _caller, { lines }) => {
      const answers: AnswerWire[] = [];
      // In order, so that one token asked about several times is charged in the order of the questions.
      for (const { value } of lines) answers.push(await answerTo(engine, value));
      return { answers };
    },
  });
}

const recordSchema: z.ZodType<DenialRecord, DenialRecord> = z.custom<DenialRecord>(
  (value) => typeof value === 'object' && value !== null && 'requestId' in value && 'details' in value,
);

const recordsSchema = z.object({ lines: z.array(z.object({ line: z.int(), value: recordSchema })) });

/** Keeps what an attached process has refused, under the same bounds as what is refused here. */
function recordDenials(engine: Engine) {
  return defineOperation<z.infer<typeof recordsSchema>, Record<string, never>>({
    id: 'recordDenialsForAttached',
    summary: 'Keep the denials of an attached process',
    access: { local: true },
    effect: 'reads',
    input: recordsSchema,
    output: z.custom<Record<string, never>>(),
    run: async (_engine, _caller, { lines }) => {
      for (const { value } of lines) engine.denials.record(value, () => value);
      return {};
    },
  });
}

/** One question that cannot be decided leaves the others their answers. */
async function answerTo({ authenticator, accesses, clock }: Engine, question: QuestionWire): Promise<AnswerWire> {
  try {
    const asked = questionOf(question);
    const decision = await authenticator.decide(asked);
    if (decision.allowed && question.request_id !== undefined) {
      const requestId = question.request_id;
      accesses.sample(() => ({
        requestId,
        at: clock.now(),
        door: 'middleware',
        method: question.route?.method ?? null,
        target: question.route?.target ?? null,
        addressFrom: null,
        question: asked,
        decision,
        catalogue: authenticator.profile.catalogue,
      }));
    }
    return decisionWire(decision, authenticator.profile.version);
  } catch (error) {
    if (!(error instanceof StorageUnavailable)) throw error;
    return { unavailable: error.message };
  }
}

function performFor(engine: Engine, operations: ReadonlyMap<string, AnyOperation>) {
  return defineOperation<Lines, PerformedWire>({
    id: 'performForAttached',
    summary: 'Perform an operation for an attached process',
    access: { local: true },
    effect: 'changes',
    input: linesSchema,
    output: z.custom<PerformedWire>(),
    run: async (_engine, _caller, { lines: [first, ...further] }) => {
      const { operation: id, caller: wire, input } = (first as Line).value as PerformWire;
      const operation = operations.get(id) as Operation<unknown> | undefined;
      try {
        if (operation === undefined) throw new Rejection('not_found', `This Keyhouse has no operation ${id}.`);
        const caller = await callerOf(wire, (text) => engine.authenticator.find(text));
        if (caller === null) throw new Rejection('authentication_required', 'The token that asked has ended.');
        const lines = further.map(({ value }) => value);
        const whole = lines.length === 0 ? input : { ...(input as object), lines };
        return { output: await perform(operation, engine, caller, whole) };
      } catch (error) {
        const rejection = asRejection(error);
        if (rejection === null) throw error;
        const { code, message, problems, extra } = rejection;
        return { rejected: { code, message, problems, extra } };
      }
    },
  });
}

function asRejection(error: unknown): Rejection | null {
  return error instanceof Rejection && Object.hasOwn(REJECTIONS, error.code) ? error : null;
}

import { CommandFailure, type FailureKind } from './failure.ts';
import { printable } from './terminal.ts';

/** What an error body says, whatever shape the profile gives it. */
interface Problem {
  readonly message: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly requestId: string | null;
}

/** A refusing answer as a failure: what was wrong, where, and the exit code that its status means. */
export function failureOf(answer: {
  readonly status: number;
  readonly text: string;
  readonly json: unknown;
  readonly requestId: string | null;
}): CommandFailure {
  const problem = readProblem(answer.json);
  const message = problem?.message ?? `The server answered ${answer.status} with something that is not ours.`;
  const errors = problem?.errors ?? [];
  const listed = errors.map((error) => `\n  ${error.path === '' ? '' : `${error.path}: `}${error.message}`);
  // The sentence of a refusal is often that of the first place: said once, with the place.
  const headline = errors.some((error) => error.message === message) ? 'This was refused:' : message;
  const requestId = problem?.requestId ?? answer.requestId;
  const isOurFault = answer.status >= 500 && requestId !== null;
  return new CommandFailure(kindOf(answer.status), printable(`${headline}${listed.join('')}`), {
    ...(isOurFault && { hint: `Its log has more under ${printable(requestId)}.` }),
    ...(problem !== null && { answer: answer.text }),
  });
}

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'not_permitted';
  if (status === 502 || status === 503 || status === 504) return 'unavailable';
  return 'refused';
}

/** Error bodies are profile data: the sentence and the list are looked for where bodies have them. */
function readProblem(body: unknown): Problem | null {
  if (!isObject(body)) return null;
  const inner = isObject(body.error) ? { ...body, ...body.error } : body;
  const sentence = [inner.detail, inner.message, inner.error_description, inner.title, inner.error].find(
    (text): text is string => typeof text === 'string' && text !== '',
  );
  if (sentence === undefined) return null;
  const list = [inner.errors, inner.details].find(Array.isArray) ?? [];
  return {
    message: sentence,
    errors: list.filter(isObject).map(({ path, message }) => ({ path: String(path ?? ''), message: String(message) })),
    requestId: typeof inner.request_id === 'string' ? inner.request_id : null,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

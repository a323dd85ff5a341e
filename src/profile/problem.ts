import type { z } from 'zod';
import { shown } from './schema-texts.ts';

/** One thing that is wrong with a profile. */
export interface ProfileProblem {
  /** JSONPath from the root of the file: `$.catalogue[3].permission`. */
  readonly path: string;
  readonly message: string;
}

type Step = string | number;
type Issue = z.core.$ZodIssue;

/** JSONPath (RFC 9535) of a place: `$.limits.tiers['high-volume'].label`. */
export function jsonPath(steps: readonly Step[]): string {
  let path = '$';
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step)) path += `.${step}`;
    else path += `['${step.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
  }
  return path;
}

/** zod's issues as problems under `root`, one for each unknown key, unions resolved to the branch that was meant. */
export function problemsOf(issues: readonly Issue[], root: readonly Step[], input: unknown): ProfileProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, root, input));
}

function problemsOfIssue(issue: Issue, root: readonly Step[], input: unknown): ProfileProblem[] {
  const inside = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const path = jsonPath([...root, ...inside]);
  const value = valueAt(input, inside);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: jsonPath([...root, ...inside, key]),
        message: 'There is no such key; check its spelling, or leave it out.',
      }));
    case 'invalid_union': {
      const meant = meantBranch(issue);
      if (meant !== undefined) return problemsOf(meant, [...root, ...inside], value);
      const wanted = issue.errors.flatMap((branch) => branch.slice(0, 1).map(wantedBy));
      return [{ path, message: mustBe(wanted.join(' or '), value) }];
    }
    case 'invalid_type':
    case 'invalid_value':
      return [{ path, message: mustBe(wantedBy(issue), value) }];
    case 'too_small':
      return [{ path, message: `This must ${sizeWords(issue.origin, 'at least', Number(issue.minimum))}.` }];
    case 'too_big':
      return [{ path, message: `This must ${sizeWords(issue.origin, 'at most', Number(issue.maximum))}.` }];
    default:
      return [{ path, message: issue.message }];
  }
}

/** Whether a value with these issues still has the types of its schema, so that further rules can look at it. */
export function keepsShape(issues: readonly Issue[]): boolean {
  return issues.every((issue) => {
    if (issue.code !== 'invalid_union') return !isOtherType(issue);
    const meant = meantBranch(issue);
    return meant !== undefined && keepsShape(meant);
  });
}

function isOtherType(issue: Issue): boolean {
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

/** The branch whose type the value has, with something wrong about it. */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  return issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0 || !isOtherType(inner)));
}

function mustBe(wanted: string, value: unknown): string {
  return value === undefined
    ? `This is missing; it must be ${wanted}.`
    : `This must be ${wanted}, not ${shown(value)}.`;
}

function wantedBy(issue: Issue): string {
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value)).join(' or ');
  if (issue.code !== 'invalid_type') return 'something else';
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    boolean: 'true or false',
    int: 'a whole number',
    number: 'a number',
    object: 'an object',
    record: 'an object',
    string: 'a text',
  };
  return names[issue.expected] ?? issue.expected;
}

function sizeWords(origin: string, bound: string, size: number): string {
  if (origin === 'string') return `have ${bound} ${size} character${size === 1 ? '' : 's'}`;
  if (origin === 'array') return `have ${bound} ${size} entr${size === 1 ? 'y' : 'ies'}`;
  return `be ${bound} ${size}`;
}

function valueAt(input: unknown, steps: readonly Step[]): unknown {
  let value = input;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<Step, unknown>)[step];
  }
  return value;
}

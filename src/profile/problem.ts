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

/** JSONPath (RFC 9535) of a place, on one line: `$.limits.tiers['high-volume'].label`. */
export function jsonPath(steps: readonly Step[]): string {
  let path = '$';
  for (const step of steps) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step)) path += `.${step}`;
    else path += `['${escaped(step)}']`;
  }
  return path;
}

function escaped(name: string): string {
  const quoted = name.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return quoted.replaceAll(/\p{Cc}/gu, (character) => {
    const known = JSON.stringify(character).slice(1, -1);
    return known === character ? `\\u00${character.charCodeAt(0).toString(16)}` : known;
  });
}

/** zod's issues as problems under `root`. */
export function problemsOf(issues: readonly Issue[], root: readonly Step[], input: unknown): ProfileProblem[] {
  return findProblems(issues, input, PROFILE_WORDS).map(({ steps, message }) => ({
    path: jsonPath([...root, ...steps]),
    message,
  }));
}

/** What is said differently from one kind of input to another. */
export interface ProblemWords {
  readonly unknownKey: string;
  /** What stands there instead of what is wanted; empty where a value may be a secret. */
  readonly insteadOf: (value: unknown) => string;
}

const PROFILE_WORDS: ProblemWords = {
  unknownKey: 'There is no such key; check its spelling, or leave it out.',
  insteadOf: (value) => `, not ${shown(value)}`,
};

/** zod's issues in plain words with their places, one for each unknown key, unions resolved to the branch that was meant. */
export function findProblems(issues: readonly Issue[], input: unknown, words: ProblemWords): PlacedProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, input, words));
}

interface PlacedProblem {
  readonly steps: readonly Step[];
  readonly message: string;
}

function problemsOfIssue(issue: Issue, input: unknown, words: ProblemWords): PlacedProblem[] {
  const steps = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  const value = valueAt(input, steps);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ steps: [...steps, key], message: words.unknownKey }));
    case 'invalid_union': {
      const meant = meantBranch(issue);
      if (meant !== undefined) {
        return findProblems(meant, value, words).map((one) => ({ ...one, steps: [...steps, ...one.steps] }));
      }
      const wanted = new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(wantedBy)));
      return [{ steps, message: mustBe([...wanted].join(' or '), value, words) }];
    }
    case 'invalid_type':
    case 'invalid_value':
      return [{ steps, message: mustBe(wantedBy(issue), value, words) }];
    case 'too_small':
      return [{ steps, message: `This must ${sizeWords(issue.origin, 'at least', Number(issue.minimum))}.` }];
    case 'too_big':
      return [{ steps, message: `This must ${sizeWords(issue.origin, 'at most', Number(issue.maximum))}.` }];
    default:
      return [{ steps, message: issue.message }];
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

/** The branch whose type the value has, with the fewest things wrong about it. */
function meantBranch(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const possible = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || !isOtherType(inner)),
  );
  return possible.toSorted((a, b) => a.length - b.length)[0];
}

function mustBe(wanted: string, value: unknown, { insteadOf }: ProblemWords): string {
  return value === undefined ? `This is missing; it must be ${wanted}.` : `This must be ${wanted}${insteadOf(value)}.`;
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

import { z } from 'zod';
import { askedByRules, type ProfileInForce, type Question } from '../authenticate/index.ts';
import { canonicalAddress, isPermission } from '../policy/index.ts';
import { type Credential, FIELD_LINES_MAX, findCredential } from '../token/index.ts';
import { invalidInput } from './rejection.ts';
import { environmentSchema } from './schemas.ts';

const PROBLEMS = ['duplicate', 'empty', 'syntax', 'two_methods', 'too_many', 'in_url'] as const;
const SAID_BY_ROUTES = ['all_of', 'any_of', 'environment', 'cost'] as const;
const ONLY_WITH_LINES = ['further_headers', 'target'] as const;

const permissionSchema = z.string().refine(isPermission, 'A concrete permission, resource:action.');

const routeSchema = z
  .strictObject({ method: z.string(), target: z.string() })
  .describe('Method and target of the request: what it needs is in the route rules of the profile in force');

/** One question. What was sent comes as a found `token`, or as the field lines, in which we look for it ourselves. */
export const questionSchema = z
  .strictObject({
    token: z.string().max(16_384).nullable().optional().describe('The credential exactly as it was sent, or null'),
    headers: z
      .array(z.tuple([z.string(), z.string()]))
      .max(FIELD_LINES_MAX)
      .optional()
      .describe('Instead of token: the header lines that may carry one, [name, value], each as it came'),
    further_headers: z
      .array(z.string())
      .max(16)
      .optional()
      .describe('Headers besides Authorization that may carry one'),
    target: z.string().optional().describe('Where route does not say it: the target, in which a token may stand'),
    problem: z.enum(PROBLEMS).optional().describe('What the door found wrong in the field lines'),
    all_of: z.array(permissionSchema).max(200).optional(),
    any_of: z.array(permissionSchema).max(200).optional(),
    route: routeSchema.optional(),
    ip: z.string().max(64).nullable().optional(),
    environment: environmentSchema.optional().describe('live unless told'),
    cost: z.int().min(0).max(1_000_000).optional().describe('1 unless told'),
  })
  .superRefine((question, context) => {
    const refuse = (field: string, message: string) => context.addIssue({ code: 'custom', message, path: [field] });
    const { token, headers, route } = question;
    if ((token === undefined) === (headers === undefined)) {
      refuse('token', 'Send the token that was found, or null, or else the headers to look for it.');
    }
    for (const field of ONLY_WITH_LINES) {
      if (headers === undefined && question[field] !== undefined) refuse(field, `${field} belongs to "headers".`);
    }
    if (route === undefined) {
      if (question.all_of !== undefined || question.any_of !== undefined) return;
      refuse(
        'all_of',
        'Say what the token must be allowed to do; "all_of": [] means any valid token, "route" leaves it to the rules.',
      );
    }
    for (const field of SAID_BY_ROUTES) {
      if (route === undefined || question[field] === undefined) continue;
      refuse(field, `With "route" the rules of the profile say what ${field} would.`);
    }
  })
  .meta({ id: 'VerifyRequest' });
export type QuestionInput = z.infer<typeof questionSchema>;

/** @throws {Rejection} `invalid_input` at `ipPath` for what is no address. */
export function questionOf(inForce: ProfileInForce, input: QuestionInput, ipPath: string): Question {
  const ip = input.ip == null ? null : canonicalAddress(input.ip);
  if (input.ip != null && ip === null) throw invalidInput(ipPath, 'Not an IP address.');
  const { route, all_of: allOf = [], any_of: anyOf = [], environment = 'live', cost = 1 } = input;
  const asked =
    route === undefined
      ? { environments: [environment], allOf, anyOf, cost }
      : askedByRules(inForce, route.method, route.target);
  return { credential: credentialOf(inForce, input), ip, ...asked };
}

/** What was sent as field lines, for the words of a refusal. */
export function linesOf({ token, headers }: QuestionInput): readonly string[] {
  if (headers !== undefined) return headers.flat();
  return token == null ? [] : ['Authorization', `Bearer ${token}`];
}

export function furtherNames({ further_headers: names = [] }: QuestionInput): readonly string[] {
  return names.map((name) => name.toLowerCase());
}

function credentialOf({ profile }: ProfileInForce, input: QuestionInput): Credential {
  const { token, headers, problem, route, target } = input;
  if (problem === 'in_url') return { found: 'in_url' };
  if (problem !== undefined) return { found: 'malformed', problem };
  if (headers !== undefined) {
    return findCredential(headers.flat(), route?.target ?? target ?? null, furtherNames(input), profile.token);
  }
  return token == null ? { found: 'none' } : { found: 'text', text: token };
}

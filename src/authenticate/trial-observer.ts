import { type RateLimitVerdict, readPath, type Window } from '../policy/index.ts';
import type { FindingAbout, RateLimitCounter, RoleRecord, TrialRecord } from '../ports/index.ts';
import { askedByRules } from './asked-by-rules.ts';
import { textToLookUp } from './authenticator.ts';
import { type CompiledTrial, compileTrial } from './compile-trial.ts';
import type { Denial, Question } from './decision.ts';
import type { TokenFacts } from './facts.ts';
import { judge } from './judge.ts';
import type { ProfileInForce } from './profile-in-force.ts';
import type { TrialRecorder } from './trial-recorder.ts';

export interface TrialObserverOptions {
  readonly recorder: TrialRecorder;
  /** Where trials count what limits they propose; under keys of their own, so that no quota is spent. */
  readonly counter: RateLimitCounter;
  /** Told once until judging works again: a trial is never a reason to refuse or to wait. */
  readonly onFailed: (error: unknown) => void;
}

/** Counts that are waited for at once; beyond that limits are not tried. */
const COUNTING_MAX = 1_000;

/** One accepted request, as it is judged again. */
interface Accepted {
  readonly facts: TokenFacts;
  readonly question: Question;
  readonly inForce: ProfileInForce;
  readonly now: number;
}

/**
 * Judges accepted requests a second time, as if what is on trial were in force, and notes which would be refused. It is told
 * after the decision, never throws and never waits; the answer does not depend on it.
 */
export class TrialObserver {
  readonly #options: TrialObserverOptions;
  #records: readonly TrialRecord[] = [];
  #roles: readonly RoleRecord[] = [];
  /** By the workspace that each concerns, so that a decision is held against no more than its own. */
  #compiled: ReadonlyMap<string | null, readonly CompiledTrial[]> = new Map();
  #compiledUnder: ProfileInForce | null = null;
  #hasFailed = false;
  /** Limits that are being counted elsewhere. */
  readonly #counting = new Set<Promise<void>>();

  constructor(options: TrialObserverOptions) {
    this.#options = options;
  }

  /** Judges by these from now on, and by no others. */
  follow(records: readonly TrialRecord[], roles: readonly RoleRecord[]): void {
    if (JSON.stringify([records, roles]) === JSON.stringify([this.#records, this.#roles])) return;
    this.#records = records;
    this.#roles = roles;
    this.#compiledUnder = null;
  }

  /** What asks about a token without using it is no request, unless a rule says that this one costs nothing. */
  observe(facts: TokenFacts, question: Question, inForce: ProfileInForce, now: number): void {
    if (question.cost === 0 && question.rule?.cost !== 0) return;
    try {
      if (this.#compiledUnder !== inForce) this.#compile(inForce);
      for (const concerned of [null, facts.membership.workspace.id]) {
        for (const trial of this.#compiled.get(concerned) ?? []) {
          if (now < trial.endsAt) this.#judge(trial, { facts, question, inForce, now });
        }
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Once every request that was observed so far has been judged. */
  async settled(): Promise<void> {
    await Promise.all(this.#counting);
  }

  #compile(inForce: ProfileInForce): void {
    // Also when one of them fails: the others are judged, and it is tried again under the next profile.
    this.#compiledUnder = inForce;
    const compiled = new Map<string | null, CompiledTrial[]>();
    this.#compiled = compiled;
    for (const record of this.#records) {
      try {
        const trial = compileTrial(record, inForce, this.#roles);
        const others = compiled.get(trial.workspaceId) ?? [];
        compiled.set(trial.workspaceId, [...others, trial]);
      } catch (error) {
        this.#fail(error);
      }
    }
  }

  #judge(trial: CompiledTrial, accepted: Accepted): void {
    const { facts, question, now } = accepted;
    const altered = trial.alter(facts);
    if (altered === null) return;
    this.#options.recorder.judged(trial.id);
    const asked = askedUnder(trial, question);
    const denial = refusedByForm(trial, question) ?? judge(altered, asked, now);
    if (denial !== null) {
      this.#note(trial, accepted, denial.reason, aboutOf(denial, accepted));
      return;
    }
    const { windows } = altered.limits;
    if (windows === 'unlimited' || asked.cost === 0) return;
    // Under the same limits and cost the real count has admitted it already.
    if (asked.cost === question.cost && isSameLimit(facts.limits.windows, windows)) return;
    if (this.#counting.size >= COUNTING_MAX)
      throw new Error('counting for trials takes too long: some limits were not tried');
    const verdict = this.#options.counter.consume(`${trial.id}/${facts.lineageId}`, windows, asked.cost);
    if (verdict instanceof Promise) {
      const counting = verdict
        .then((late) => this.#limit(trial, accepted, late, asked.cost))
        .catch((error: unknown) => this.#fail(error))
        .finally(() => this.#counting.delete(counting));
      this.#counting.add(counting);
    } else this.#limit(trial, accepted, verdict, asked.cost);
  }

  #limit(trial: CompiledTrial, accepted: Accepted, verdict: RateLimitVerdict, cost: number): void {
    this.#hasFailed = false;
    if (verdict.admitted) return;
    const full = verdict.describe().find(({ remaining }) => remaining < cost);
    this.#note(trial, accepted, 'rate_limited', full === undefined ? {} : { window: full.name });
  }

  #note(
    { id }: CompiledTrial,
    { facts, question, now }: Accepted,
    reason: Denial['reason'],
    about: FindingAbout,
  ): void {
    this.#options.recorder.refused(id, { tokenId: facts.id, reason, about }, now, question.requestId ?? null);
  }

  #fail(error: unknown): void {
    if (!this.#hasFailed) this.#options.onFailed(error);
    this.#hasFailed = true;
  }
}

/** What would be asked of the request: rules are looked up again, everything else stays as the door has it. */
function askedUnder({ profile }: CompiledTrial, question: Question): Question {
  const { route = null } = question;
  if (profile === null || route === null) return question;
  return { ...question, routeProblem: null, ...askedByRules(profile, route.method, route.target) };
}

/** The text of the token may be a stranger's under another profile. */
function refusedByForm({ profile }: CompiledTrial, { credential }: Question): Denial | null {
  if (profile === null) return null;
  const text = textToLookUp(credential, profile.profile.token);
  return typeof text === 'string' || text.allowed ? null : text.denial;
}

function aboutOf({ reason, missing }: Denial, { question, inForce }: Accepted): FindingAbout {
  const route = question.route == null ? null : routeName(inForce, question.route);
  return {
    ...(missing !== undefined && { missing: [...missing] }),
    ...(reason === 'ip_restricted' && { address: question.ip }),
    ...(route !== null && { route }),
  };
}

/** The rule that accepts it now: paths themselves are as many as there are things, and may hold what is nobody's business. */
function routeName({ routes }: ProfileInForce, { method, target }: NonNullable<Question['route']>): string | null {
  const segments = readPath(target);
  const rule = segments === null ? null : routes.find(method, segments);
  return rule === null ? null : `${method} ${rule.path}`;
}

function isSameLimit(one: readonly Window[] | 'unlimited', other: readonly Window[]): boolean {
  if (one === other) return true;
  if (one === 'unlimited' || one.length !== other.length) return false;
  return one.every(({ limit, seconds }, at) => other[at]?.limit === limit && other[at].seconds === seconds);
}

import type { RateLimitVerdict } from '../policy/index.ts';
import type { Clock, Eventually, FactsRow, RateLimitCounter, Store, Subject } from '../ports/index.ts';
import {
  cacheKey,
  digestedTexts,
  digestToken,
  isImported,
  type PepperRing,
  readShape,
  type TokenFormat,
} from '../token/index.ts';
import { FactsBuilder } from './build-facts.ts';
import type { Decision, Denial, Question } from './decision.ts';
import type { TokenFacts } from './facts.ts';
import { FactsCache } from './facts-cache.ts';
import { GuardedLookups, type LookupPressure, TOO_MANY_FAILURES, TURNED_AWAY } from './guarded-lookups.ts';
import { judge } from './judge.ts';
import { compileStoredProfile, type ProfileInForce } from './profile-in-force.ts';
import type { TrialObserver } from './trial-observer.ts';
import type { UsageRecorder } from './usage-recorder.ts';

export interface AuthenticatorOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly counter: RateLimitCounter;
  readonly usage: UsageRecorder;
  /** Read on every miss, so that a rotated pepper is used at once. */
  readonly pepper: () => PepperRing;
  readonly profile: ProfileInForce;
  /** Tokens whose facts are kept in memory. */
  readonly cachedTokensMax: number;
  /**
   * Called with a successor at its first accepted use, before the answer: from then on its value is repeated to nobody.
   * A failure is reported by the callee and does not refuse the request.
   */
  readonly onFirstUse: (facts: TokenFacts) => Promise<void>;
  /** Called after a lookup that matched an older pepper: the token is digested anew in the background. */
  readonly onOldPepper: (tokenId: string, texts: readonly string[]) => void;
}

/**
 * Takes the decision for every door. Cached facts answer in the same turn; a miss on SQLite does too, a miss on
 * PostgreSQL is a promise. Anything the store or the counters throw is passed on: doors answer 503, never an accept.
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #cache: FactsCache;
  readonly #builder = new FactsBuilder();
  readonly #loading = new Map<string, LoadingFacts>();
  readonly #lookups: GuardedLookups<TokenFacts>;
  #profile: ProfileInForce;
  /** null while nothing is on trial. */
  #trials: TrialObserver | null = null;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#profile = options.profile;
    this.#cache = new FactsCache({ tokensMax: options.cachedTokensMax, invalidationsMax: 100_000 });
    this.#lookups = new GuardedLookups(options.clock, options.store.capabilities.soleWriter);
  }

  get profile(): ProfileInForce {
    return this.#profile;
  }

  get cachedTokens(): number {
    return this.#cache.size;
  }

  /** Changes that are remembered against facts read before them. */
  get rememberedChanges(): number {
    return this.#cache.rememberedInvalidations;
  }

  /** Texts that are being looked up at this moment. */
  get lookupsUnderWay(): number {
    return this.#loading.size;
  }

  get pressure(): LookupPressure {
    return this.#lookups.pressure;
  }

  /**
   * Decides one request: credential, shape and checksum, facts, judgement, limit, use. A refusal spends nothing.
   * @throws {StorageUnavailable} facts or counters cannot be reached.
   */
  decide(question: Question): Eventually<Decision> {
    const { profile } = this.#profile;
    const text = textToLookUp(question.credential, profile.token);
    if (typeof text !== 'string') return text;
    const key = cacheKey(text);
    const facts = this.#cache.get(key) ?? this.#lookups.find(key, question, () => this.#load(key, text));
    if (!(facts instanceof Promise)) return this.#judge(facts, question);
    // What was read may have told of a newer profile, to which this shape may be a stranger's.
    return facts.then((found) =>
      this.#profile.profile === profile ? this.#judge(found, question) : this.decide(question),
    );
  }

  /**
   * The facts behind a token's exact text, cached or read; null when no such token is stored. For texts that somebody has
   * vouched for: nobody's failures are counted here.
   */
  find(text: string): Eventually<TokenFacts | null> {
    const key = cacheKey(text);
    return this.#cache.get(key) ?? this.#load(key, text);
  }

  /** Facts of a stored row as the judge would see them, outside the cache. */
  factsOf(row: FactsRow): TokenFacts {
    return this.#builder.build(row, this.#profile);
  }

  /** Where the line of a stored token stands in its limits, asked without spending; null where nothing is limited. */
  standingOf(row: FactsRow): Eventually<RateLimitVerdict | null> {
    const {
      lineageId,
      limits: { windows },
    } = this.factsOf(row);
    return windows === 'unlimited' ? null : this.#options.counter.consume(lineageId, windows, 0);
  }

  /** Forgets what rests on these subjects. Called after the commit of `seq` and before the change is answered. */
  invalidate(subjects: readonly Subject[], seq: number): void {
    this.#cache.invalidate(subjects, seq);
    this.#lookups.forget();
  }

  /** Takes over a newer profile; called before the change that applied it is answered. */
  adopt(profile: ProfileInForce): void {
    if (profile.version < this.#profile.version) return;
    this.#profile = profile;
    this.#cache.clear();
    this.#lookups.forget();
  }

  /** Who is told of every accepted request from now on; null for nobody. */
  observeWith(trials: TrialObserver | null): void {
    this.#trials = trials;
  }

  #load(key: string, text: string): Eventually<TokenFacts | null> {
    if (this.#loading.has(key)) return this.#joinNextRead(key, text);
    const row = this.#read(text);
    if (!(row instanceof Promise)) return this.#keep(text, key, row);
    return this.#whileLoading(
      key,
      row.then((found) => this.#keepUnderItsProfile(text, key, found)),
    );
  }

  /**
   * Requests that arrive while a digest is being read share the next read, not the running one: that one may have begun
   * before a change whose caller already has its answer. However many wait, two reads serve them.
   */
  #joinNextRead(key: string, text: string): Promise<TokenFacts | null> {
    const loading = this.#loading.get(key) as LoadingFacts;
    loading.next ??= loading.running.then(swallow, swallow).then(() => this.#load(key, text));
    return loading.next;
  }

  #whileLoading(key: string, running: Promise<TokenFacts | null>): Promise<TokenFacts | null> {
    const loading: LoadingFacts = { running, next: null };
    this.#loading.set(key, loading);
    const done = () => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    };
    running.then(done, done);
    return running;
  }

  #read(text: string): Eventually<FactsRow | null> {
    const { current, versions } = this.#options.pepper();
    const peppers = [...versions].sort(([a], [b]) => Number(b === current) - Number(a === current));
    const texts = digestedTexts(text, this.#profile.profile.token);
    return this.#options.store.facts.findByDigest(
      peppers.flatMap(([, pepper]) => texts.map((digested) => digestToken(digested, pepper))),
    );
  }

  async #keepUnderItsProfile(text: string, key: string, row: FactsRow | null): Promise<TokenFacts | null> {
    if (row !== null && row.profileVersion !== this.#profile.version) {
      const stored = await this.#options.store.profiles.inForce();
      if (stored !== null) this.adopt(compileStoredProfile(stored));
    }
    return this.#keep(text, key, row);
  }

  #keep(text: string, key: string, row: FactsRow | null): TokenFacts | null {
    if (row === null) return null;
    const facts = this.#builder.build(row, this.#profile);
    if (this.#options.store.capabilities.soleWriter) this.#cache.put(key, facts, row.asOf);
    if (row.token.pepperVersion !== this.#options.pepper().current) {
      this.#options.onOldPepper(row.token.id, digestedTexts(text, this.#profile.profile.token));
    }
    return facts;
  }

  #judge(facts: TokenFacts | null | typeof TURNED_AWAY, question: Question): Eventually<Decision> {
    if (facts === TURNED_AWAY) return refuse(TOO_MANY_FAILURES, null);
    if (facts === null || question.reaches?.(facts.membership.workspace.id) === false)
      return refuse({ reason: 'invalid_token', cause: 'unknown' }, null);
    const now = this.#options.clock.now();
    const denial = judge(facts, question, now);
    if (denial !== null) {
      if (question.cost > 0) this.#options.usage.count(facts.id, denial.reason, now, question);
      return refuse(denial, facts);
    }
    const { windows } = facts.limits;
    if (windows === 'unlimited') return this.#allow(facts, null, question, now);
    const verdict = this.#options.counter.consume(facts.lineageId, windows, question.cost, facts);
    return verdict instanceof Promise
      ? verdict.then((late) => this.#limit(facts, late, question, now))
      : this.#limit(facts, verdict, question, now);
  }

  #limit(facts: TokenFacts, verdict: RateLimitVerdict, question: Question, now: number): Eventually<Decision> {
    if (verdict.admitted) return this.#allow(facts, verdict, question, now);
    if (question.cost > 0) this.#options.usage.count(facts.id, 'rate_limited', now, question);
    const denial: Denial = { reason: 'rate_limited', cause: 'limit_reached', retryAfterMs: verdict.retryAfterMs };
    return { allowed: false, denial, facts, limit: verdict };
  }

  #allow(facts: TokenFacts, limit: RateLimitVerdict | null, question: Question, now: number): Eventually<Decision> {
    if (this.#trials !== null) this.#trials.observe(facts, question, this.#profile, now);
    if (question.cost > 0) {
      this.#options.usage.count(facts.id, 'ok', now, question);
      if (facts.awaitsFirstUse) {
        facts.awaitsFirstUse = false;
        return this.#options.onFirstUse(facts).then(() => ({ allowed: true, facts, limit }));
      }
    } else if (question.isLook !== true) this.#options.usage.note(facts.id, now, question);
    return { allowed: true, facts, limit };
  }
}

interface LoadingFacts {
  readonly running: Promise<TokenFacts | null>;
  next: Promise<TokenFacts | null> | null;
}

function swallow(): void {}

/**
 * The text of a credential that can be a token of ours, for whoever holds the facts; otherwise the refusal, which costs
 * neither a hash nor a look at any store.
 */
export function textToLookUp(credential: Question['credential'], format: TokenFormat): string | Decision {
  if (credential.found !== 'text') return refuse(withoutToken(credential), null);
  const shape = readShape(credential.text, format);
  if (shape.is !== 'ours' && isImported(credential.text, format)) return credential.text;
  if (shape.is === 'foreign') return refuse({ reason: 'invalid_token', cause: 'foreign' }, null);
  if (shape.is === 'broken')
    return refuse({ reason: 'invalid_token', cause: 'mistyped', problem: shape.problem }, null);
  if (shape.kind !== 'token') return refuse({ reason: 'invalid_token', cause: 'wrong_kind' }, null);
  return credential.text;
}

function refuse(denial: Denial, facts: TokenFacts | null): Decision {
  return { allowed: false, denial, facts, limit: null };
}

function withoutToken(credential: Exclude<Question['credential'], { found: 'text' }>): Denial {
  switch (credential.found) {
    case 'none':
      return { reason: 'authentication_required', cause: 'no_credential' };
    case 'in_url':
      return { reason: 'authentication_required', cause: 'token_in_url' };
    case 'malformed':
      return { reason: 'invalid_request', cause: 'malformed', problem: credential.problem };
  }
}

import type { Subject } from '../ports/index.ts';
import type { MembershipFacts, OwnerFacts, TokenFacts, WorkspaceFacts } from './facts.ts';

export interface FactsCacheOptions {
  /** Tokens held at most, 0 for none; the least recently used go first (second chance). */
  readonly tokensMax: number;
  /** Invalidations remembered for the fill fence; the oldest are folded into `floor`. */
  readonly invalidationsMax: number;
}

/**
 * Facts by SHA-256 of the token's text. An entry stays until it is invalidated or pushed out; there is no lifetime that
 * a hot key could slide along.
 *
 * The fill fence: facts read before a change and stored after its invalidation would resurrect what was revoked. Every
 * invalidation is remembered with its sequence, and facts whose snapshot is older than the newest invalidation of any of
 * their subjects are used for the request that read them but never kept.
 */
export class FactsCache {
  readonly #tokens = new Map<string, TokenFacts>();
  readonly #byLineage = new Map<string, TokenFacts>();
  readonly #owners = new Map<string, OwnerFacts>();
  readonly #workspaces = new Map<string, WorkspaceFacts>();
  readonly #memberships = new Map<string, MembershipFacts>();
  readonly #invalidated = new Map<string, number>();
  /** Sequence at or below which invalidations are no longer remembered one by one. */
  #floor = 0;
  #hand: MapIterator<[string, TokenFacts]> | null = null;
  readonly #options: FactsCacheOptions;

  constructor(options: FactsCacheOptions) {
    const { tokensMax } = options;
    if (!(Number.isSafeInteger(tokensMax) && tokensMax >= 0)) {
      throw new TypeError(`a cache holds a whole number of tokens, not ${tokensMax}`);
    }
    this.#options = options;
  }

  get size(): number {
    return this.#tokens.size;
  }

  get rememberedInvalidations(): number {
    return this.#invalidated.size;
  }

  get(key: string): TokenFacts | undefined {
    const facts = this.#tokens.get(key);
    if (facts === undefined) return undefined;
    if (facts.stale || isStale(facts.membership)) {
      this.#remove(key, facts);
      return undefined;
    }
    facts.touched = true;
    return facts;
  }

  /**
   * Keeps facts unless a subject of theirs was invalidated after their snapshot `asOf`.
   * @returns whether they were kept.
   */
  put(key: string, facts: TokenFacts, asOf: number): boolean {
    if (this.#options.tokensMax === 0) return false;
    const subjects: Subject[] = [{ kind: 'lineage', id: facts.lineageId }, ...membershipSubjects(facts.membership)];
    if (!this.#mayKeep(subjects, asOf) || facts.stale || isStale(facts.membership)) return false;
    const previous = this.#tokens.get(key);
    if (previous !== undefined) this.#remove(key, previous);
    else if (this.#tokens.size >= this.#options.tokensMax) this.#evictOne();
    this.#share(facts);
    this.#tokens.set(key, facts);
    facts.sibling = this.#byLineage.get(facts.lineageId) ?? null;
    this.#byLineage.set(facts.lineageId, facts);
    return true;
  }

  /** Forgets everything that rests on these subjects, and keeps older readings of them out from now on. */
  invalidate(subjects: readonly Subject[], seq: number): void {
    for (const subject of subjects) {
      if (subject.kind in BESIDE_FACTS) continue;
      this.#remember(subject, seq);
      switch (subject.kind) {
        case 'lineage':
          for (let facts = this.#byLineage.get(subject.id); facts; facts = facts.sibling ?? undefined)
            facts.stale = true;
          this.#byLineage.delete(subject.id);
          break;
        case 'owner':
          drop(this.#owners, subject.id);
          break;
        case 'workspace':
          drop(this.#workspaces, subject.id);
          break;
        case 'membership':
          drop(this.#memberships, subject.id);
          break;
        default:
          this.clear();
      }
    }
  }

  clear(): void {
    for (const facts of this.#tokens.values()) facts.stale = true;
    this.#tokens.clear();
    this.#byLineage.clear();
    this.#owners.clear();
    this.#workspaces.clear();
    this.#memberships.clear();
    this.#hand = null;
  }

  #mayKeep(subjects: readonly Subject[], asOf: number): boolean {
    if (asOf < this.#floor) return false;
    return subjects.every((subject) => (this.#invalidated.get(subjectKey(subject)) ?? 0) <= asOf);
  }

  #remember(subject: Subject, seq: number): void {
    const isWide = !(subject.kind === 'lineage' || subject.kind in WITH_ENTRY);
    if (isWide) {
      // A role or profile touches facts that cannot be listed: every older reading is kept out.
      this.#floor = Math.max(this.#floor, seq);
      return;
    }
    const key = subjectKey(subject);
    // Commits are answered in any order: an older one must not lower the fence that a newer one has raised.
    const newest = Math.max(seq, this.#invalidated.get(key) ?? 0);
    this.#invalidated.delete(key);
    this.#invalidated.set(key, newest);
    if (this.#invalidated.size > this.#options.invalidationsMax) {
      const [oldestKey, oldestSeq] = this.#invalidated.entries().next().value as [string, number];
      this.#invalidated.delete(oldestKey);
      this.#floor = Math.max(this.#floor, oldestSeq);
    }
  }

  #evictOne(): void {
    for (;;) {
      this.#hand ??= this.#tokens.entries();
      const step = this.#hand.next();
      if (step.done) {
        this.#hand = null;
        continue;
      }
      const [key, facts] = step.value;
      if (facts.touched && !facts.stale) {
        facts.touched = false;
        continue;
      }
      this.#remove(key, facts);
      return;
    }
  }

  #remove(key: string, facts: TokenFacts): void {
    this.#tokens.delete(key);
    const first = this.#byLineage.get(facts.lineageId);
    if (first === facts) {
      if (facts.sibling === null) this.#byLineage.delete(facts.lineageId);
      else this.#byLineage.set(facts.lineageId, facts.sibling);
    } else {
      for (let before = first; before; before = before.sibling ?? undefined) {
        if (before.sibling === facts) before.sibling = facts.sibling;
      }
    }
    this.#release(facts.membership);
  }

  /** Points the token to the facts its siblings already share. What is pointed to is never let go: it must hear of changes. */
  #share(facts: TokenFacts): void {
    const fresh = facts.membership;
    const key = membershipKey(fresh.owner.id, fresh.workspace.id);
    let shared = this.#memberships.get(key);
    if (shared === undefined || isStale(shared)) {
      shared = fresh;
      shared.owner = currentOf(this.#owners, fresh.owner);
      shared.workspace = currentOf(this.#workspaces, fresh.workspace);
      shared.owner.holders += 1;
      shared.workspace.holders += 1;
      this.#memberships.set(key, shared);
    }
    shared.holders += 1;
    facts.membership = shared;
  }

  #release(membership: MembershipFacts): void {
    membership.holders -= 1;
    if (membership.holders > 0) return;
    const { owner, workspace } = membership;
    letGo(this.#memberships, membershipKey(owner.id, workspace.id), membership);
    owner.holders -= 1;
    if (owner.holders === 0) letGo(this.#owners, owner.id, owner);
    workspace.holders -= 1;
    if (workspace.holders === 0) letGo(this.#workspaces, workspace.id, workspace);
  }
}

/** No token's facts rest on these. */
const BESIDE_FACTS = { session: true, invitation: true, trial: true };
const WITH_ENTRY = { owner: true, workspace: true, membership: true };

export function membershipKey(ownerId: string, workspaceId: string): string {
  return `${ownerId}/${workspaceId}`;
}

function membershipSubjects({ owner, workspace }: MembershipFacts): Subject[] {
  return [
    { kind: 'owner', id: owner.id },
    { kind: 'workspace', id: workspace.id },
    { kind: 'membership', id: membershipKey(owner.id, workspace.id) },
  ];
}

function subjectKey({ kind, id }: Subject): string {
  return `${kind} ${id}`;
}

function isStale(membership: MembershipFacts): boolean {
  return membership.stale || membership.owner.stale || membership.workspace.stale;
}

function currentOf<T extends { stale: boolean; readonly id: string }>(held: Map<string, T>, fresh: T): T {
  const known = held.get(fresh.id);
  if (known !== undefined && !known.stale) return known;
  held.set(fresh.id, fresh);
  return fresh;
}

function letGo<T>(held: Map<string, T>, key: string, facts: T): void {
  if (held.get(key) === facts) held.delete(key);
}

function drop<T extends { stale: boolean }>(held: Map<string, T>, id: string): void {
  const facts = held.get(id);
  if (facts !== undefined) facts.stale = true;
  held.delete(id);
}

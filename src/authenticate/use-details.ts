import { type AgentClass, countedNetwork, OTHER_USES, useTerms } from '../policy/index.ts';
import { USE_ASPECTS, USE_VALUES_MAX, type UseAspect, type UseDetail } from '../ports/index.ts';
import type { Question } from './decision.ts';

/** What of a question is told apart in counting. */
export type UseQuestion = Pick<Question, 'allOf' | 'anyOf' | 'ip' | 'agent'>;

/** A row that names no token and hour yet. */
type Part = Pick<UseDetail, 'aspect' | 'value'>;

const UNKNOWN_NETWORK = 'unknown';
/** Of one aspect, by value and outcome; the log keeps fewer values apart. */
const ENTRIES_MAX = 2 * USE_VALUES_MAX;

/** Uses of one token in one hour by what they asked and who sent them, while they wait to be written. */
export class UseDetails {
  readonly #counts: Readonly<Record<UseAspect, Map<string, number>>> = {
    permission: new Map(),
    network: new Map(),
    agent: new Map(),
  };

  get size(): number {
    return USE_ASPECTS.reduce((sum, aspect) => sum + this.#counts[aspect].size, 0);
  }

  add(used: UseQuestion, outcome: string, count: number): void {
    for (const { aspect, value } of partsOf(used)) this.#add(aspect, value, outcome, count);
  }

  merge(other: UseDetails): void {
    for (const { aspect, value, outcome, count } of other.rows('', 0)) this.#add(aspect, value, outcome, count);
  }

  rows(tokenId: string, hour: number): UseDetail[] {
    return USE_ASPECTS.flatMap((aspect) =>
      [...this.#counts[aspect]].map(([key, count]) => {
        const space = key.indexOf(' ');
        return { tokenId, hour, aspect, outcome: key.slice(0, space), value: key.slice(space + 1), count };
      }),
    );
  }

  #add(aspect: UseAspect, value: string, outcome: string, count: number): void {
    const counts = this.#counts[aspect];
    const wanted = `${outcome} ${value}`;
    const key = counts.size < ENTRIES_MAX || counts.has(wanted) ? wanted : `${outcome} ${OTHER_USES}`;
    counts.set(key, (counts.get(key) ?? 0) + count);
  }
}

/** The rows that `count` uses of one kind come to. */
export function detailRows(
  used: UseQuestion,
  outcome: string,
  count: number,
  tokenId: string,
  hour: number,
): UseDetail[] {
  return partsOf(used).map(({ aspect, value }) => ({ tokenId, hour, aspect, value, outcome, count }));
}

export function isSameList(one: readonly string[], other: readonly string[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}

function partsOf({ allOf, anyOf, ip, agent = 'other' }: UseQuestion): Part[] {
  const network = ip === null ? UNKNOWN_NETWORK : countedNetwork(ip);
  const parts: Part[] = useTerms(allOf, anyOf).map((value) => ({ aspect: 'permission', value }));
  parts.push({ aspect: 'network', value: network }, { aspect: 'agent', value: agent satisfies AgentClass });
  return parts;
}

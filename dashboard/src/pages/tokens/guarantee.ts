import type { Guarantee } from '../../api/operations.ts';

/** What the server promises about a change that ended or narrowed something, in one plain sentence. */
export function guaranteeSentence({ class: reach, nodes_acknowledged: confirmed }: Guarantee): string {
  if (reach === 'bounded') return 'In force here now; the other servers follow within their bound.';
  if (confirmed > 1) return `In force now, everywhere: all ${confirmed} servers confirmed it.`;
  return 'In force now: the very next request is judged by it.';
}

/** What was done, and what is promised about it where anything is. */
export function withGuarantee(done: string, guarantee: Guarantee | undefined): string {
  return guarantee === undefined ? done : `${done} ${guaranteeSentence(guarantee)}`;
}

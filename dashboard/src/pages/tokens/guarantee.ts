import type { Guarantee } from '../../api/operations.ts';

/** What the server promises about a change that ended or narrowed something, in one plain sentence. */
export function guaranteeSentence({ class: reach, bound_seconds, nodes_acknowledged }: Guarantee): string {
  if (reach === 'bounded') {
    return `Every server follows within ${bound_seconds ?? 'a few'} seconds: until then one of them may still accept what is refused now.`;
  }
  if (nodes_acknowledged > 0) {
    const servers = nodes_acknowledged === 1 ? 'One server has' : `All ${nodes_acknowledged} servers have`;
    return `In force now, everywhere: ${servers[0]?.toLowerCase()}${servers.slice(1)} confirmed it.`;
  }
  return 'In force now: the very next request is judged by it.';
}

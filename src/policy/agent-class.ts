/** Kinds of clients, as far as they are told apart: few and fixed, so that counting by them stays bounded. */
export const AGENT_CLASSES = ['browser', 'curl', 'python', 'node', 'go', 'java', 'other'] as const;
export type AgentClass = (typeof AGENT_CLASSES)[number];

/** What the usual clients call themselves, in lower case, at the beginning of the header. */
const BEGINNINGS: readonly (readonly [string, AgentClass])[] = [
  ['mozilla/', 'browser'],
  ['curl/', 'curl'],
  ['libcurl', 'curl'],
  ['python', 'python'],
  ['aiohttp', 'python'],
  ['httpx', 'python'],
  ['node', 'node'],
  ['undici', 'node'],
  ['axios/', 'node'],
  ['got ', 'node'],
  ['go-http-client', 'go'],
  ['go-resty', 'go'],
  ['java', 'java'],
  ['apache-httpclient', 'java'],
  ['okhttp', 'java'],
];
const LONGEST = 24;

/**
 * The kind of client that a `User-Agent` names. It is the client's own word: good for finding one's scripts again, and for
 * nothing that must be true.
 */
export function agentClass(userAgent: string | null): AgentClass {
  if (userAgent === null) return 'other';
  const beginning = userAgent.slice(0, LONGEST).toLowerCase();
  for (const [text, agent] of BEGINNINGS) if (beginning.startsWith(text)) return agent;
  return 'other';
}

import type { Ask, Reply } from './client.ts';

/** What a command has to know of the profile in force: where tokens are, and what their fields and they are called. */
export interface Dialect {
  readonly tokensPath: string;
  /** Inside a sentence: `token`, `API key`. */
  readonly token: string;
  readonly tokens: string;
  /** An answer with the company's field names turned into ours. */
  ours(answer: unknown): unknown;
}

const NEUTRAL = { tokensPath: '/v1/tokens', fieldNames: {} };

/** Parts of an answer in which token fields stand. */
const TOKEN_PARTS: ReadonlySet<string> = new Set(['data', 'results', 'token', 'grant', 'rotation']);

/** Reads the profile; where the caller may not, the API description says all but what tokens are called. */
export async function readDialect(ask: (ask: Ask) => Promise<Reply>): Promise<Dialect> {
  const reply = await ask({ method: 'GET', path: '/v1/profile' });
  const profile = reply.status === 200 ? profileIn(reply.json) : null;
  if (profile !== null) {
    const { paths, words, fieldNames } = profile;
    return { tokensPath: paths.tokens, token: words.token, tokens: words.tokens, ours: translation(fieldNames) };
  }
  const { status, json } = await ask({ method: 'GET', path: '/openapi.json' });
  const { tokensPath, fieldNames } = (status === 200 ? describedIn(json) : null) ?? NEUTRAL;
  return { tokensPath, token: 'token', tokens: 'tokens', ours: translation(fieldNames) };
}

interface ProfileWords {
  readonly paths: { readonly tokens: string };
  readonly words: { readonly token: string; readonly tokens: string };
  readonly fieldNames: Readonly<Record<string, string>>;
}

function profileIn(answer: unknown): ProfileWords | null {
  const candidate = (answer as { profile?: unknown } | undefined)?.profile as Partial<ProfileWords> | undefined;
  if (typeof candidate?.paths?.tokens !== 'string' || typeof candidate.words?.token !== 'string') return null;
  return candidate as ProfileWords;
}

function describedIn(description: unknown): typeof NEUTRAL | null {
  const { 'x-keyhouse': said } = (description ?? {}) as { 'x-keyhouse'?: Record<string, unknown> };
  const { tokens_path: tokensPath, field_names: fieldNames } = said ?? {};
  return typeof tokensPath === 'string' ? { tokensPath, fieldNames: Object(fieldNames) } : null;
}

function translation(fieldNames: Readonly<Record<string, string>>): (answer: unknown) => unknown {
  const ours = new Map(Object.entries(fieldNames).map(([field, name]) => [name, field]));
  const translate = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(translate);
    if (typeof node !== 'object' || node === null) return node;
    const fields = Object.entries(node).map(([name, value]) => {
      const field = ours.get(name) ?? name;
      return [field, TOKEN_PARTS.has(field) ? translate(value) : value];
    });
    return Object.fromEntries(fields);
  };
  return ours.size === 0 ? (answer) => answer : translate;
}

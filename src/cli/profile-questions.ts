import { type Answers, type ApiDraft, nameOfCompany, suggestPrefixes, tokensPathFor } from '../profile/draft/index.ts';
import type { Profile } from '../profile/index.ts';

/** What is known when a question comes up. */
export interface Known {
  readonly preset: Profile;
  readonly api: ApiDraft | null;
  readonly answers: Partial<Answers>;
}

/** One thing a new company is asked, at the terminal or with its flag; both are read in the same way. */
export interface Question<Key extends keyof Answers = keyof Answers> {
  readonly key: Key;
  readonly asks: string;
  /** The value that a text means; undefined where it means none. */
  readonly reads: (text: string) => Answers[Key] | undefined;
  /** What may be typed, for whoever typed something else. */
  readonly takes: string;
  /** The answer of whoever says nothing, as text; null where there has to be one. */
  readonly usual: (known: Known) => string | null;
  /** Without a terminal it has to be given. */
  readonly isNeeded?: true;
}

const NONE = 'none';
const NEVER = 'never';

/** In the order in which they are asked: later ones may rest on earlier ones. */
export const QUESTIONS: readonly Question[] = [
  question({
    key: 'company',
    asks: 'Name of the company',
    reads: asText,
    takes: 'a name',
    usual: ({ api }) => titleOf(api),
    isNeeded: true,
  }),
  question({
    key: 'name',
    asks: 'Name of the profile',
    reads: asText,
    takes: 'a name',
    usual: ({ answers }) => nameOfCompany(answers.company ?? ''),
  }),
  question({
    key: 'supportUrl',
    asks: 'Support page',
    reads: asAddress,
    takes: 'an address, or none',
    usual: ({ api }) => api?.supportUrl ?? NONE,
  }),
  question({
    key: 'supportEmail',
    asks: 'Support e-mail address',
    reads: orNone,
    takes: 'an e-mail address, or none',
    usual: ({ api }) => api?.supportEmail ?? NONE,
  }),
  question({
    key: 'signInUrl',
    asks: 'Page where customers sign in',
    reads: asAddress,
    takes: 'an address, or none',
    usual: () => NONE,
  }),
  question({
    key: 'apiBaseUrl',
    asks: 'Address of your API, without a path',
    reads: asAddress,
    takes: 'an address, or none',
    usual: ({ api }) => api?.apiBaseUrl ?? NONE,
  }),
  question({
    key: 'environments',
    asks: 'Environments that show in a token: live,test or live, or none',
    reads: (text) => ENVIRONMENTS.get(text.replaceAll(' ', '').toLowerCase()),
    takes: 'live,test or live, or none',
    usual: ({ preset }) => preset.token.environments.join(',') || NONE,
  }),
  question({
    key: 'prefix',
    asks: 'Prefix of every token',
    reads: asText,
    takes: 'a prefix',
    usual: ({ answers }) => suggestPrefixes(answers.name ?? '', answers.environments ?? [])[0] ?? null,
    isNeeded: true,
  }),
  question({
    key: 'tokenWord',
    asks: 'What customers call a token: token, API token, API key, or a word of your own',
    reads: asText,
    takes: 'a word',
    usual: ({ preset }) => preset.words.token,
  }),
  question({
    key: 'tokensPath',
    asks: 'Path of the endpoints about tokens',
    reads: asText,
    takes: 'a path',
    usual: ({ preset, answers }) => tokensPathFor(preset, answers.tokenWord ?? preset.words.token),
  }),
  question({
    key: 'grants',
    asks: 'Ways to say what a token may do, out of permissions, level and inherit',
    reads: asGrants,
    takes: 'one or more of permissions, level and inherit',
    usual: ({ preset }) => preset.grants.join(','),
  }),
  question({
    key: 'lifetime',
    asks: 'Life of a token that asks for nothing else: a duration such as 90d, or never',
    reads: (text) => (text.toLowerCase() === NEVER ? null : text),
    takes: 'a duration such as 90d, or never',
    usual: ({ preset }) => preset.expiry.lifetime ?? NEVER,
  }),
  question({
    key: 'onePerOwner',
    asks: 'Does a new token end the one its owner had',
    reads: asYesOrNo,
    takes: 'yes or no',
    usual: ({ preset }) => (preset.onePerOwner ? 'yes' : 'no'),
  }),
  question({
    key: 'selfService',
    asks: 'Do owners make tokens for themselves',
    reads: asYesOrNo,
    takes: 'yes or no',
    usual: ({ preset }) => (preset.selfService ? 'yes' : 'no'),
  }),
];

/** Keeps a row's value and its key together, and lets rows of different keys stand in one list. */
function question<Key extends keyof Answers>(row: Question<Key>): Question {
  return row as unknown as Question;
}

function asText(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function orNone(text: string): string | null {
  return text === '' || text.toLowerCase() === NONE ? null : text;
}

/** A slash at the end is nobody's intention. */
function asAddress(text: string): string | null {
  return orNone(text.replace(/\/+$/, ''));
}

const ENVIRONMENTS: ReadonlyMap<string, Answers['environments']> = new Map([
  ['live,test', ['live', 'test']],
  ['test,live', ['live', 'test']],
  ['live', ['live']],
  [NONE, []],
]);

function asGrants(text: string): Answers['grants'] | undefined {
  const all = ['permissions', 'level', 'inherit'] as const;
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const named = all.filter((grant) => words.includes(grant));
  return named.length > 0 && words.every((word) => (all as readonly string[]).includes(word)) ? named : undefined;
}

function asYesOrNo(text: string): boolean | undefined {
  if (/^y(?:es)?$/i.test(text)) return true;
  return /^no?$/i.test(text) ? false : undefined;
}

/** The name of a company from that of its API: `Acme Cloud API` is Acme Cloud's. */
function titleOf(api: ApiDraft | null): string | null {
  return api?.title?.replace(/\s+(?:(?:public|rest|http|web|open|partner)\s+)?api(?:\s+v?\d[\d.]*)?$/i, '') || null;
}

import type { Profile } from '../profile/index.ts';

/** What a company calls its tokens, at each place of a sentence. */
export interface Voice {
  /** `API key`. */
  readonly token: string;
  readonly tokens: string;
  /** `An API key`, `an API key`. */
  readonly ATokenUpper: string;
  readonly aToken: string;
  /** At the beginning of a sentence: `API key`, `Tokens`. */
  readonly Token: string;
  readonly Tokens: string;
}

export function voiceOf({ words: { token, tokens } }: Profile): Voice {
  const article = /^[aeio]/i.test(token) ? 'an' : 'a';
  return {
    token,
    tokens,
    ATokenUpper: `${capital(article)} ${token}`,
    aToken: `${article} ${token}`,
    Token: capital(token),
    Tokens: capital(tokens),
  };
}

function capital(text: string): string {
  const [first = ''] = text;
  return first.toUpperCase() + text.slice(first.length);
}

/** The environment variable that samples read: `DEPLOYERP_API_KEY`. */
export function variableOf({ company, words }: Profile): string {
  const word = shouted(words.token);
  const name = `${shouted(company.slug)}_${/[A-Z]/.test(word) ? word : 'API_TOKEN'}`;
  return /^\d/.test(name) ? `_${name}` : name;
}

function shouted(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
}

const UNITS: Readonly<Record<string, string>> = { s: 'second', m: 'minute', h: 'hour', d: 'day', w: 'week' };

/** `90d` as `90 days`. */
export function durationText(duration: string): string {
  const unit = UNITS[duration.at(-1) ?? ''];
  return unit === undefined ? duration : counted(Number(duration.slice(0, -1)), unit);
}

const LENGTHS: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** 3,600 as `hour`, 900 as `15 minutes`: what stands after "in any". */
export function periodText(seconds: number): string {
  const [length, unit] = LENGTHS.find(([each]) => seconds % each === 0) ?? [1, 'second'];
  return seconds === length ? unit : counted(seconds / length, unit);
}

export function numberText(value: number): string {
  return value.toLocaleString('en-US');
}

function counted(count: number, unit: string): string {
  return `${numberText(count)} ${unit}${count === 1 ? '' : 's'}`;
}

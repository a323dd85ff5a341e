import { base62Digit } from './base62.ts';
import { CHECKSUM_LENGTH, CRC32_START, crc32End, crc32Step } from './checksum.ts';

/** Which data a token reaches. Both names have the same length; `readShape` counts on it. */
export type Environment = 'live' | 'test';

/** What a value is for; a value of one kind is refused where another is expected. */
export type Kind = 'token' | 'access' | 'refresh' | 'claim' | 'setup' | 'session' | 'portal';

/** How another system made what it stored out of a token. */
export const RECIPES = ['sha256', 'sha512', 'knox', 'sanctum'] as const;
export type Recipe = (typeof RECIPES)[number];

/** What the secret part of a token is written with. */
export const ALPHABETS = ['hex', 'base62', 'base64url', 'printable'] as const;
export type Alphabet = (typeof ALPHABETS)[number];

/**
 * What tokens of another system look like, as their import declared it. Only texts that look so, or like ours, are looked
 * up at all.
 */
export interface ImportedForm {
  /** Which import brought them, in the words of whoever made it: `laravel`. */
  readonly source: string;
  readonly recipe: Recipe;
  /** May be empty. Of `sanctum` it stands behind the `|`. */
  readonly prefix: string;
  readonly alphabet: Alphabet;
  /** Characters after the prefix. */
  readonly lengthMin: number;
  readonly lengthMax: number;
  /** A further scheme of the Authorization field, in lower case, that their clients send; null for Bearer alone. */
  readonly scheme: string | null;
}

/** One provider's token format: `<prefix><kind marker>_<environment>_<26 random base62><6 checksum>`. */
export interface TokenFormat {
  /** `^[a-z][a-z0-9]{1,11}$`: no underscore, so that a kind can be read without trying. */
  readonly prefix: string;
  /** [] leaves the environment part out. */
  readonly environments: readonly Environment[];
  /** Tokens of other systems that work here too. Absent: none. */
  readonly imports?: readonly ImportedForm[];
}

/** What a text is, judged by its characters alone. */
export type Shape =
  | { readonly is: 'ours'; readonly kind: Kind; readonly environment: Environment | null }
  | { readonly is: 'broken'; readonly problem: 'length' | 'alphabet' | 'environment' | 'checksum' }
  | { readonly is: 'foreign' };

/** Longest text that is ever looked at, in UTF-16 code units. */
export const TOKEN_TEXT_MAX = 512;

/** Random characters of a token: 26 × log₂ 62 = 154 bits. */
export const RANDOM_LENGTH = 26;

/** What stands between the prefix and its underscore. */
export const KIND_MARKERS: Readonly<Record<Kind, string>> = {
  token: '',
  access: 'at',
  refresh: 'rt',
  claim: 'cl',
  setup: 'su',
  session: 'se',
  portal: 'pt',
};

/** Characters after the last underscore. */
export const UNIQUE_LENGTH = RANDOM_LENGTH + CHECKSUM_LENGTH;
const ENVIRONMENT_LENGTH = 'live_'.length;
const UNDERSCORE = 0x5f;

const FOREIGN: Shape = Object.freeze({ is: 'foreign' });
const WRONG_LENGTH: Shape = Object.freeze({ is: 'broken', problem: 'length' });
const WRONG_ENVIRONMENT: Shape = Object.freeze({ is: 'broken', problem: 'environment' });
const WRONG_ALPHABET: Shape = Object.freeze({ is: 'broken', problem: 'alphabet' });
const WRONG_CHECKSUM: Shape = Object.freeze({ is: 'broken', problem: 'checksum' });

interface KindRow {
  /** Marker and underscore. */
  readonly lead: string;
  readonly bare: Shape;
  readonly live: Shape;
  readonly test: Shape;
}

const TOKEN_ROW = kindRow('token');
const MARKED_ROWS = (Object.keys(KIND_MARKERS) as Kind[]).filter((kind) => KIND_MARKERS[kind] !== '').map(kindRow);

/**
 * Tells a value of ours from a damaged one and from anybody else's, without a hash, a look-up or an allocation.
 * `foreign` does not begin with `<prefix><kind marker>_`; `broken` does, and names the first thing wrong in the order
 * length, environment, alphabet, checksum. Nothing is trimmed, folded or decoded first: one character off is broken.
 */
export function readShape(text: string, format: TokenFormat): Shape {
  const row = kindOf(text, format.prefix);
  if (row === null) return FOREIGN;
  let at = format.prefix.length + row.lead.length;
  const hasEnvironment = format.environments.length > 0;
  if (text.length !== at + (hasEnvironment ? ENVIRONMENT_LENGTH : 0) + UNIQUE_LENGTH) return WRONG_LENGTH;
  let ours = row.bare;
  if (hasEnvironment) {
    if (text.startsWith('live_', at) && format.environments.includes('live')) ours = row.live;
    else if (text.startsWith('test_', at) && format.environments.includes('test')) ours = row.test;
    else return WRONG_ENVIRONMENT;
    at += ENVIRONMENT_LENGTH;
  }
  return checkUnique(text, at) ?? ours;
}

/** What is wrong with the 32 characters from `from` to the end, or null. */
function checkUnique(text: string, from: number): Shape | null {
  const checksumAt = from + RANDOM_LENGTH;
  let running = CRC32_START;
  for (let at = from; at < checksumAt; at++) {
    const code = text.charCodeAt(at);
    if (base62Digit(code) < 0) return WRONG_ALPHABET;
    running = crc32Step(running, code);
  }
  let claimed = 0;
  for (let at = checksumAt; at < text.length; at++) {
    const digit = base62Digit(text.charCodeAt(at));
    if (digit < 0) return WRONG_ALPHABET;
    claimed = claimed * 62 + digit;
  }
  return claimed === crc32End(running) ? null : WRONG_CHECKSUM;
}

function kindOf(text: string, prefix: string): KindRow | null {
  if (!text.startsWith(prefix)) return null;
  if (text.charCodeAt(prefix.length) === UNDERSCORE) return TOKEN_ROW;
  for (const row of MARKED_ROWS) if (text.startsWith(row.lead, prefix.length)) return row;
  return null;
}

function kindRow(kind: Kind): KindRow {
  const shape = (environment: Environment | null): Shape => Object.freeze({ is: 'ours', kind, environment });
  return { lead: `${KIND_MARKERS[kind]}_`, bare: shape(null), live: shape('live'), test: shape('test') };
}

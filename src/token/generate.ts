import { BASE62_ALPHABET } from './base62.ts';
import { checksum } from './checksum.ts';
import { type Environment, KIND_MARKERS, type Kind, RANDOM_LENGTH, type TokenFormat } from './format.ts';
import type { RandomSource } from './random.ts';

/** Random characters of an id: 131 bits. */
const ID_LENGTH = 22;

/** The largest multiple of 62 in a byte: a byte from here on would favour the first eight digits. */
const FAIR_BYTES = 248;

/** A fair source needs two rounds at most, ever; this many mean that it is stuck. */
const ROUNDS_MAX = 64;

/**
 * A new value of this kind. `environment` is one of the format's, or null exactly where the format has none; anything
 * else is a TypeError. The value must reach its holder in one answer and be kept nowhere.
 */
export function generateToken(
  format: TokenFormat,
  kind: Kind,
  environment: Environment | null,
  random: RandomSource,
): string {
  if (environment === null ? format.environments.length > 0 : !format.environments.includes(environment)) {
    throw new TypeError(`A ${kind} of format ${format.prefix} cannot have environment ${environment}.`);
  }
  const body = randomCharacters(RANDOM_LENGTH, random);
  const place = environment === null ? '' : `${environment}_`;
  return `${format.prefix}${KIND_MARKERS[kind]}_${place}${body}${checksum(body)}`;
}

/** A new public identifier, `<prefix>_` and 22 base62 characters: unguessable, but never a credential. */
export function generateId(prefix: string, random: RandomSource): string {
  return `${prefix}_${randomCharacters(ID_LENGTH, random)}`;
}

/** Uniform base62 characters by rejection sampling. Throws when the source keeps answering what must be rejected. */
function randomCharacters(count: number, random: RandomSource): string {
  let characters = '';
  for (let round = 0; round < ROUNDS_MAX; round++) {
    for (const byte of random.bytes(count)) {
      if (byte < FAIR_BYTES) characters += BASE62_ALPHABET.charAt(byte % 62);
      if (characters.length === count) return characters;
    }
  }
  throw new Error('The random source is stuck: refusing to make a token from it.');
}

import { RESERVED_RESOURCE_PREFIX } from '../../policy/index.ts';

const NAME_LENGTH = 32;

/** Latin letters that do not fall apart into a plain one and a mark. */
const UNMARKED: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', œ: 'oe' };

/**
 * A name such as permissions are made of (`^[a-z][a-z0-9_-]{0,31}$`) from any text: `Server Groups`, `serverGroups` and
 * `Sérver-groups` become `server-groups`. '' where no Latin letter or digit is left.
 */
export function nameFrom(text: string): string {
  const plain = text
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßẞæÆøØłŁđĐœŒ]/g, (letter) => UNMARKED[letter.toLowerCase()] ?? '')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+/, '')
    .replace(/[-_]+$/, '');
  const begun = /^[0-9]/.test(plain) ? `n${plain}` : plain;
  return begun.slice(0, NAME_LENGTH).replace(/[-_]+$/, '');
}

/**
 * Gives each text one name: two that say the same in other letters share it, two that merely look the same afterwards do
 * not, because who may do the one would be let through to the other.
 */
export class NameBook {
  readonly #bySense = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** @param fallbacks what to name it after where nothing of the text is left. */
  nameOf(text: string, fallbacks: readonly string[] = []): string {
    const folded = text.normalize('NFKC').toLowerCase();
    const sense = folded.replace(/[\s\p{P}\p{S}]+/gu, '') || folded;
    const known = this.#bySense.get(sense);
    if (known !== undefined) return known;
    const wanted = [text, ...fallbacks, 'resource'].map(withoutReserved).find((name) => name !== '') as string;
    const name = this.#free(wanted);
    this.#bySense.set(sense, name);
    this.#taken.add(name);
    return name;
  }

  #free(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number += 1) {
      const ending = `-${number}`;
      name = wanted.slice(0, NAME_LENGTH - ending.length) + ending;
    }
    return name;
  }
}

/** Names that belong to Keyhouse itself lose what makes them so. */
function withoutReserved(text: string): string {
  let name = nameFrom(text);
  while (name.startsWith(RESERVED_RESOURCE_PREFIX)) name = nameFrom(name.slice(RESERVED_RESOURCE_PREFIX.length));
  return name;
}

/**
 * Finds regular expressions whose time can grow without bound. Prevents one short request from stopping the process for
 * seconds: a repetition inside a repetition tries every way of dividing the same text between the two.
 */

interface Group {
  /** Single-character atoms repeated without an upper bound, anywhere inside. */
  readonly repeated: string[];
  readonly atoms: { readonly text: string; readonly optional: boolean }[];
  hasAlternatives: boolean;
}

const ATOM = /\\p\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[\s\S]|\[(?:[^\]\\]|\\.)*\]|[^()|]/iy;
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;

/**
 * A simple detection: a group that is repeated without bound and contains such a repetition, unless every round begins or
 * ends with a character that the repetitions inside cannot match, as in `[a-z]+(?:-[a-z]+)*`.
 */
export function hasNestedRepetition(source: string): boolean {
  const groups: Group[] = [{ repeated: [], atoms: [], hasAlternatives: false }];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at += match[0].length;
    return match;
  };
  while (at < source.length) {
    const character = source[at];
    const group = groups.at(-1) as Group;
    if (character === '(') {
      groups.push({ repeated: [], atoms: [], hasAlternatives: false });
      at += 1;
      take(/\?(?:[:=!]|<[=!]|<\w+>)/y);
    } else if (character === '|') {
      group.hasAlternatives = true;
      at += 1;
    } else if (character === ')') {
      at += 1;
      groups.pop();
      const { unbounded, optional } = quantifier(take(QUANTIFIER));
      if (unbounded && group.repeated.length > 0 && !isSeparated(group)) return true;
      const outer = groups.at(-1);
      if (outer === undefined) return false;
      outer.repeated.push(...group.repeated, ...(unbounded ? group.atoms.map((atom) => atom.text) : []));
      const [single] = group.atoms;
      const isSingle = group.atoms.length === 1 && !group.hasAlternatives && single !== undefined;
      outer.atoms.push({ text: isSingle ? single.text : '', optional: optional || !isSingle });
    } else {
      const atom = take(ATOM)?.[0] ?? '';
      if (atom === '') return false;
      const { unbounded, optional } = quantifier(take(QUANTIFIER));
      if (unbounded) group.repeated.push(atom);
      group.atoms.push({ text: atom, optional: optional || unbounded });
    }
  }
  return false;
}

function quantifier(match: RegExpExecArray | null): { unbounded: boolean; optional: boolean } {
  if (match === null) return { unbounded: false, optional: false };
  const [text, least, comma, most] = match;
  if (least === undefined) return { unbounded: /^[*+]/.test(text), optional: /^[*?]/.test(text) };
  return { unbounded: comma === ',' && most === '', optional: least === '0' };
}

function isSeparated(group: Group): boolean {
  if (group.hasAlternatives) return false;
  return [group.atoms[0], group.atoms.at(-1)].some((atom) => {
    if (atom === undefined || atom.optional) return false;
    const literal = /^\\(\W)$/.exec(atom.text)?.[1] ?? /^[^\\.[^$]$/.exec(atom.text)?.[0];
    return (
      literal !== undefined && !group.repeated.some((repeated) => new RegExp(`^(?:${repeated})$`, 'u').test(literal))
    );
  });
}

import { hash } from 'node:crypto';
import { type Alphabet, type ImportedForm, type Recipe, readShape, type TokenFormat } from './format.ts';

const WRITTEN_WITH: Readonly<Record<Alphabet, RegExp>> = {
  hex: /^[0-9a-f]+$/,
  base62: /^[0-9A-Za-z]+$/,
  base64url: /^[0-9A-Za-z_-]+$/,
  printable: /^[!-+\--~]+$/,
};

const SANCTUM_ID = /^[0-9A-Za-z-]{1,40}$/;
const EVEN_HEX = /^(?:[0-9a-f]{2})+$/;

/** Whether the text looks like a token of an import. Nothing is trimmed, folded or decoded first. */
export function isImported(text: string, { imports }: TokenFormat): boolean {
  return imports?.some((form) => hasForm(text, form)) ?? false;
}

/** The texts over which a token's keyed digest can have been taken: its own, or the digests another system stored of it. */
export function digestedTexts(text: string, format: TokenFormat): readonly string[] {
  if (format.imports === undefined || readShape(text, format).is === 'ours') return [text];
  const forms = format.imports.filter((form) => hasForm(text, form));
  return forms.length === 0 ? [text] : [...new Set(forms.flatMap((form) => foreignDigests(text, form)))];
}

/**
 * What is digested for an import: the recipe keeps it apart from every text that a request can carry.
 * @param id the other system's, which is a part of what its clients send with `sanctum`.
 * @param hex the stored digest in lower case.
 */
export function foreignDigest(recipe: Recipe, id: string, hex: string): string {
  return recipe === 'sanctum' ? `sanctum:${id}:${hex}` : `${recipe}:${hex}`;
}

function foreignDigests(text: string, { recipe, prefix }: ImportedForm): string[] {
  switch (recipe) {
    case 'sha256':
      return [foreignDigest(recipe, '', hash('sha256', text, 'hex'))];
    case 'sha512':
      return [foreignDigest(recipe, '', hash('sha512', text, 'hex'))];
    case 'knox': {
      // Its fifth version hashes the text, those before it the bytes that the text spells.
      const ofText = foreignDigest(recipe, '', hash('sha512', text, 'hex'));
      if (prefix !== '' || !EVEN_HEX.test(text)) return [ofText];
      return [ofText, foreignDigest(recipe, '', hash('sha512', Buffer.from(text, 'hex'), 'hex'))];
    }
    case 'sanctum': {
      const bar = text.indexOf('|');
      return [foreignDigest(recipe, text.slice(0, bar), hash('sha256', text.slice(bar + 1), 'hex'))];
    }
  }
}

function hasForm(text: string, form: ImportedForm): boolean {
  let from = 0;
  if (form.recipe === 'sanctum') {
    const bar = text.indexOf('|');
    if (bar < 0 || !SANCTUM_ID.test(text.slice(0, bar))) return false;
    from = bar + 1;
  }
  if (!text.startsWith(form.prefix, from)) return false;
  const start = from + form.prefix.length;
  const length = text.length - start;
  return length >= form.lengthMin && length <= form.lengthMax && WRITTEN_WITH[form.alphabet].test(text.slice(start));
}

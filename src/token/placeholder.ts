/** A template that nothing was filled into: `{{token}}`, `${TOKEN}`, `$TOKEN`, `%TOKEN%`, `<token>`, `{key}`. */
const TEMPLATE = /^(?:\{\{.*\}\}|\{[\w -]*\}|<.*>|\[[\w -]*\]|%\w+%|\$\w+|\$\{.*\}|\$\(.*\))$/;

/** How programs in several languages print a variable that holds nothing. */
const UNSET = /^(?:undefined|null|none|nil|nan|false|\[object \w+\])$/i;

/** Words that documentation puts where a credential belongs; one of them is enough. */
const TELLING = new Set([
  'your',
  'paste',
  'insert',
  'replace',
  'placeholder',
  'changeme',
  'example',
  'sample',
  'dummy',
]);

/** Words that say nothing alone, but a text of nothing else is no credential: `CURRENT_API_KEY`. */
const FILLING = new Set(
  'a access api apikey auth bearer current here id key me my new old secret some the this token value'.split(' '),
);

/** Whether this stands where a credential belongs without being one. `rest` is the text behind a prefix of ours. */
export function isPlaceholder(text: string, rest: string): boolean {
  if (TEMPLATE.test(text) || /(?:x{6}|X{6})/.test(rest)) return true;
  const words = rest
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^0-9a-z]+/)
    .filter(Boolean);
  return words.some((word) => TELLING.has(word)) || (words.length > 0 && words.every((word) => FILLING.has(word)));
}

/** Whether a program sent the name for nothing in its language. */
export function isUnsetVariable(text: string): boolean {
  return UNSET.test(text);
}

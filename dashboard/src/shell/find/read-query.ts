/** What somebody put into the search: a value that must not travel in an address, the id of an answer, or words. */
export type FindQuery =
  | { readonly is: 'value'; readonly value: string }
  | { readonly is: 'request'; readonly id: string }
  | { readonly is: 'words'; readonly words: string };

/** Ids of ours: a few letters, and 20 to 24 characters. */
const ID = /^[a-z]{2,8}_[0-9A-Za-z]{20,24}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The beginning of a value is one too; a hint has `…` in its middle. */
const BEGINNING = /_(?:live|test)_[0-9A-Za-z]{9}/;
const SECRET_LENGTH = 28;

/** Anything that could be a value is taken for one: then it goes in a body, and into no address. */
export function readQuery(typed: string): FindQuery {
  const text = typed
    .trim()
    .replace(/^authorization:\s*/i, '')
    .replace(/^bearer\s+/i, '')
    .replace(/^["'`]|["'`]$/g, '');
  if (/^req_[0-9A-Za-z]{10,40}$/.test(text)) return { is: 'request', id: text };
  return couldBeValue(text) ? { is: 'value', value: text } : { is: 'words', words: text.slice(0, 100) };
}

function couldBeValue(text: string): boolean {
  if (/[\s@…]/.test(text) || ID.test(text) || UUID.test(text)) return false;
  return text.length >= SECRET_LENGTH || BEGINNING.test(text);
}

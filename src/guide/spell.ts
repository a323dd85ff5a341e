/** Characters that show nothing and change how what follows is shown: none of them gets into a page. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of one line, whatever came. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(UNSEEN, '');
}

/** Lines of a program: line breaks and indentation stay. */
export function programText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNSEEN, (character) => (/[\n\t]/.test(character) ? character : ''));
}

/**
 * An address that a page may link to: http, https, mailto, a place of this page or beside it. Anything else is null, and
 * then there is no link.
 */
export function safeHref(href: string): string | null {
  if (/^(?:[a-z][a-z./]*)?(?:#[\w.:-]+)?$/.test(href)) return href === '' ? null : href;
  if (!/^(?:https?:\/\/|mailto:)/.test(href) || !URL.canParse(href)) return null;
  return new URL(href).href.replace(/[()'"<>\\`\s]/g, (character) =>
    encodeURIComponent(character).replace(/[()']/g, hex),
  );
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

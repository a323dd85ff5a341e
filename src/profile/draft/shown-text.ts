/** Control characters, bidirectional overrides and characters without width, which no profile may show. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** One line of a document's text as a profile may show it, at most `max` characters; '' where nothing is left. */
export function shownLine(text: string | null, max: number): string {
  const line = (text ?? '')
    .slice(0, 20 * max)
    .replace(UNSEEN, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (line.length <= max) return line;
  const cut = line.slice(0, max - 1);
  const atWord = cut.lastIndexOf(' ') > max / 2 ? cut.slice(0, cut.lastIndexOf(' ')) : cut;
  return `${atWord.replace(/[\uD800-\uDBFF]$/, '').trimEnd()}…`;
}

/** The first paragraph of a description, without what Markdown adds. */
export function firstParagraph(text: string | null, max: number): string {
  const paragraph = (text ?? '').trim().split(/\r?\n\s*\r?\n/, 1)[0] ?? '';
  return shownLine(paragraph.replace(/^[#>*\s]+/, '').replaceAll(/[*`]/g, ''), max);
}

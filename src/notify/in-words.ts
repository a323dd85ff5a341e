const WORDS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** An RFC 3339 instant as people write it; what is none, as it is. */
export function inWords(instant: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : `${WORDS.format(at)} UTC`;
}

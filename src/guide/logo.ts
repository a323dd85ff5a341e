import type { Logo } from './document.ts';

const PART_OF_THE_PAGE = /^data:image\/(?:png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/=]+$/;

/** Hosts that can stand in a Content-Security-Policy: URLs allow characters that would begin another directive there. */
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d+)?$/;

/** The logo of a profile; null for an address that a page cannot name safely. */
export function logoOf(url: string | null): Logo | null {
  if (url === null) return null;
  if (PART_OF_THE_PAGE.test(url)) return { url, origin: null };
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return null;
  const { origin, href } = new URL(url);
  return PLAIN_ORIGIN.test(origin) ? { url: href, origin } : null;
}

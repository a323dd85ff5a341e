import { Rejection } from '../manage/index.ts';
import { type DoorRequest, headerValue } from './door.ts';

/**
 * Refuses a request that changes something and does not come from a page of this very origin, because the browser's
 * session would vouch for it. Browsers say where a request comes from; who says nothing is refused as well.
 * @param host what the browser knows us as; the `Host` line unless a proxy changed it.
 * @throws {Rejection} `cross_origin`.
 */
export function requireSameOrigin(
  { rawHeaders }: Pick<DoorRequest, 'rawHeaders'>,
  host: string | null = headerValue(rawHeaders, 'host'),
): void {
  const site = headerValue(rawHeaders, 'sec-fetch-site');
  const origin = headerValue(rawHeaders, 'origin');
  const isSame = origin !== null && hostOf(origin) === host?.toLowerCase() && (site === null || site === 'same-origin');
  if (!isSame) throw new Rejection('cross_origin');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host.toLowerCase() : null;
}

import { isEncrypted } from '../base-url.ts';
import type { DoorParts } from '../decide-request.ts';
import type { DoorRequest } from '../door.ts';

/**
 * Whether people reach the dashboard over TLS: as the connection or a trusted proxy says, or because that is the dashboard's
 * address. A proxy that forgets to say so must not cost the cookies their protection.
 */
export function isReachedByTls({ engine, trust }: Pick<DoorParts, 'engine' | 'trust'>, request: DoorRequest): boolean {
  return isEncrypted(request, trust) || (engine.dashboardUrl()?.startsWith('https:') ?? false);
}

import type { Decision } from '../authenticate/index.ts';
import { effectivePermissions } from '../manage/index.ts';
import { DEBUG_HEADERS, permissionsText } from './debug-headers.ts';
import type { DoorEngine } from './door-engine.ts';

/** Who is asking, for the API behind a proxy or the gateway. They are always sent, all of them; empty where there is nothing. */
export const IDENTITY_HEADERS = [
  'Keyhouse-Token',
  'Keyhouse-Owner',
  'Keyhouse-Workspace',
  'Keyhouse-Permissions',
  'Keyhouse-Environment',
  'Keyhouse-Request',
] as const;

export type IdentityHeaders = Readonly<Record<(typeof IDENTITY_HEADERS)[number], string>>;

/** Fields that say who is asking, as clients may send them to be taken for somebody else. */
const CLAIMED: ReadonlySet<string> = new Set(DEBUG_HEADERS.map(plainName));

/**
 * The identity of an accepted request. Owner and workspace are the ids that the provider gave them, and ours where it gave
 * none. Everything but letters, digits and `-._~:@/+=,*` is percent-encoded. Of a refused request, only its id is told.
 */
export function identityHeaders(engine: DoorEngine, decision: Decision | null, requestId: string): IdentityHeaders {
  const facts = decision?.allowed === true ? decision.facts : null;
  const { owner, workspace } = facts?.membership ?? {};
  return {
    'Keyhouse-Token': facts?.id ?? '',
    'Keyhouse-Owner': headerSafe(owner?.externalId ?? owner?.id ?? ''),
    'Keyhouse-Workspace': headerSafe(workspace?.externalId ?? workspace?.id ?? ''),
    'Keyhouse-Permissions': facts === null ? '' : permissionsText(effectivePermissions(engine, facts)),
    'Keyhouse-Environment': facts?.environment ?? '',
    'Keyhouse-Request': requestId,
  };
}

/**
 * Whether a field of a request must not reach an API that believes identity headers: everything named `Keyhouse-…`, the
 * debugging fields, and what some servers take for the same name (`keyhouse_owner`, `X.Auth.Key.ID`; threats row 46).
 */
export function claimsIdentity(name: string): boolean {
  const plain = plainName(name);
  return plain.startsWith('keyhouse-') || CLAIMED.has(plain);
}

/** The name as the most generous reader might take it: to some servers `_`, `.` and `-` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '-');
}

function headerSafe(text: string): string {
  return text.replace(/[^A-Za-z0-9._~:@/+=,*-]+/g, (unsafe) =>
    encodeURIComponent(unsafe.toWellFormed()).replace(/[!'()]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  );
}

import type { AlertFinding, AlertKind, Instant, TokenRecord } from '../ports/index.ts';

const DAY_MS = 24 * 3_600_000;

/** Start of the UTC day, within which the same alert is one. */
export function dayOf(at: Instant): Instant {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

type OfToken = Pick<AlertFinding, 'kind' | 'key' | 'tokenId' | 'lineageId' | 'ownerId' | 'workspaceId'>;

/** What a finding about a token has of the token; it is counted up for that token alone. */
export function ofToken(kind: AlertKind, token: TokenRecord, day: Instant): OfToken {
  const { id, lineageId, ownerId, workspaceId } = token;
  return { kind, key: `${kind}:${id}:${day}`, tokenId: id, lineageId, ownerId, workspaceId };
}

/** The same for what concerns the whole line of its rotations: a successor raises no second one. */
export function ofLine(kind: AlertKind, token: TokenRecord, day: Instant): OfToken {
  return { ...ofToken(kind, token, day), key: `${kind}:${token.lineageId}:${day}` };
}

/** What a finding has where no token of ours is known. */
export function ofNetwork(kind: AlertKind, network: string, day: Instant): OfToken & Pick<AlertFinding, 'networks'> {
  const nobody = { tokenId: null, lineageId: null, ownerId: null, workspaceId: null };
  return { ...nobody, kind, key: `${kind}:${network}:${day}`, networks: network === '' ? [] : [network] };
}

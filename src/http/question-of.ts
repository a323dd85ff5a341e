import type { Question, RouteProblem } from '../authenticate/index.ts';
import {
  agentClass,
  allowsAddress,
  canonicalAddress,
  clientAddress,
  type IpAllowlist,
  type RouteRule,
} from '../policy/index.ts';
import type { DenialDoor } from '../ports/index.ts';
import { type Environment, findCredential, type TokenFormat } from '../token/index.ts';
import { type DoorRequest, headerValue, headerValues } from './door.ts';

/** Whose word about the client's address is taken. */
export interface AddressTrust {
  /** Proxies that are believed; null believes none, and the address is the connection's own. */
  readonly trustedProxies: IpAllowlist | null;
  /** The one header they write, in lower case; every other header that names an address is ignored. */
  readonly header: string;
}

/** What one door, or one route of it, asks about a request. */
export interface Asked {
  /** Environments served here. */
  readonly environments: readonly Environment[];
  readonly allOf: readonly string[];
  readonly anyOf: readonly string[];
  readonly cost: number;
  /** Further headers that may carry the bare token, in lower case. */
  readonly headerNames: readonly string[];
  /** Of a door that judges by method and path: see `Question`. */
  readonly routeProblem?: RouteProblem | null;
  /** Of such a door: the request itself, see `Question`. */
  readonly route?: { readonly method: string; readonly target: string } | null;
  /** The rule that asks, and which door this is, for explaining a refusal alone; `api` unless told. */
  readonly rule?: RouteRule | null;
  readonly door?: DenialDoor;
  /** The rotate door alone: see `Question`. */
  readonly allowReplaced?: boolean;
}

/** Fills in the question: the credential from the raw field lines, the address from the one trusted source. */
export function questionOf(
  request: Pick<DoorRequest, 'rawHeaders' | 'target' | 'peer'>,
  asked: Asked,
  format: TokenFormat,
  trust: AddressTrust,
  requestId: string,
): Question {
  return {
    credential: findCredential(request.rawHeaders, request.target, asked.headerNames, format),
    environments: asked.environments,
    ip: addressOf(request, trust),
    allOf: asked.allOf,
    anyOf: asked.anyOf,
    cost: asked.cost,
    routeProblem: asked.routeProblem ?? null,
    route: asked.route ?? null,
    allowReplaced: asked.allowReplaced ?? false,
    agent: agentClass(headerValue(request.rawHeaders, 'user-agent')),
    requestId,
  };
}

const NO_VALUES: readonly string[] = [];

/** The canonical client address; null when it cannot be known, and a restricted token is refused for that. */
export function addressOf(request: Pick<DoorRequest, 'rawHeaders' | 'peer'>, trust: AddressTrust): string | null {
  const forwarded = trust.trustedProxies === null ? NO_VALUES : headerValues(request.rawHeaders, trust.header);
  return clientAddress(request.peer, forwarded, trust.trustedProxies);
}

/** Whether a proxy that is believed stands at the other end of the connection. */
export function comesFromProxy({ peer }: Pick<DoorRequest, 'peer'>, { trustedProxies }: AddressTrust): boolean {
  const address = peer === null ? null : canonicalAddress(peer);
  return trustedProxies !== null && address !== null && allowsAddress(trustedProxies, address);
}

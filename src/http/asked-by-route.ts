import { askedByRules, type ProfileInForce } from '../authenticate/index.ts';
import type { DenialDoor } from '../ports/index.ts';
import type { DoorRequest } from './door.ts';
import type { Asked } from './question-of.ts';

/** What the rules in force ask of a request, whose token may also come in these headers. */
export function askedByRoute(
  profile: ProfileInForce,
  { method, target }: Pick<DoorRequest, 'method' | 'target'>,
  headerNames: readonly string[],
  door: DenialDoor,
): Asked {
  return { ...askedByRules(profile, method, target), headerNames, door };
}

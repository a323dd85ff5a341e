import { newRequestId } from '../manage/index.ts';
import { renderDenial } from '../profile/index.ts';
import { hasBrokenAuthorization } from '../token/index.ts';
import { type Answer, jsonAnswer } from './door.ts';
import type { DoorEngine } from './door-engine.ts';

/**
 * What to say to bytes that are no well-formed request, where they show a usual accident; null where they do not, and a
 * bare status has to do. The bytes are looked at for their form alone: nothing in them is believed.
 */
export function explainBroken(engine: DoorEngine, bytes: Uint8Array): Answer | null {
  if (!hasBrokenAuthorization(bytes)) return null;
  const { profile } = engine.authenticator.profile;
  const { token } = profile.words;
  const help = `There is a line break in the Authorization header, usually at the end of the ${token}; send it as one unbroken piece.`;
  const requestId = newRequestId(engine);
  const { status, headers, body } = renderDenial(profile, { reason: 'invalid_request', help, requestId });
  return jsonAnswer(status, body, headers);
}

import type { DenialReason } from '../policy/index.ts';
import type { Prose } from './document.ts';
import { code, link, prose } from './prose.ts';
import type { Subject } from './subject.ts';

/** Why a refusal happens, and what whoever gets it does next. */
export interface Causes {
  readonly causes: readonly Prose[];
  readonly advice: Prose;
}

export function causesOf(reason: DenialReason, subject: Subject): Causes {
  return CAUSES[reason](subject);
}

const CAUSES: Readonly<Record<DenialReason, (subject: Subject) => Causes>> = {
  authentication_required: ({ voice, variable }) => ({
    causes: [
      prose`The request has no ${code('Authorization')} header.`,
      prose`The header does not begin with ${code('Bearer')}.`,
      prose`The ${voice.token} stands in the address of the request instead.`,
    ],
    advice: prose`Look at the request that is really sent (${code('curl -v')} shows it). A client that follows a redirect to another host drops the header: call the final address. Where the ${voice.token} comes from a variable, see that ${code(variable)} is set where the program runs.`,
  }),
  invalid_request: ({ voice }) => ({
    causes: [
      prose`Nothing, or more than one word, stands after ${code('Bearer')}.`,
      prose`A line break or another ${code('Bearer')} came along, or something stands before ${code('Bearer')}.`,
      prose`The header is sent twice, perhaps once by your program and once by a library or proxy.`,
    ],
    advice: prose`Send ${code('Authorization')} once: ${code('Bearer')}, one space, the ${voice.token}. Cut off white space around what you read from a file or a variable.`,
  }),
  invalid_token: ({ profile }) => ({
    causes: [
      prose`It was not copied whole, or mistyped, or has quotation marks or brackets around it.`,
      prose`A sample was sent in its place, or the text that an unset variable turns into.`,
      prose`It was revoked${profile.onePerOwner ? prose`, or ended because a newer one was made for the same user` : prose`, or replaced by a rotation and its time is over`}.`,
      prose`The account that it belongs to was disabled or left the organisation.`,
      ...(profile.token.environments.length > 1
        ? [
            prose`It is for another environment than this address serves: ${code('live')} and ${code('test')} do not mix.`,
          ]
        : []),
      prose`It is a credential of another service.`,
    ],
    advice: prose`Compare its beginning and its end with what you stored. If it is whole, it has ended: ${link('get a new one', '#get')}. Repeating the request does not help.`,
  }),
  token_expired: ({ voice }) => ({
    causes: [prose`The date on which it ends has passed.`],
    advice: prose`${link(`Get a new ${voice.token}`, '#get')} and exchange it; an ended one cannot be prolonged.`,
  }),
  ip_restricted: ({ voice, profile }) => ({
    causes: [
      prose`The ${voice.token} may be used only from the addresses it was given, and the request came from another. Behind a NAT, a VPN or a cloud provider, what counts is the address that the API sees.`,
    ],
    advice: profile.selfService
      ? prose`Send the request from an allowed address, or change the list of the ${voice.token} where you made it.`
      : prose`Send the request from an allowed address, or ask an administrator to change the list of the ${voice.token}.`,
  }),
  insufficient_permissions: ({ voice, profile: { grants } }) => ({
    causes: [
      ...(grants.includes('permissions') || grants.includes('level')
        ? [prose`The ${voice.token} was not given the permission that this operation needs.`]
        : []),
      prose`The user it belongs to may not do this, or no longer.`,
    ],
    advice: prose`${code('scope')} in the ${code('WWW-Authenticate')} header names what is needed; ${link('Permissions', '#permissions')} says what that allows.${grants.includes('permissions') || grants.includes('level') ? prose` Make a new ${voice.token} that has it, or let the user be given it.` : prose` Let the user be given it; the ${voice.token} then has it too.`}`,
  }),
  ambiguous_path: () => ({
    causes: [
      prose`The path has ${code('//')}, ${code('/../')}, an encoded slash or the like, which servers read in different ways.`,
    ],
    advice: prose`Send the plain path as it is documented, and encode only what you put into it.`,
  }),
  no_matching_rule: () => ({
    causes: [prose`The API has no operation with this method at this path.`],
    advice: prose`Compare method and path with the documentation, capitals and slashes at the end included.`,
  }),
  rate_limited: ({ voice }) => ({
    causes: [prose`The ${voice.token} has used up one of its ${link('limits', '#limits')}.`],
    advice: prose`Wait for the seconds in ${code('Retry-After')}, then repeat the request. If it happens often, spread the work or ask for a higher limit.`,
  }),
  authority_unavailable: ({ voice }) => ({
    causes: [
      prose`The ${voice.token} cannot be checked at the moment, and what cannot be checked is not let through. It is not your fault.`,
    ],
    advice: prose`Repeat the request after the seconds in ${code('Retry-After')}, a little later each time. Nothing of it was carried out.`,
  }),
};

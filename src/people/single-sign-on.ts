import { type Circumstances, type Engine, localCaller, perform, Rejection } from '../manage/index.ts';
import { type OpenIdProvider, ProviderFailed, type SessionRow } from '../ports/index.ts';
import { acceptInvitationWithIdentity } from './accept-with-identity.ts';
import { openInvitation } from './join-by-invitation.ts';
import type { Cookies } from './session.ts';
import { newTicket, sealTicket, type Ticket, TicketGate } from './sign-in-ticket.ts';
import { type SingleSignOnAdmission, signInWithIdentity } from './sign-in-with-identity.ts';
import { Turnstile } from './turnstile.ts';

/** Answers of the provider that are waited for at one moment. */
const INSIDE_MAX = 16;
const WAITING_MAX = 64;

/** Why nobody was signed in, as far as the person may know. */
export type SingleSignOnProblem =
  | 'unavailable'
  | 'expired'
  | 'cancelled'
  | 'refused'
  | 'failed'
  | 'not-invited'
  | 'invitation-over';

export interface Stopped {
  readonly problem: SingleSignOnProblem;
  /** Where to go on after another attempt. */
  readonly next: string;
  /** For the log of who runs this, and for nobody else; null where there is nothing to say. */
  readonly why: string | null;
  /** A fault of ours or of the provider's. */
  readonly fault: unknown;
}

/** Signing in at an OpenID provider, whatever carries the browser there and back. */
export interface SingleSignOn {
  /** Part of the address at which the browser comes back. */
  readonly id: string;
  readonly label: string;
  /** @returns where the browser goes, and what it keeps until it is back. */
  begin(next: string | null, redirectUri: string): Promise<Begun | Stopped>;
  /**
   * The same for somebody who accepts an invitation by signing in.
   * @param secret what stands behind the # of the link.
   * @throws {Rejection} `link_invalid`.
   */
  beginInvited(secret: string, redirectUri: string): Promise<Begun | Stopped>;
  /** @param query as the browser came back with it. */
  finish(query: string, returned: Returned): Promise<{ readonly cookies: Cookies; readonly next: string } | Stopped>;
}

interface Begun {
  readonly url: string;
  readonly ticket: string;
}

interface Returned {
  readonly redirectUri: string;
  /** What the browser kept; null where it has nothing. */
  readonly ticket: string | null;
  readonly circumstances: Circumstances;
  /** The one in which the browser was until now; it ends. Asked for once the provider has said who comes. */
  readonly sessionBefore: () => Promise<SessionRow | null>;
}

export interface SingleSignOnOptions {
  readonly id: string;
  readonly label: string;
  readonly provider: OpenIdProvider;
  readonly admission: SingleSignOnAdmission;
}

/** Signs people in at one provider. State, nonce and code each count once, for ten minutes, in the browser that began. */
export function singleSignOn(engine: Engine, { id, label, provider, admission }: SingleSignOnOptions): SingleSignOn {
  const gate = new TicketGate(engine);
  const turnstile = new Turnstile(INSIDE_MAX, WAITING_MAX);
  const lead = async (ticket: Ticket, redirectUri: string): Promise<Begun | Stopped> => {
    try {
      const passed = await turnstile.pass(() => provider.authorizationUrl({ ...ticket, redirectUri }));
      if (passed === null) return stopped('unavailable', ticket.next);
      return { url: passed.done, ticket: sealTicket(engine, ticket) };
    } catch (error) {
      return whyStopped(error, ticket.next);
    }
  };
  return {
    id,
    label,
    begin: async (next, redirectUri) => lead(newTicket(engine, next), redirectUri),
    async beginInvited(secret, redirectUri) {
      const { digest } = await openInvitation(engine, secret);
      return lead(newTicket(engine, null, digest), redirectUri);
    },
    async finish(query, { redirectUri, ticket: sealed, circumstances, sessionBefore }) {
      const ticket = gate.spend(sealed, new URLSearchParams(query).get('state'));
      if (ticket === null)
        return stopped('expired', '/', 'Not begun in this browser, begun too long ago, or used before.');
      const callback = new URL(`${redirectUri}?${query}`);
      try {
        const passed = await turnstile.pass(() => provider.identify(callback, { ...ticket, redirectUri }));
        if (passed === null) return stopped('unavailable', ticket.next);
        const input = { identity: passed.done, admission };
        const session = await sessionBefore();
        const caller = { ...localCaller('host', circumstances), ...(session !== null && { session }) };
        const { invitation } = ticket;
        const { cookies } =
          invitation === null
            ? await perform(signInWithIdentity, engine, caller, input)
            : await perform(acceptInvitationWithIdentity, engine, caller, { ...input, invitation });
        return { cookies, next: ticket.next };
      } catch (error) {
        return whyStopped(error, ticket.next);
      }
    },
  };
}

function stopped(problem: SingleSignOnProblem, next: string, why: string | null = null): Stopped {
  return { problem, next, why, fault: null };
}

function whyStopped(error: unknown, next: string): Stopped {
  if (error instanceof Rejection && error.code === 'link_invalid') return stopped('invitation-over', next);
  if (error instanceof Rejection && error.code === 'sign_in_first') return stopped('not-invited', next, error.message);
  if (error instanceof Rejection && error.code === 'invalid_sign_in') {
    return stopped('refused', next, error.cause instanceof Error ? error.cause.message : null);
  }
  if (!(error instanceof ProviderFailed)) return { problem: 'failed', next, why: null, fault: error };
  if (error.how === 'cancelled') return stopped('cancelled', next);
  if (error.how === 'refused') return stopped('failed', next, error.message);
  return { problem: 'unavailable', next, why: null, fault: error };
}

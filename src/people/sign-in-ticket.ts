import { z } from 'zod';
import type { Engine } from '../manage/index.ts';
import type { SignInAttempt } from '../ports/index.ts';
import { openUnderPepper, sealUnderPepper } from '../token/index.ts';

export const TICKET_LIFETIME_MS = 10 * 60_000;

/** Longer addresses lead to the first page: a cookie is small. */
const NEXT_MAX = 500;
const GUESSLESS_BYTES = 16;
const VERIFIER_BYTES = 32;
const SPENT_MAX = 10_000;

const ticketSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  invitation: z.string().nullable(),
  expiresAt: z.number(),
});

/** One attempt to sign in elsewhere. It is kept by the browser that began it, sealed, and by nobody else. */
export interface Ticket extends Omit<SignInAttempt, 'redirectUri'> {
  readonly next: string;
  /** Digest of the link's secret, where an invitation is accepted with it. */
  readonly invitation: string | null;
  readonly expiresAt: number;
}

type Parts = Pick<Engine, 'clock' | 'random' | 'pepper'>;

export function newTicket({ clock, random }: Parts, next: string | null, invitation: string | null = null): Ticket {
  const text = (bytes: number) => Buffer.from(random.bytes(bytes)).toString('base64url');
  return {
    state: text(GUESSLESS_BYTES),
    nonce: text(GUESSLESS_BYTES),
    verifier: text(VERIFIER_BYTES),
    next: ownPath(next),
    invitation,
    expiresAt: clock.now() + TICKET_LIFETIME_MS,
  };
}

export function sealTicket({ pepper, random }: Parts, ticket: Ticket): string {
  return sealUnderPepper(JSON.stringify(ticket), 'single sign-on', pepper(), random);
}

/** Opens tickets, each once: what has been here is remembered by this process for as long as it would be good. */
export class TicketGate {
  readonly #engine: Parts;
  /** By state, with the end of its time; oldest first. */
  readonly #spent = new Map<string, number>();

  constructor(engine: Parts) {
    this.#engine = engine;
  }

  /** The attempt behind a sealed text; null when it is none of ours, too old, was opened before, or is of another state. */
  spend(sealed: string | null, state: string | null): Ticket | null {
    const text = sealed === null ? null : openUnderPepper(sealed, 'single sign-on', this.#engine.pepper());
    if (text === null) return null;
    const ticket = ticketSchema.parse(JSON.parse(text));
    const now = this.#engine.clock.now();
    if (ticket.expiresAt <= now || ticket.state !== state || this.#spent.has(ticket.state)) return null;
    for (const [old, expiresAt] of this.#spent) {
      if (expiresAt > now && this.#spent.size < SPENT_MAX) break;
      this.#spent.delete(old);
    }
    this.#spent.set(ticket.state, ticket.expiresAt);
    return ticket;
  }
}

/** A path of this origin, whatever was asked for (threats row 100e). */
function ownPath(next: string | null): string {
  const here = 'http://here.invalid';
  if (next === null || next.length > NEXT_MAX || !next.startsWith('/') || !URL.canParse(next, here)) return '/';
  const url = new URL(next, here);
  return url.origin === here && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}` : '/';
}

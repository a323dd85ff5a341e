/**
 * `<keyhouse-tokens>`: the page of one owner's own tokens, as one element in any page. It is given a secret that is good once
 * (`session`), or a function that fetches one (`getSession`), and speaks to the server this script came from. It shows text
 * and never markup, keeps nothing outside its own memory, and needs of the page's policy no more than this script and calls to
 * that server.
 */
import type { ApiError } from '../api/api-error.ts';
import type { Token } from '../api/operations.ts';
import { confirmRevoke } from './confirm-revoke.ts';
import { confirmRotate } from './confirm-rotate.ts';
import { createView } from './create-view.ts';
import { listView } from './list-view.ts';
import { alertBox, button, make } from './make.ts';
import { type Opened, PortalSession, SessionEnded } from './portal-session.ts';
import { shownOnce } from './shown-once.ts';
import { sheet } from './styles.ts';

/** What the views of the element work with. */
export interface Room {
  readonly session: PortalSession;
  readonly opened: Opened;
  /** Puts another view in place of the one there is; its heading is read aloud. */
  show(view: HTMLElement): void;
  /** The list, read anew. */
  showList(said?: string): Promise<void>;
  /** A dialog over the element. */
  ask(dialog: HTMLDialogElement): void;
  /** What a call threw: a sentence, or the end of the whole page. */
  sentenceOf(error: unknown): string;
}

const PAGE_ROWS = '100';

/** What a page may have set on the element before this script had come. */
const PROPERTIES = ['base', 'getSession', 'session'] as const;

const FROM_WHERE = 'Open it again from where you came.';

class KeyhouseTokens extends HTMLElement {
  readonly #root = this.attachShadow({ mode: 'open' });
  readonly #place = make('div', { part: 'page' });
  readonly #said = make('p', { class: 'hidden', attributes: { role: 'status' } });
  #base = new URL('.', import.meta.url).href;
  #ask: (() => Promise<string> | string) | null = null;
  #secret: string | null = null;
  #session: PortalSession | null = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#place, this.#said);
  }

  /** Folder of the server's portal; that of this script unless told. */
  get base(): string {
    return this.#base;
  }

  set base(base: string) {
    this.#base = base;
  }

  /** Asks the provider's backend for a secret, whenever one is needed: at first, and when a session has ended. */
  get getSession(): (() => Promise<string> | string) | null {
    return this.#ask;
  }

  set getSession(ask: (() => Promise<string> | string) | null) {
    this.#ask = ask;
    if (this.isConnected) this.#beginSoon();
  }

  /** The secret, good once; it is never given back. */
  set session(secret: string | null) {
    this.#secret = secret;
    if (!this.isConnected || secret === null) return;
    this.#leave();
    this.#beginSoon();
  }

  get session(): null {
    return null;
  }

  /** Ends the session at once, for good: for who signs out of the page around this. Rejects while it may still go on. */
  async end(): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    await session.end();
    if (this.#session !== session) return;
    this.#stop(new SessionEnded(true), `You have left. ${FROM_WHERE}`);
  }

  connectedCallback(): void {
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value: unknown = this[name];
      Reflect.deleteProperty(this, name);
      Object.assign(this, { [name]: value });
    }
    const written = this.getAttribute('session');
    this.removeAttribute('session');
    if (written !== null) this.#secret = written;
    window.addEventListener('pagehide', this.#leave);
    window.addEventListener('pageshow', this.#comeBack);
    if (this.#canBegin) this.#beginSoon();
  }

  disconnectedCallback(): void {
    window.removeEventListener('pagehide', this.#leave);
    window.removeEventListener('pageshow', this.#comeBack);
    this.#leave();
  }

  readonly #leave = (): void => {
    this.#session?.forget();
    this.#session = null;
    this.#place.replaceChildren();
  };

  /** A page that the browser kept as it was left has nothing of it any more. */
  readonly #comeBack = ({ persisted }: PageTransitionEvent): void => {
    if (persisted && this.#canBegin) this.#beginSoon();
  };

  get #isHosted(): boolean {
    return this.hasAttribute('hosted');
  }

  get #canBegin(): boolean {
    return this.#secret !== null || this.#ask !== null || this.#isHosted;
  }

  /** After the turn in which the page sets what it has to say. */
  #beginSoon(): void {
    queueMicrotask(() => {
      if (this.isConnected && this.#session === null) void this.#begin();
    });
  }

  async #begin(): Promise<void> {
    const session = new PortalSession(new URL(this.#base, document.baseURI), () => this.#nextSecret(), this.#isHosted);
    this.#session = session;
    this.#place.replaceChildren(make('p', { class: 'soft loading' }, 'Loading…'));
    try {
      const opened = await session.open();
      if (this.#session !== session) return;
      const { company, owner, workspace } = opened;
      this.dispatchEvent(new CustomEvent('keyhouse-session', { detail: { company, owner, workspace } }));
      await this.#roomOf(session, opened).showList();
    } catch (error) {
      if (this.#session === session) this.#stop(error);
    }
  }

  async #nextSecret(): Promise<string | null> {
    const secret = this.#secret;
    this.#secret = null;
    return secret ?? (await this.#ask?.()) ?? null;
  }

  #roomOf(session: PortalSession, opened: Opened): Room {
    const room: Room = {
      session,
      opened,
      show: (view) => this.#show(view),
      showList: async (said = '') => {
        try {
          const data = await listTokens(session);
          if (this.#session !== session) return;
          this.#show(listView(room, data, { create: () => void create(), rotate, revoke }));
          this.#said.textContent = said;
        } catch (error) {
          this.#stop(error);
        }
      },
      ask: (dialog) => {
        this.#root.append(dialog);
        dialog.addEventListener('close', () => dialog.remove());
        dialog.showModal();
      },
      sentenceOf: (error) => {
        if (!(error instanceof SessionEnded)) return (error as ApiError).message;
        this.#stop(error);
        return '';
      },
    };
    const create = async (): Promise<void> => {
      try {
        this.#show(await createView(room, (token, value) => this.#show(shownOnce(room, token, value))));
      } catch (error) {
        this.#stop(error);
      }
    };
    const rotate = (token: Token) =>
      confirmRotate(room, token, (next, value, note) => this.#show(shownOnce(room, next, value, note)));
    const revoke = (token: Token) => confirmRevoke(room, token);
    return room;
  }

  #show(view: HTMLElement): void {
    const isFirst = this.#place.querySelector('h2') === null;
    this.#place.replaceChildren(view);
    if (!isFirst) view.querySelector<HTMLElement>('[data-first], h2')?.focus();
  }

  /** Nothing more can be done here: says so, and how to go on. */
  #stop(error: unknown, said?: string): void {
    for (const dialog of this.#root.querySelectorAll('dialog')) dialog.close();
    const hasEnded = error instanceof SessionEnded;
    if (hasEnded) this.dispatchEvent(new CustomEvent('keyhouse-ended'));
    const text = !hasEnded
      ? (error as ApiError).message
      : error.wasOpen
        ? `This page has ended: it was left unused, or access was withdrawn. ${FROM_WHERE}`
        : `This link is wrong, was used already, or has expired. ${FROM_WHERE}`;
    const again = !hasEnded || this.#ask !== null;
    this.#place.replaceChildren(
      make(
        'div',
        { class: 'stack', part: 'ended' },
        make('h2', { attributes: { tabindex: '-1' } }, hasEnded ? 'Open this page again' : 'This cannot be shown now'),
        said === undefined ? alertBox(text) : make('p', { attributes: { role: 'status' } }, said),
        again &&
          make(
            'div',
            { class: 'actions' },
            button('Try again', 'plain', () => void this.#begin()),
          ),
      ),
    );
    this.#session?.forget();
  }
}

/** Those that work, and those that could again, newest first. */
async function listTokens(session: PortalSession): Promise<readonly Token[]> {
  const asked = [{ live: 'true' }, { state: 'disabled' }].map(async (filter) => {
    const query = { ...filter, limit: PAGE_ROWS };
    return (await session.call<{ readonly data: readonly Token[] }>('GET', 'v1/tokens', { query })).data;
  });
  const found = new Map((await Promise.all(asked)).flat().map((token) => [token.id, token]));
  return [...found.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
}

if (customElements.get('keyhouse-tokens') === undefined) customElements.define('keyhouse-tokens', KeyhouseTokens);

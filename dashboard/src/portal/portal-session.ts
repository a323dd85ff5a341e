import { ApiError, errorOf, serverGone } from '../api/api-error.ts';

/** What the opening of a session answers. */
export interface Opened {
  readonly id: string;
  readonly owner: { readonly external_id: string; readonly name: string | null; readonly email: string | null };
  readonly workspace: { readonly id: string; readonly name: string };
  readonly company: { readonly name: string; readonly support_url: string | null };
  readonly words: {
    readonly token: string;
    readonly tokens: string;
    readonly create_button: string;
    readonly save_button: string;
    readonly revoke_button: string;
  };
  readonly expires_at: string;
}

/** Where a secret comes from: the page, or whoever asks the provider's backend for one. */
export type SecretSource = () => Promise<string | null>;

interface Asked {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

const PATIENCE_MS = 30_000;

/** The session ended, and no secret was to be had for another. */
export class SessionEnded extends Error {
  readonly wasOpen: boolean;
  constructor(wasOpen: boolean) {
    super('the session has ended');
    this.wasOpen = wasOpen;
  }
}

/** One owner's way to their own tokens. Secret and value are in private fields, in the header of a call, and nowhere else. */
export class PortalSession {
  readonly #base: URL;
  readonly #secrets: SecretSource;
  readonly #isHosted: boolean;
  #value: string | null = null;
  #opening: Promise<Opened> | null = null;
  #wasOpen = false;
  #id: string | null = null;
  /** Whose page this is. Another secret may be for somebody else by now, who must not act on what this one sees. */
  #whose: string | null = null;

  /**
   * @param base the folder of this script, such as `https://api.example.com/portal/`.
   * @param isHosted in the page that its own server hosts: what was opened there goes on when the page is reloaded.
   */
  constructor(base: URL, secrets: SecretSource, isHosted = false) {
    this.#base = base;
    this.#secrets = secrets;
    this.#isHosted = isHosted;
  }

  /** Opens a session, once for all who wait. @throws {SessionEnded} */
  open(): Promise<Opened> {
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #open(): Promise<Opened> {
    const secret = await this.#secrets().catch(() => null);
    const isNone = secret === null || secret === '';
    if (isNone && !this.#isHosted) throw new SessionEnded(this.#wasOpen);
    const [path, body] = isNone ? ['v1/portal-sessions/resume', {}] : ['v1/portal-sessions/open', { secret }];
    const opened = await this.#send<Opened & { value?: string }>('POST', path, { body }).catch((error: ApiError) => {
      throw error.status === 0 || error.status === 429 || error.status >= 500 ? error : new SessionEnded(this.#wasOpen);
    });
    const whose = `${opened.owner.external_id} ${opened.workspace.id}`;
    if (this.#whose !== null && this.#whose !== whose) throw new SessionEnded(true);
    this.#whose = whose;
    this.#value = opened.value ?? null;
    this.#wasOpen = true;
    this.#id = opened.id;
    const { value: _value, ...told } = opened;
    return told;
  }

  /**
   * One call about the owner's tokens. A session that ended is opened anew, where there is a secret for that.
   * @throws {ApiError} {SessionEnded}
   */
  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, asked: Asked = {}): Promise<T> {
    if (this.#value === null) await this.open();
    try {
      return await this.#send<T>(method, path, asked);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.#value = null;
      await this.open();
      return this.#send<T>(method, path, asked);
    }
  }

  forget(): void {
    this.#value = null;
  }

  /** Ends it at the server, for good. @throws {ApiError} while it may still go on. */
  async end(): Promise<void> {
    if (this.#value === null || this.#id === null) return;
    await this.#send('DELETE', `v1/portal-sessions/${this.#id}`, {}).catch((error: ApiError) => {
      if (error.status !== 401) throw error;
    });
    this.#value = null;
  }

  async #send<T>(method: string, path: string, { query = {}, body, idempotencyKey }: Asked): Promise<T> {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (this.#value !== null) headers.Authorization = `Bearer ${this.#value}`;
    if (method !== 'GET') headers['Content-Type'] = 'application/json';
    if (this.#isHosted) headers['Keyhouse-Dashboard'] = '1';
    if (idempotencyKey !== undefined) headers['Idempotency-Key'] = idempotencyKey;
    const answer = await fetch(url, {
      method,
      headers,
      credentials: this.#isHosted ? 'same-origin' : 'omit',
      cache: 'no-store',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(method !== 'GET' && { body: JSON.stringify(body ?? {}) }),
    }).catch(() => {
      throw serverGone();
    });
    if (!answer.ok) throw await errorOf(answer);
    return (await answer.json().catch(() => {
      throw serverGone();
    })) as T;
  }
}

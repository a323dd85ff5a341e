/**
 * Looks for secrets in everything that an installation said or wrote. Prevents a sweep that is clean only because it looked
 * for one spelling, or in the places where somebody thought to look.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exchange } from '../http/raw-socket.ts';

/** One thing that an installation said or wrote, and where. */
export interface Trace {
  readonly where: string;
  readonly bytes: Buffer;
}

export interface Asked {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A client that keeps every answer, head and body, under the name of its request. */
export class Listener {
  readonly traces: Trace[] = [];
  readonly #api: string;

  constructor(api: string) {
    this.#api = api;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely
  async ask(what: string, method: string, path: string, { token, headers = {}, body }: Asked = {}): Promise<any> {
    const response = await fetch(`${this.#api}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        'X-Debug-Auth': 'true',
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    this.traces.push({ where: what, bytes: Buffer.from(JSON.stringify([...response.headers]) + text) });
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  async send(what: string, bytes: string): Promise<void> {
    const { text } = await exchange(Number(new URL(this.#api).port), bytes);
    this.traces.push({ where: what, bytes: Buffer.from(text) });
  }
}

/** Where a secret lies about, in any spelling. */
export function tracesOf(secret: string, traces: readonly Trace[]): string[] {
  const found = traces.filter(({ bytes }) => spellings(secret).some((spelling) => bytes.includes(spelling)));
  return found.map(({ where }) => where);
}

/** Every file below, whatever it is. Only for files that no database of this very process has open. */
export function filesBelow(folder: string): Trace[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ where: file, bytes: readFileSync(file) }));
}

/** Every spelling in which a secret could be lying about; of a token also its random part alone. */
function spellings(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret);
  const parts = [secret, secret.slice(-32), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return [...parts.map((text) => Buffer.from(text)), Buffer.from(secret, 'utf16le')];
}

/** What a server process of a comparison is. */
export type Role =
  | KeyhouseRole
  /** The yardstick: sends one answer to everything, after reading and parsing the body where there is one. */
  | { readonly is: 'bare'; readonly answer: FixedAnswer }
  /** The yardstick of the gateway: passes everything on. */
  | { readonly is: 'bare proxy'; readonly upstream: string }
  /** An application; `dataDir` null leaves the middleware out. */
  | { readonly is: 'application'; readonly framework: Framework; readonly dataDir: string | null };

export interface KeyhouseRole {
  readonly is: 'keyhouse';
  readonly dataDir: string;
  /** Where the gateway passes requests on to; null is the API. */
  readonly upstream: string | null;
  /** Path of a list of tokens to bring into memory first. */
  readonly warmedBy: string | null;
  /** Whether this machine is a trusted proxy, that may ask `/forward-auth`. */
  readonly isBehindProxy: boolean;
}

export type Framework = 'Express' | 'Fastify' | 'Hono';

export interface FixedAnswer {
  /** Flat, in the order they were sent. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** What a server process says when it listens. */
export interface Listening {
  readonly port: number;
}

/** What it answers to every further message: what it has taken so far. */
export interface Spent {
  readonly cpuMicros: number;
  /** Questions for a token that the store was asked; 0 where there is no store. */
  readonly storeReads: number;
}

/** A server that has been started. */
export interface Started {
  readonly port: number;
  readonly storeReads: () => number;
}

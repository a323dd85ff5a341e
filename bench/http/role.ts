/** What a server process of a comparison is. */
export type Role =
  | { readonly is: 'keyhouse'; readonly dataDir: string }
  /** The yardstick: sends one answer to everything, after reading and parsing the body where there is one. */
  | { readonly is: 'bare'; readonly answer: FixedAnswer }
  /** An application; `dataDir` null leaves the middleware out. */
  | { readonly is: 'application'; readonly framework: Framework; readonly dataDir: string | null };

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

/** What it answers to every further message: its CPU time so far. */
export interface Spent {
  readonly cpuMicros: number;
}

/**
 * Who may import whom, as one table. Prevents the decay that turns an engine into a knot: use cases that know their
 * database, rules that read the clock or the network, examples that work only because they reach inside.
 */

/** The parts of `src/`, innermost first. `index` is `src/index.ts`, what an application imports. */
export const PARTS = [
  'token',
  'policy',
  'profile',
  'guide',
  'ports',
  'authenticate',
  'changes',
  'manage',
  'people',
  'upkeep',
  'stores/data-folder',
  'stores/counters',
  'stores/sql',
  'cluster',
  'notify',
  'http',
  'server',
  'cli',
  'testing',
  'index',
] as const;

export type Part = (typeof PARTS)[number];

export interface Boundary {
  /** Parts it may import. */
  readonly may: readonly Part[];
  /** Parts of which it may import types alone. */
  readonly mayTypes?: readonly Part[];
  /** Why it may import no other: the second half of the sentence that a violation prints. */
  readonly because: string;
  /** No I/O, no clock, no globals that reach outside. */
  readonly pure?: true;
  /** Packages and `node:` modules it may import; without a list, any. */
  readonly modules?: readonly string[];
  /** Files that may be imported past the part's `index.ts`: entry points loaded apart, so that not everyone pays for them. */
  readonly entries?: readonly string[];
}

const VOCABULARY = ['token', 'policy', 'profile'] as const satisfies readonly Part[];
const BELOW_ENGINE = ['ports', ...VOCABULARY] as const satisfies readonly Part[];

export const BOUNDARIES: Readonly<Record<Part, Boundary>> = {
  token: {
    may: [],
    because: 'a token format is pure text work and stands alone',
    pure: true,
    modules: ['node:crypto'],
  },
  policy: { may: ['token'], because: 'a rule is computed from its arguments alone', pure: true, modules: [] },
  profile: {
    may: ['policy', 'token'],
    because: 'a profile is data with its rendering, known to everyone and knowing nobody',
    pure: true,
    modules: ['zod'],
    entries: ['draft/index.ts'],
  },
  guide: {
    may: VOCABULARY,
    because: 'the guide is written from a profile alone, and whoever serves it says where',
    pure: true,
    modules: [],
  },
  ports: { may: VOCABULARY, because: 'a port says what is needed, never who provides it', modules: [] },
  authenticate: {
    may: BELOW_ENGINE,
    because: 'a decision is made from ports and rules, whatever door asked and whatever store answers',
    modules: ['node:crypto', 'node:async_hooks'],
  },
  changes: {
    may: BELOW_ENGINE,
    because: 'the one path of every change knows ports and rules, and no use case',
    modules: ['node:crypto', 'node:async_hooks'],
  },
  manage: {
    may: ['changes', 'authenticate', ...BELOW_ENGINE],
    because: 'a use case asks the one judge, writes through changes/, and knows neither its door nor the store below',
    modules: ['node:crypto', 'zod'],
  },
  people: {
    may: ['manage', 'authenticate', 'changes', ...BELOW_ENGINE],
    because: 'how persons come in is made of use cases and changes; an application with its own users runs without it',
  },
  upkeep: {
    may: ['people', 'manage', 'authenticate', 'changes', ...BELOW_ENGINE],
    because: 'what is done on time is made of use cases and changes, and is told the time by server/',
  },
  'stores/data-folder': {
    may: BELOW_ENGINE,
    because: 'a data folder is files, locks and a socket, and knows no table',
  },
  'stores/counters': { may: BELOW_ENGINE, because: 'a counter implements a port and knows nothing of use cases' },
  'stores/sql': { may: BELOW_ENGINE, because: 'a store implements ports and knows nothing of use cases' },
  cluster: { may: BELOW_ENGINE, because: 'leases and counters implement ports and know nothing of use cases' },
  notify: {
    may: ['guide', ...BELOW_ENGINE],
    because: 'a notifier reads the outbox and knows nothing of use cases',
  },
  http: {
    may: ['authenticate', 'manage', 'people', 'upkeep', 'guide', ...VOCABULARY],
    mayTypes: ['ports', 'changes'],
    because: 'a door calls operations and is given its adapters by server/',
  },
  server: {
    may: PARTS.filter((part) => !['server', 'cli', 'index', 'testing'].includes(part)),
    because: 'the composition root builds everything and is built by no command',
    entries: ['operator.ts', 'read-openapi.ts', 'settings.ts', 'version.ts'],
  },
  cli: {
    may: ['server', 'http', ...VOCABULARY],
    mayTypes: ['manage', 'ports'],
    because: 'a command starts a server or speaks to one',
  },
  testing: { may: PARTS, because: '' },
  index: {
    may: ['server', 'authenticate', 'manage', ...VOCABULARY],
    mayTypes: PARTS,
    because: 'the public entry re-exports what server/ composed, so that embedding loads nothing else',
  },
};

/** Past whose `index.ts` these parts may look: they build or test the insides of others. */
export const MAY_IMPORT_FILES: readonly Part[] = ['server', 'testing'];

/** Folders whose files read the system clock or draw randomness, so that nothing else does. */
export const CLOCK_FILES: readonly string[] = ['src/server/system-clock.ts'];

/** Longest file, in lines; longer ones are tables and say why they are. A test is a list of cases and may be longer. */
export const LINES_MAX = 300;
export const TEST_LINES_MAX = 500;
export const LONGER_FILES: Readonly<Record<string, string>> = {
  'client/src/management/operations.ts': 'generated: every operation of the API, with its types',
  'src/stores/sql/schema.ts': 'a table: every table of the database, column by column',
  'dashboard/src/api/operations.ts': 'generated: every operation of the API, with its types',
};

/** The part a repository path belongs to, or null for a path of `src/` that no row of the table covers. */
export function partOf(path: string): Part | null {
  if (/^src\/[^/]+$/.test(path)) return path === 'src/index.ts' ? 'index' : null;
  return PARTS.find((part) => path.startsWith(`src/${part}/`)) ?? null;
}

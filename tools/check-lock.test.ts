import { describe, expect, it } from 'vitest';
import { lockProblems } from './check-lock.ts';

const native = { optionalDependencies: { 'x-linux-x64': '1', 'x-darwin-arm64': '1' } };

describe('the lock check', () => {
  it('accepts a lock that has every system of a native package', () => {
    expect(
      lockProblems({ 'node_modules/x': native, 'node_modules/x-linux-x64': {}, 'node_modules/x-darwin-arm64': {} }),
    ).toEqual([]);
  });

  it('names what npm left out without a word, also below a workspace and a nested package', () => {
    expect(lockProblems({ 'node_modules/x': native, 'node_modules/x-linux-x64': {} })).toEqual([
      'node_modules/x may install x-darwin-arm64, and the lock does not have it',
      'x is locked for Linux and not for macOS (x-darwin-…)',
    ]);
    expect(lockProblems({ 'examples/a/node_modules/x': { optionalDependencies: { y: '1' } } })).toHaveLength(1);
  });

  it('finds an optional package wherever Node.js would', () => {
    const nested = { optionalDependencies: { y: '1' } };
    for (const place of [
      'node_modules/a/node_modules/y',
      'node_modules/y',
      'node_modules/a/node_modules/x/node_modules/y',
    ]) {
      expect(lockProblems({ 'node_modules/a/node_modules/x': nested, [place]: {} })).toEqual([]);
    }
    expect(lockProblems({ 'node_modules/x': nested, 'node_modules/b/node_modules/y': {} })).toHaveLength(1);
  });

  it('refuses a place that only one machine knows, and leaves workspace links alone', () => {
    expect(
      lockProblems({
        'node_modules/a': { resolved: 'http://mirror.internal/a.tgz' },
        'node_modules/b': { resolved: 'examples/b', link: true },
        'node_modules/c': { resolved: 'https://packages.example.com/c/-/c-1.tgz' },
      }),
    ).toEqual(['node_modules/a is locked to http://mirror.internal/a.tgz, which not everyone can reach']);
  });
});

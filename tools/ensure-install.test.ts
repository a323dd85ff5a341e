import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProcess } from '../test/services/process.ts';

/** A repository with one locked package and an `npm` that only writes down how it was called. */
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyhouse-ensure-'));
  mkdirSync(join(root, 'tools'));
  mkdirSync(join(root, 'stub'));
  copyFileSync(join(import.meta.dirname, 'ensure-install.mjs'), join(root, 'tools/ensure-install.mjs'));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ engines: { node: '>=22.23.3' } }));
  writeFileSync(join(root, 'stub/npm'), '#!/bin/sh\necho "$@" >> called\nexit $NPM_EXIT\n', { mode: 0o755 });
  lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', dev: true } });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const lock = (packages: object): void =>
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
const installed = (packages: object): void => {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
};
const ensure = (options: { event?: string; npmExit?: string; nodeVersion?: string } = {}) =>
  runProcess(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(
        `const node = ${JSON.stringify(options.nodeVersion ?? process.versions.node)};
         Object.defineProperty(process, 'versions', { value: { ...process.versions, node } });
         Object.defineProperty(process, 'version', { value: 'v' + node });`,
      )}`,
      'tools/ensure-install.mjs',
    ],
    {
      cwd: root,
      env: {
        PATH: `${join(root, 'stub')}${delimiter}${process.env.PATH}`,
        npm_lifecycle_event: options.event ?? 'pretest',
        NPM_EXIT: options.npmExit ?? '0',
      },
    },
  );
const npmCalls = (): string => (existsSync(join(root, 'called')) ? readFileSync(join(root, 'called'), 'utf8') : '');

describe.skipIf(process.platform === 'win32')('ensure-install', () => {
  it('installs with development packages on a fresh clone', async () => {
    expect(await ensure()).toMatchObject({ code: 0 });
    expect(npmCalls()).toMatch(/^ci .*--include=dev\n$/);
  });

  it('does nothing when every locked version is there, whatever the times of the files', async () => {
    installed({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } });
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', dev: true } });
    expect(await ensure()).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(npmCalls()).toBe('');
  });

  it('installs again when the lock moved on', async () => {
    installed({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.9.0' } });
    await ensure();
    expect(npmCalls()).toContain('ci');
  });

  it('starts a production install without development packages, and installs them for the tests', async () => {
    installed({ 'node_modules/a': { version: '1.0.0' } });
    await ensure({ event: 'prestart' });
    expect(npmCalls()).toBe('');
    await ensure({ event: 'pretest' });
    expect(npmCalls()).toContain('ci');
  });

  it('does not ask for packages of other systems', async () => {
    lock({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/x-darwin': { version: '1.0.0', optional: true } });
    installed({ 'node_modules/a': { version: '1.0.0' } });
    await ensure();
    expect(npmCalls()).toBe('');
  });

  it('stops when the install fails', async () => {
    expect(await ensure({ npmExit: '1' })).toMatchObject({ code: 1, stderr: expect.stringContaining('npm ci failed') });
  });

  it('says what to do where neither npm nor the system has a new enough Node.js', async () => {
    const old = await ensure({ nodeVersion: '20.20.2' });
    expect(old).toMatchObject({ code: 1, stderr: expect.stringContaining('needs Node.js 22.23.3 or newer') });
    expect(old.stderr).toContain('please install Node.js 24');
    expect(await ensure({ nodeVersion: '22.23.3' })).toMatchObject({ code: 0 });
    expect(await ensure({ nodeVersion: '22.23.2' })).toMatchObject({ code: 1 });
    expect(await ensure({ nodeVersion: '26.0.0' })).toMatchObject({ code: 0 });
  });
});

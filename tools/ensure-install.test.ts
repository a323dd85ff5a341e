import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
  for (const file of ['ensure-install.mjs', 'build-dashboard.mjs']) {
    copyFileSync(join(import.meta.dirname, file), join(root, 'tools', file));
  }
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

  /** A dashboard of one page, and a bundler that copies it and counts how often it ran. */
  const dashboard = (page: string): void => {
    mkdirSync(join(root, 'dashboard/src'), { recursive: true });
    writeFileSync(join(root, 'dashboard/index.html'), page);
  };
  const bundler = (): void => {
    mkdirSync(join(root, 'node_modules/vite/bin'), { recursive: true });
    writeFileSync(
      join(root, 'node_modules/vite/bin/vite.js'),
      `const { appendFileSync, cpSync } = require('node:fs');
       appendFileSync('built', process.env.NODE_ENV + (process.argv.includes('--config') ? ' element ' : ' pages '));
       cpSync('dashboard/index.html', process.argv[process.argv.indexOf('--outDir') + 1] + '/index.html');`,
    );
  };
  const builtPage = (): string => readFileSync(join(root, 'dashboard/dist/index.html'), 'utf8');

  it('builds the dashboard when it is missing or its sources changed, and not otherwise', async () => {
    installed({ 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } });
    bundler();
    dashboard('first');
    expect(await ensure({ event: 'prestart' })).toMatchObject({ code: 0 });
    await ensure();
    expect(builtPage()).toBe('first');
    dashboard('second');
    await ensure();
    expect(builtPage()).toBe('second');
    writeFileSync(join(root, 'dashboard/src/page.ts'), '');
    await ensure();
    expect(readFileSync(join(root, 'built'), 'utf8')).toBe('production pages production element '.repeat(3));
    expect(readdirSync(join(root, 'dashboard')).sort()).toEqual(['dist', 'index.html', 'src']);
  });

  it('starts without the dashboard where nothing can build it, and says what would', async () => {
    installed({ 'node_modules/a': { version: '1.0.0' } });
    dashboard('first');
    const started = await ensure({ event: 'prestart' });
    expect(started).toMatchObject({ code: 0, stderr: expect.stringContaining('npm ci --include=dev') });
    expect(existsSync(join(root, 'dashboard/dist'))).toBe(false);
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

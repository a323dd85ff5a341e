import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BOUNDARIES, LONGER_FILES, PARTS, type Part } from './boundaries.ts';
import { checkRepository } from './check-imports.ts';
import { hasNestedRepetition } from './regex-risk.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** What the check says about a repository of exactly these files. */
function check(files: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(tmpdir(), 'keyhouse-check-'));
  roots.push(root);
  const manifest = { name: 'keyhouse', exports: { '.': './src/index.ts', './express': './src/x.ts' } };
  for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(manifest), ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const { violations } = checkRepository(root);
  return violations.map(({ path, line, sentence }) => `${path}:${line}: ${sentence}`);
}

describe('import direction', () => {
  it('says the sentence of the part that reached too far', () => {
    expect(check({ 'src/stores/sql/a.ts': `\nimport { createToken } from '../../manage/index.ts';\n` })).toEqual([
      'src/stores/sql/a.ts:2: stores/sql may not import manage: a store implements ports and knows nothing of use cases',
    ]);
  });

  it.each([
    ['a static import over several lines', `import {\n  a,\n} from '../manage/index.ts';`],
    ['a bare import', `import '../manage/index.ts';`],
    ['a dynamic import', `const a = await import('../manage/index.ts');`],
    ['a re-export', `export * from '../manage/index.ts';`],
    ['a type', `import type { A } from '../manage/index.ts';`],
    ['a type position', `let a: import('../manage/index.ts').A;`],
    ['a worker', `new Worker(new URL('../manage/index.ts', import.meta.url));`],
    ['code inside a template', `const a = \`\${await import("../manage/index.ts")}\`;`],
  ])('sees %s', (_, text) => {
    expect(check({ 'src/policy/a.ts': text })).toEqual([expect.stringContaining('policy may not import manage')]);
  });

  it.each([
    ['comments', `// import a from '../manage/index.ts'\n/* import '../manage/index.ts' */`],
    ['texts', `const a = "import '../manage/index.ts'"; const b = \`import '../manage/index.ts'\`;`],
    ['files that are read', `readFileSync(new URL('../../package.json', import.meta.url));`],
    ['regular expressions', `const a = /import '..\\/manage\\/index.ts'/;`],
  ])('ignores %s', (_, text) => {
    expect(check({ 'src/policy/a.ts': text })).toEqual([]);
  });

  it('keeps the dashboard apart, which runs in a browser', () => {
    const says = (text: string) => check({ 'dashboard/src/a.tsx': text });
    expect(says(`import type { Profile } from '../../src/profile/index.ts';`)).toEqual([
      'dashboard/src/a.tsx:1: dashboard may not import src/profile/index.ts: what runs in a browser speaks to the server over HTTP alone',
    ]);
    expect(
      says(`import { b } from './b.tsx';\nimport { useState } from 'react';\nexport const c = [b, useState];`),
    ).toEqual([]);
  });

  it('keeps the client apart, which is installed alone', () => {
    const says = (text: string) => check({ 'client/src/a.ts': text });
    expect(says(`import { a } from '../../src/http/index.ts';`)).toEqual([
      'client/src/a.ts:1: client may not import src/http/index.ts: it is installed without the rest',
    ]);
    expect(says(`import fastify from 'fastify';`)).toEqual([expect.stringContaining('client may not import fastify')]);
    expect(says(`import { Agent } from 'node:http';\nimport type {} from 'fastify';\nimport './b.ts';`)).toEqual([]);
  });

  it('lets a part be imported only through its index', () => {
    const text = `import { judge } from '../authenticate/judge.ts';`;
    expect(check({ 'src/http/a.ts': text })).toEqual([
      expect.stringContaining('http may import authenticate only through src/authenticate/index.ts'),
    ]);
    expect(check({ 'src/server/a.ts': text, 'src/http/a.test.ts': text, 'src/testing/a.ts': text })).toEqual([]);
  });

  it('knows the entry points that are loaded apart', () => {
    expect(check({ 'src/cli/a.ts': `await import('../server/operator.ts');` })).toEqual([]);
    expect(check({ 'src/cli/a.ts': `await import('../server/listeners.ts');` })).toHaveLength(1);
  });

  it('tells types from values where only types are allowed', () => {
    expect(check({ 'src/http/a.ts': `import type { Clock } from '../ports/index.ts';` })).toEqual([]);
    expect(check({ 'src/http/a.ts': `import { clock } from '../ports/index.ts';` })).toEqual([
      expect.stringContaining('http may import only types of ports'),
    ]);
  });

  it('keeps packages and I/O out of the pure parts', () => {
    const found = check({
      'src/token/a.ts': `import { createHmac } from 'node:crypto';\nimport { readFileSync } from 'node:fs';`,
      'src/policy/a.ts': `import { z } from 'zod';`,
      'src/profile/a.ts': `import { z } from 'zod/v4';\nconsole.log(process.env.HOME);\nfetch('x');`,
    });
    expect(found.map((line) => line.replace(/: it is pure.*|: it is pure,.*/, ''))).toEqual([
      'src/policy/a.ts:1: policy may not import zod',
      'src/profile/a.ts:2: profile may not use console',
      'src/profile/a.ts:2: profile may not use process',
      'src/profile/a.ts:3: profile may not use fetch',
      'src/token/a.ts:2: token may not import node:fs',
    ]);
  });

  it('keeps the product free of its tooling, its tests and its own package name', () => {
    const found = check({
      'src/http/a.ts': `import '../../tools/x.ts';\nimport '../manage/b.test.ts';\nimport 'keyhouse/express';`,
    });
    expect(found).toEqual([
      expect.stringContaining('src/ may not import tools/x.ts'),
      expect.stringContaining('only tests may import tests'),
      expect.stringContaining('src/ may not import itself as keyhouse/express'),
    ]);
  });

  it('asks for a row in the table when a new folder appears', () => {
    expect(check({ 'src/misplaced/a.ts': '', 'src/b.ts': '' })).toEqual([
      expect.stringContaining('src/b.ts:1: it belongs to no part of the house'),
      expect.stringContaining('src/misplaced/a.ts:1: it belongs to no part of the house'),
    ]);
  });

  it('shows examples only what an application would see', () => {
    const found = check({
      'examples/shop/main.ts': [
        `import { createKeyhouse } from 'keyhouse';`,
        `import { protect } from 'keyhouse/express';`,
        `import express from 'express';`,
        `import './lib/orders.ts';`,
        `import { judge } from 'keyhouse/src/authenticate/judge.ts';`,
        `import { x } from '../../src/index.ts';`,
        `import { y } from '../other/main.ts';`,
      ].join('\n'),
      'examples/shop/main.test.ts': `import '../../test/services/process.ts';\nimport '../../src/index.ts';`,
    });
    expect(found.map((line) => line.split(': ')[0])).toEqual([
      'examples/shop/main.test.ts:2',
      'examples/shop/main.ts:5',
      'examples/shop/main.ts:6',
      'examples/shop/main.ts:7',
    ]);
    expect(found[1]).toContain('public entry points are ., ./express');
  });
});

describe('time and chance', () => {
  it.each(['Date.now()', 'new Date()', 'new Date', 'Math.random()', 'performance.now()', 'globalThis.Date.now()'])(
    'are not taken by %s',
    (text) => {
      expect(check({ 'src/http/a.ts': `const a = ${text};` })).toEqual([expect.stringContaining('given to the code')]);
    },
  );

  it('may be taken by the system clock, by tests and outside src', () => {
    const text = 'const a = Date.now();';
    expect(check({ 'src/server/system-clock.ts': text, 'src/http/a.test.ts': text, 'tools/a.ts': text })).toEqual([]);
  });

  it('leave dates of a given instant and names alone', () => {
    const text = 'new Date(at); clock.now(); type D = Date; this.Date.now(); const s = "Date.now()";';
    expect(check({ 'src/http/a.ts': text })).toEqual([]);
  });
});

describe('regular expressions', () => {
  it.each(['(a+)+', '^(?:[a-z]+)*$', '(\\w+\\s?)*', '(a|b+){2,}', '((a*)b?)*', '(?<word>\\w+)+$', '(-?[a-z-]+)*'])(
    '/%s/ is refused',
    (source) => {
      expect(hasNestedRepetition(source)).toBe(true);
      expect(check({ 'src/http/a.ts': `const a = /${source}/u;` })).toHaveLength(1);
      expect(check({ 'src/http/a.ts': `const a = new RegExp('${source.replaceAll('\\', '\\\\')}');` })).toHaveLength(1);
    },
  );

  it.each([
    '^[a-z]+(?:-[a-z]+)*$',
    '\\d+(?:\\.\\d+)*',
    '(?:a{1,3}b)+',
    '[(+)*]+x*',
    '\\(a+\\)+',
    '(?:,[^,]+)*',
    '(abc)+',
  ])('/%s/ is fine', (source) => {
    expect(hasNestedRepetition(source)).toBe(false);
  });
});

describe('files', () => {
  it('are named in kebab-case after what they hold', () => {
    expect(
      check({ 'src/http/tokenUtils.ts': '', 'src/http/token-helpers.ts': '', 'src/http/managers.ts': '' }),
    ).toEqual([
      expect.stringContaining('"helpers" is a drawer'),
      expect.stringContaining('file names are kebab-case: tokenUtils.ts'),
    ]);
  });

  it('have at most 300 lines, tests 500', () => {
    const files = { 'src/http/a.ts': 301, 'src/http/b.ts': 300, 'test/c.test.ts': 501, 'test/d.test.ts': 500 };
    const texts = Object.entries(files).map(([path, lines]) => [path, '\n'.repeat(lines)]);
    expect(check(Object.fromEntries(texts))).toEqual([
      expect.stringContaining('src/http/a.ts:1: 301 lines'),
      expect.stringContaining('test/c.test.ts:1: 501 lines'),
    ]);
  });

  it('introduce their folder', () => {
    expect(check({ 'src/http/index.ts': 'export {};\n', 'src/manage/index.ts': '/** Use cases. */\n' })).toEqual([
      expect.stringContaining('src/http/index.ts:1: a folder introduces itself'),
    ]);
  });
});

describe('the table', () => {
  it('gives a reason for every longer file', () => {
    for (const reason of Object.values(LONGER_FILES)) expect(reason).toMatch(/\w+ \w+/);
  });

  it('has no circle: following the arrows always ends', () => {
    const ends = (part: Part, path: readonly Part[]): void => {
      expect(path, `${[...path, part].join(' → ')}`).not.toContain(part);
      const { may, mayTypes = [] } = BOUNDARIES[part];
      for (const next of [...may, ...mayTypes]) if (next !== part) ends(next, [...path, part]);
    };
    for (const part of PARTS) if (part !== 'testing' && part !== 'index') ends(part, []);
  });
});

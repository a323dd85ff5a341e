import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readApiDescription } from './api-description.ts';
import { readOpenApiFile, readOpenApiValue } from './read-openapi.ts';

const HEAD = 'openapi: 3.1.0\ninfo: {title: Example}\npaths: {}\n';
const MINIMAL = { openapi: '3.1.0', info: { title: 'Example' }, paths: {} };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyhouse-openapi-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return readOpenApiFile(join(folder, name));
};
const problemsOf = async (name: string, content: string | Uint8Array): Promise<string> => {
  const answer = await read(name, content);
  return answer.ok ? 'none' : answer.problems.join('\n');
};
const problemsIn = (value: unknown): string => {
  const answer = readOpenApiValue(value);
  return answer.ok ? 'none' : answer.problems.join('\n');
};

describe('the file of an API description', () => {
  it.each([
    ['a.json', JSON.stringify(MINIMAL)],
    ['a.yaml', HEAD],
    ['a.yml', HEAD],
    ['a.YAML', JSON.stringify(MINIMAL)],
    ['openapi', HEAD],
    ['description', JSON.stringify(MINIMAL)],
    ['marked.json', `\ufeff${JSON.stringify(MINIMAL)}`],
  ])('is read as JSON or YAML: %s', async (name, content) => {
    expect(await read(name, content)).toEqual({ ok: true, document: MINIMAL });
  });

  it.each([
    ['cut.json', '{\n "openapi": "3.1.0",\n "info": {,\n}', /^is not JSON: .*\bposition 33\b/],
    ['tab.yaml', 'openapi: 3.1.0\n\tinfo: x\n', /^is not YAML that can be read: .* at line 2, column 1\.$/],
    ['twice.yaml', `${HEAD}paths: {}\n`, /the key paths stands twice at line 4, column 1/],
    ['twice.json', '{"info":{"title":"a","title":"b"}}', /^\$\.info\.title: this key stands twice/],
    ['two.yaml', `${HEAD}---\na: 1\n`, /more than one document/],
    ['tag.yaml', `${HEAD}x-rest: !include rest.yaml\n`, /!include at line 4/],
    ['infinite.yaml', `${HEAD}x-rest: .inf\n`, /^\$\['x-rest'\]: this is nothing that JSON can carry/],
    ['empty.yaml', '', /must be an object/],
    ['latin.yaml', Uint8Array.of(0x6f, 0xff, 0xfe), /^is not UTF-8 text\.$/],
    ['large.yaml', '#'.repeat(4 * 1024 * 1024 + 1), /^is larger than 4 MiB/],
  ])('is refused with the place in it: %s', async (name, content, sentence) => {
    expect(await problemsOf(name, content)).toMatch(sentence);
  });

  it('is refused where it is none', async () => {
    expect(await readOpenApiFile(join(folder, 'none'))).toEqual({ ok: false, problems: ['there is no such file.'] });
    expect(await readOpenApiFile(folder)).toEqual({ ok: false, problems: ['is not a file.'] });
  });

  it('never grows past its bounds: aliases of aliases, of large texts, of themselves, and endless nesting', async () => {
    const links = ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map(
      ([from, to]) => `${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`,
    );
    const doubling = ['a: &a [x,x,x,x,x,x,x,x,x]', ...links].join('\n');
    expect(await problemsOf('doubling.yaml', `${doubling}\n${HEAD}`)).toMatch(/Excessive alias count/);
    const long = `x-a: &a "${'y'.repeat(1_000_000)}"\nx-b: [${Array(90).fill('*a').join(',')}]\n`;
    expect(await problemsOf('long.yaml', HEAD + long)).toMatch(/too large when every alias in it is written out/);
    const merging = `x-a: &a [${Array(20_000).fill('{}').join(',')}]\nx-b:\n${'  - <<: *a\n'.repeat(4_000)}`;
    expect(await problemsOf('merging.yaml', HEAD + merging)).toMatch(/aliases stand for too much/);
    const naming = Array.from({ length: 6_000 }, (_, index) => `x-a${index}: &a${index} x\nx-b${index}: *a${index}\n`);
    expect(await problemsOf('naming.yaml', HEAD + naming.join(''))).toMatch(/aliases stand for too much/);
    const anchors = Array.from({ length: 50_000 }, (_, index) => `  - &n${index} x\n`).join('');
    const named = `${HEAD}x-a:\n${anchors}x-b:\n${'  - *n1\n'.repeat(200)}`;
    expect(await problemsOf('anchors.yaml', named)).toMatch(/aliases stand for too much/);
    expect(await problemsOf('circle.yaml', `${HEAD}x-a: &a\n  b: *a\n`)).toMatch(/nested more than 100 levels/);
    expect(await problemsOf('deep.yaml', `${HEAD}x-a: ${'['.repeat(50_000)}`)).toMatch(/call stack/);
    expect(await problemsOf('deep.json', '['.repeat(50_000) + ']'.repeat(50_000))).toMatch(
      /nested more than 100 levels/,
    );
  });

  it('may use anchors, aliases and merge keys in moderation', async () => {
    const answer = await read('merged.yaml', `${HEAD}x-a: &a {q: 1}\nx-b: {<<: *a, r: 2}\nx-c: *a\n`);
    expect(answer).toMatchObject({ document: { 'x-b': { q: 1, r: 2 }, 'x-c': { q: 1 } } });
  });
});

describe('an API description', () => {
  it.each([
    [{ swagger: '2.0' }, /^\$\.swagger: this is Swagger 2\.0.*Convert it/],
    [{ info: {}, paths: {} }, /^\$\.openapi: this is missing/],
    [{ ...MINIMAL, openapi: 3.1 }, /^\$\.openapi: .*quotes/],
    [{ ...MINIMAL, openapi: '3.2.0' }, /only OpenAPI 3\.0 and 3\.1 can be shown, not 3\.2\.0/],
    [{ openapi: '3.0.3' }, /^\$\.info\.title: .*\n\$\.paths: /],
    [{ ...MINIMAL, paths: { servers: {} } }, /^\$\.paths\.servers: a path begins with a slash/],
    [{ ...MINIMAL, paths: { '/a': { get: 'x' } } }, /^\$\.paths\['\/a'\]\.get: this must be an operation/],
    [[], /must be an object/],
    ['text', /must be an object/],
  ])('is refused with a sentence where it is none: %j', (value, sentence) => {
    expect(problemsIn(value)).toMatch(sentence);
  });

  it('holds all of itself: references to other files and origins, and to nothing, are refused', () => {
    const withReference = ($ref: string) => ({ ...MINIMAL, components: { schemas: { A: { $ref }, B: {} } } });
    expect(problemsIn(withReference('#/components/schemas/B'))).toBe('none');
    expect(problemsIn(withReference('#named'))).toBe('none');
    for (const elsewhere of [
      './other.yaml',
      'https://api.example.com/a.json#/B',
      'file:///etc/passwd',
      '//a.example/b',
    ]) {
      expect(problemsIn(withReference(elsewhere))).toMatch(/^\$\.components\.schemas\.A\['\$ref'\]: .*one file/);
    }
    expect(problemsIn(withReference('#/components/schemas/C'))).toMatch(/leads to nothing/);
    expect(problemsIn(withReference('#/components/schemas/%'))).toMatch(/leads to nothing/);
    expect(problemsIn({ ...MINIMAL, paths: { '/a/b': {}, '/c': { $ref: '#/paths/~1a~1b' } } })).toBe('none');
  });

  it('may speak of $ref where it means data or a name', () => {
    const schema = {
      properties: { $ref: { type: 'string' }, example: {} },
      example: { $ref: './data' },
      enum: [{ $ref: 'x' }],
    };
    expect(problemsIn({ ...MINIMAL, components: { schemas: { A: schema } } })).toBe('none');
    const hidden = { properties: { example: { $ref: './other.yaml' } } };
    expect(problemsIn({ ...MINIMAL, components: { schemas: { A: hidden } } })).toMatch(/one file/);
  });

  it('tells at most ten problems, and how many more there are', () => {
    const paths = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`path-${at}`, {}]));
    const answer = readOpenApiValue({ ...MINIMAL, paths });
    expect(answer).toMatchObject({ ok: false, problems: { length: 11, 10: 'and 3 more problems.' } });
  });

  it('is a value of JSON and nothing else, and stays as it was', async () => {
    const circle: Record<string, unknown> = { ...MINIMAL };
    circle['x-self'] = circle;
    expect(problemsIn(circle)).toMatch(/nested more than 100 levels/);
    expect(problemsIn({ ...MINIMAL, 'x-call': () => 1 })).toMatch(/nothing that JSON can carry/);
    const given = structuredClone(MINIMAL);
    const { document } = await readApiDescription(given, { isHere: true });
    given.info.title = 'Changed';
    expect(document.info).toEqual({ title: 'Example' });
  });

  it('names what it came from when it is refused', async () => {
    const path = join(folder, 'none.yaml');
    await expect(readApiDescription(path, { isHere: true })).rejects.toMatchObject({
      name: 'StartRefused',
      message: `The API description cannot be shown on /reference:\n  ${path}: there is no such file.`,
    });
  });
});

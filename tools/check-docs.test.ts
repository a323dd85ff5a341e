import { expect, it } from 'vitest';
import { judgeDocument } from './check-docs.ts';

const files = new Set(['docs/a.md', 'docs/b.md', 'src/http/index.ts']);
const judge = (text: string): readonly string[] =>
  judgeDocument('docs/a.md', text, (path) => files.has(path), new Set(['check'])).map(
    ({ line, sentence }) => `${line}: ${sentence}`,
  );

it('finds links, paths and commands that are not there, with their line', () => {
  expect(judge('[x](c.md)\n`src/http/gone.ts`\n\n`npm run chekc`')).toEqual([
    '1: the link to c.md leads nowhere',
    '2: there is no src/http/gone.ts',
    '4: there is no npm run chekc',
  ]);
});

it('accepts what is there, and what is not a path of the repository', () => {
  const text = `[b](b.md#part) [top](#top) [web](https://example.com/x.md) [up](../src/http/index.ts)
    \`src/http/index.ts\` \`src/http/index.ts:12\` \`examples/<name>/main.ts\` \`src/**/*.ts\` \`docs/{a,b}.md\` npm run check`;
  expect(judge(text)).toEqual([]);
});

import type { Block, GuideDocument, Prose, Row, Sample, Span } from './document.ts';
import { oneLine, programText, safeHref } from './spell.ts';

/** The guide as GitHub Flavored Markdown, for reading as it is and for programs. */
export function renderMarkdown(guide: GuideDocument): string {
  const title: Prose = [{ is: 'theirs', text: guide.company }, { is: 'text', text: ' API: ' }, ...guide.title];
  const parts = [
    `# ${inline(title)}`,
    inline(guide.lead),
    ...guide.sections.flatMap(({ id, title: text, blocks }) => [
      anchored(id, `## ${inline(text)}`),
      ...blocks.map(block),
    ]),
    ...placesOf(guide),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Markdown has no anchors that are the same everywhere; HTML has. */
function anchored(id: string, heading: string): string {
  return `<a id="${id.replace(/[^\w.:-]/g, '')}"></a>\n\n${heading}`;
}

function placesOf({ places }: GuideDocument): string[] {
  if (places.length === 0) return [];
  return [
    '## Further',
    places.map(({ title, href, about }) => `- ${linked(title, href)}: ${inline(about)}`).join('\n'),
  ];
}

/** `[title](href)`, or the title alone where the address is none to link to. */
export function linked(title: Prose, href: string): string {
  const safe = safeHref(href);
  return safe === null ? inline(title) : `[${inline(title)}](${safe})`;
}

function block(one: Block): string {
  switch (one.is) {
    case 'heading':
      return anchored(one.id, `### ${inline(one.text)}`);
    case 'paragraph':
      return startOfBlock(inline(one.text));
    case 'note':
      return `> ${inline(one.text)}`;
    case 'steps':
      return one.items.map((text, index) => `${index + 1}. ${inline(text)}`).join('\n');
    case 'list':
      return one.items.map((text) => `- ${startOfBlock(inline(text))}`).join('\n');
    case 'table':
      return table(one.columns, one.rows);
    case 'code':
      return fenced(one.sample);
    case 'choice':
      return one.samples.map((sample) => `${sample.label}:\n\n${fenced(sample)}`).join('\n\n');
  }
}

function table(columns: readonly Prose[], rows: readonly Row[]): string {
  const line = (cells: readonly Prose[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(columns), `|${columns.map(() => ' --- |').join('')}`, ...rows.map(({ cells }) => line(cells))].join(
    '\n',
  );
}

/** A bar ends a cell even inside a code span, where nothing can be escaped for certain: such code is HTML. */
function cell(text: Prose): string {
  return text
    .map((one) => (one.is === 'code' && one.text.includes('|') ? `<code>${escaped(one.text)}</code>` : span(one)))
    .join('');
}

function fenced({ language, text }: Sample): string {
  const shown = programText(text);
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

export function inline(text: Prose): string {
  return text.map(span).join('');
}

function span(one: Span): string {
  switch (one.is) {
    case 'text':
    case 'theirs':
      return escaped(one.text);
    case 'code':
      return codeSpan(one.text);
    case 'break':
      return '<br>';
    case 'strong':
      return `**${escaped(one.text)}**`;
    case 'link':
      return linked([{ is: 'text', text: one.text }], one.href);
  }
}

/** A code span holds backticks when it is delimited by more of them (CommonMark 6.1). */
function codeSpan(text: string): string {
  const shown = oneLine(text);
  const run = longestRun(shown);
  return run === 0 ? `\`${shown}\`` : `${'`'.repeat(run + 1)} ${shown} ${'`'.repeat(run + 1)}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** Everything that means something inside a line. An underscore inside a word means nothing. */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\`*[\]<>|~&]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character) =>
    character === '&' ? '&amp;' : `\\${character}`,
  );
}

/** What would make a heading, a list, a quotation or a rule of the beginning of a block. */
function startOfBlock(line: string): string {
  return line.replace(/^(\s*)([#+=-]|\d+[.)])/, (_, space: string, mark: string) =>
    /^\d/.test(mark) ? `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}` : `${space}\\${mark}`,
  );
}

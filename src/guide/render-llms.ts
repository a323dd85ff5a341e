import type { GuideDocument, Prose } from './document.ts';
import { inline, linked } from './render-markdown.ts';

/**
 * The guide as `llms.txt` (llmstxt.org): title, summary, what has to be known in any case, and lists of links. Links are
 * relative, so that they lead to where this text came from.
 */
export function renderLlmsText(guide: GuideDocument): string {
  const name: Prose = [{ is: 'theirs', text: guide.company }, { is: 'text', text: ' API: ' }, ...guide.title];
  const beside = guide.places.filter(({ href }) => !/^(?:https?|mailto):/.test(href));
  const elsewhere = guide.places.filter((place) => !beside.includes(place));
  const list = (places: GuideDocument['places']): string =>
    places.map(({ title, href, about }) => `- ${linked(title, href)}: ${inline(about)}`).join('\n');
  const contents = guide.sections.map(({ title }) => inline(title)).join('; ');
  const parts = [
    `# ${inline(name)}`,
    `> ${inline(guide.lead)}`,
    guide.essentials.map((text) => `- ${inline(text)}`).join('\n'),
    '## Guide',
    [
      `- [Guide](guide.md): the whole guide as one Markdown document: ${contents}`,
      '- [Guide as a page](guide): the same for people',
    ].join('\n'),
    ...(beside.length === 0 ? [] : ['## Reference', list(beside)]),
    ...(elsewhere.length === 0 ? [] : ['## Optional', list(elsewhere)]),
  ];
  return `${parts.join('\n\n')}\n`;
}

import type { Block, GuideDocument, Prose, Row, Sample, Section, Span } from './document.ts';
import { textOf } from './prose.ts';
import { oneLine, programText, safeHref } from './spell.ts';

/** Languages that somebody will want to paste somewhere. */
const COPIED: ReadonlySet<Sample['language']> = new Set(['sh', 'js', 'python', 'php']);

/**
 * The guide as a page. All text is escaped on its way in, and it needs three files beside it: `guide/theme.css`,
 * `guide/guide.css` and `guide/guide.js`.
 */
export function renderHtml(guide: GuideDocument): string {
  const { company, title, lead, sections, logo } = guide;
  const heading = `${oneLine(company)} API: ${textOf(title).toLowerCase()}`;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${escaped(heading)}</title>
    <link rel="icon" href="${logo === null ? 'data:,' : escaped(logo.url)}">
    <link rel="alternate" type="text/markdown" href="guide.md">
    <link rel="stylesheet" href="guide/theme.css">
    <link rel="stylesheet" href="guide/guide.css">
    <script src="guide/guide.js" defer></script>
  </head>
  <body>
    <a class="skip" href="#content">Skip to the guide</a>
    <header>
      <p class="company">${picture(guide)}<span>${bdi(company)} API</span></p>
      ${places(guide)}
    </header>
    <main id="content">
      <div class="opening">
        <h1>${inline(title)}</h1>
        <p class="lead">${inline(lead)}</p>
      </div>
      <nav aria-label="On this page">
        <ol>
${sections.map(({ id, title: text }) => `          <li><a href="#${escaped(id)}">${inline(text)}</a></li>\n`).join('')}        </ol>
      </nav>
      <article>
${sections.map(section).join('')}      </article>
    </main>
    <footer><p>${bdi(company)} API</p>${places(guide)}</footer>
    <p id="copied" class="visually-hidden" role="status"></p>
  </body>
</html>
`;
}

function picture({ logo }: GuideDocument): string {
  return logo === null ? '' : `<img src="${escaped(logo.url)}" alt="" height="32">`;
}

function places({ places: all }: GuideDocument): string {
  const further = [
    ...all.map(({ title, href }) => ({ title: inline(title), href })),
    { title: 'As Markdown', href: 'guide.md' },
  ];
  const links = further.flatMap(({ title, href }) => {
    const safe = safeHref(href);
    return safe === null ? [] : [`<li><a href="${escaped(safe)}">${title}</a></li>`];
  });
  return `<ul class="places">${links.join('')}</ul>`;
}

function section({ id, title, blocks }: Section, at: number): string {
  const body = blocks.map((one, index) => block(one, `${at + 1}-${index + 1}`)).join('\n');
  return `<section aria-labelledby="${escaped(id)}">\n<h2 id="${escaped(id)}">${anchored(id, title)}</h2>\n${body}\n</section>\n`;
}

/** @param place names what needs an id of its own. */
function block(one: Block, place: string): string {
  switch (one.is) {
    case 'heading':
      return `<h3 id="${escaped(one.id)}">${anchored(one.id, one.text)}</h3>`;
    case 'paragraph':
      return `<p>${inline(one.text)}</p>`;
    case 'note':
      return `<p class="note">${inline(one.text)}</p>`;
    case 'steps':
      return `<ol class="steps">${items(one.items)}</ol>`;
    case 'list':
      return `<ul>${items(one.items)}</ul>`;
    case 'table':
      return table(one.columns, one.rows);
    case 'code':
      return figure(one.sample);
    case 'choice':
      return choice(one.samples, place);
  }
}

function items(all: readonly Prose[]): string {
  return all.map((text) => `<li>${inline(text)}</li>`).join('');
}

function table(columns: readonly Prose[], rows: readonly Row[]): string {
  const labels = columns.map((text) => escaped(oneLine(textOf(text))));
  const head = columns.map((text) => `<th scope="col">${inline(text)}</th>`).join('');
  const body = rows.map(({ id, cells }) => {
    const data = cells.map((text, index) => `<td data-label="${labels[index] ?? ''}"><div>${inline(text)}</div></td>`);
    return `<tr${id === undefined ? '' : ` id="${escaped(id)}"`}>${data.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

/** Radio buttons and the style sheet show one of them at a time; without either, all are there to read. */
function choice(samples: readonly Sample[], place: string): string {
  const name = `choice-${place}`;
  const buttons = samples.map(
    (_, index) =>
      `<input type="radio" name="${name}" id="${name}-${index}" autocomplete="off"${index === 0 ? ' checked' : ''}>`,
  );
  const labels = samples.map(({ label }, index) => `<label for="${name}-${index}">${escaped(label)}</label>`);
  return `<div class="choice" role="group" aria-label="Language">${buttons.join('')}<div class="tabs">${labels.join('')}</div>${samples.map(figure).join('')}</div>`;
}

function figure({ language, label, text }: Sample): string {
  const caption = label === '' ? '' : `<figcaption>${escaped(label)}</figcaption>`;
  const copied = COPIED.has(language) ? ' data-copied' : '';
  return `<figure class="sample"${copied}>${caption}<pre tabindex="0"><code>${escaped(programText(text))}</code></pre></figure>`;
}

function anchored(id: string, text: Prose): string {
  return `${inline(text)} <a class="anchor" href="#${escaped(id)}" aria-label="Link to this part">#</a>`;
}

function inline(text: Prose): string {
  return text.map(span).join('');
}

function span(one: Span): string {
  const text = escaped(oneLine(one.text));
  switch (one.is) {
    case 'text':
      return text;
    case 'theirs':
      return `<bdi>${text}</bdi>`;
    case 'code':
      return `<code>${text}</code>`;
    case 'break':
      return '<br>';
    case 'strong':
      return `<strong>${text}</strong>`;
    case 'link': {
      const href = safeHref(one.href);
      return href === null ? text : `<a href="${escaped(href)}">${text}</a>`;
    }
  }
}

function bdi(text: string): string {
  return `<bdi>${escaped(oneLine(text))}</bdi>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

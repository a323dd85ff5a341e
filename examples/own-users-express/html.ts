/** Text that is HTML already; everything else is escaped on its way into a page. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | readonly Html[] | string | number;

/** A piece of a page: `html\`<p>${name}</p>\``. */
export function html(pieces: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(
    pieces.map((piece, index) => piece + (index < values.length ? render(values[index] as Value) : '')).join(''),
  );
}

/** A whole page under this title. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body><nav><a href="/settings">My tokens</a> <a href="/admin/tokens">All tokens</a></nav><h1>${title}</h1>
${content}
</body></html>
`.text;
}

function render(value: Value): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * guide: what a company tells those who call its API, written from its profile: a document of headings, steps, tables and
 * programs, and that document as HTML, as Markdown and as llms.txt. Every text of a company is escaped by who writes it out,
 * wherever it came from. Refuses to know a request, a file or an address that it was not given.
 */
export type { GuideDocument, Logo } from './document.ts';
export { type FirstCommand, firstCommandOf } from './first-command.ts';
export { guideOf } from './guide-of.ts';
export { logoOf } from './logo.ts';
export { accentsOf, type Palette, palettesOf, themeOf } from './palette.ts';
export { renderHtml } from './render-html.ts';
export { renderLlmsText } from './render-llms.ts';
export { renderMarkdown } from './render-markdown.ts';
export type { GuideOptions, KnownRejection, Offer } from './subject.ts';

/**
 * A piece of a sentence. `theirs` is text of the company's own, in whatever script and direction it is written; `break`
 * begins a new line inside a table.
 */
export type Span =
  | { readonly is: 'text' | 'theirs' | 'code' | 'strong' | 'break'; readonly text: string }
  | { readonly is: 'link'; readonly text: string; readonly href: string };

export type Prose = readonly Span[];

/** A row of a table, with the anchor that links lead to. */
export interface Row {
  readonly id?: string;
  readonly cells: readonly Prose[];
}

/** One program for reading, in one language. */
export interface Sample {
  /** As people know it: `Node.js`. */
  readonly label: string;
  /** As highlighters and Markdown know it: `js`. */
  readonly language: 'sh' | 'js' | 'python' | 'php' | 'json' | 'http';
  readonly text: string;
}

export type Block =
  | { readonly is: 'heading'; readonly id: string; readonly text: Prose }
  | { readonly is: 'paragraph' | 'note'; readonly text: Prose }
  | { readonly is: 'steps' | 'list'; readonly items: readonly Prose[] }
  | { readonly is: 'table'; readonly columns: readonly Prose[]; readonly rows: readonly Row[] }
  | { readonly is: 'code'; readonly sample: Sample }
  /** The same thing in several languages, of which one is read. */
  | { readonly is: 'choice'; readonly samples: readonly Sample[] };

export interface Section {
  readonly id: string;
  readonly title: Prose;
  readonly blocks: readonly Block[];
}

/** A picture that a page may show. */
export interface Logo {
  readonly url: string;
  /** Where it is loaded from; null for one that is part of the page. */
  readonly origin: string | null;
}

/** The guide as what it says, before it is HTML or Markdown. */
export interface GuideDocument {
  readonly company: string;
  readonly logo: Logo | null;
  readonly title: Prose;
  readonly lead: Prose;
  /** What somebody has to know who reads nothing else. */
  readonly essentials: readonly Prose[];
  readonly sections: readonly Section[];
  /** Places beside the guide: relative to where it is served, or elsewhere. */
  readonly places: readonly Place[];
}

export interface Place {
  readonly title: Prose;
  readonly href: string;
  readonly about: Prose;
}

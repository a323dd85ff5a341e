import type { Prose, Sample, Span } from './document.ts';

/**
 * A sentence: the text of the template is ours, and a string put into it is the company's own.
 * @example prose`Choose ${strong(words.createButton)} on the ${company.name} dashboard.`
 */
export function prose(texts: TemplateStringsArray, ...values: readonly (Span | Prose | string)[]): Prose {
  return texts.flatMap((text, index): Prose => {
    const value = values[index];
    const spans: Span[] = text === '' ? [] : [{ is: 'text', text }];
    if (value === undefined) return spans;
    if (typeof value === 'string') return [...spans, { is: 'theirs', text: value }];
    return 'is' in value ? [...spans, value] : [...spans, ...value];
  });
}

export function code(text: string): Span {
  return { is: 'code', text };
}

export function strong(text: string): Span {
  return { is: 'strong', text };
}

export function link(text: string, href: string): Span {
  return { is: 'link', text, href };
}

export function sample(language: Sample['language'], text: string, label = ''): Sample {
  return { language, text, label };
}

/** One below the other, in a cell of a table. */
export function stacked(spans: readonly Span[]): Prose {
  return spans.flatMap((one, index): Prose => (index === 0 ? [one] : [{ is: 'break', text: ' ' }, one]));
}

/** `a`, `a or b`, `a, b or c`. */
export function listed(items: readonly (Span | Prose)[], conjunction: 'and' | 'or'): Prose {
  return items.flatMap((item, index) => {
    const before = index === 0 ? '' : index === items.length - 1 ? ` ${conjunction} ` : ', ';
    return prose`${plain(before)}${item}`;
  });
}

/** Text of ours where a template would take it for the company's. */
export function plain(text: string): Prose {
  return text === '' ? [] : [{ is: 'text', text }];
}

export function textOf(spans: Prose): string {
  return spans.map(({ text }) => text).join('');
}

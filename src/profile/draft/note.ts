/** Something a draft assumes, for a person to check: a sentence, and what it is about where that is a list. */
export interface Note {
  readonly sentence: string;
  readonly items: readonly string[];
}

/** Notes of one draft, in the order in which their sentences first came up. */
export class Notes {
  readonly #items = new Map<string, Set<string>>();

  /** Adds `item` to what the sentence is about. */
  tell(sentence: string, item?: string): void {
    const items = this.#items.get(sentence) ?? new Set();
    if (item !== undefined) items.add(item);
    this.#items.set(sentence, items);
  }

  list(): readonly Note[] {
    return [...this.#items].map(([sentence, items]) => ({ sentence, items: [...items] }));
  }
}

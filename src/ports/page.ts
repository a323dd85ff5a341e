/** A position in a list: the sort key of the last row given, never an offset. */
export interface PagePosition {
  readonly at: number | string;
  readonly id: string;
}

export interface PageRequest {
  /** 1 to 100. */
  readonly limit: number;
  /** Rows strictly after this position; null starts at the beginning. */
  readonly after: PagePosition | null;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** null on the last page. */
  readonly next: PagePosition | null;
}

/** One line of the table: what was measured, against what, and what it should be. */
export interface Row {
  readonly work: string;
  readonly yardstick: string;
  /** In words, e.g. `≤ 5 ×`. */
  readonly target: string;
  /** What the target is about: a ratio, or bytes. */
  readonly measured: string;
  /** null where nothing was promised (peers). */
  readonly isMet: boolean | null;
  /** Absolute figures. */
  readonly figures: Readonly<Record<string, number | string>>;
}

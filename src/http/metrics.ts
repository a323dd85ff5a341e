/** Where decisions are counted. */
export interface DecisionMetrics {
  /** `outcome` is `ok` or a denial reason. */
  decided(outcome: string, milliseconds: number): void;
}

import type { TokenFormat } from './format.ts';

/** What the caller knows that the header lines do not say. */
export interface DiagnoseHints {
  /** The documentation's sample tokens. */
  readonly sampleTokens?: readonly string[];
  /** What this company calls a token: `API key`. */
  readonly tokenWord?: string;
}

/** One helpful sentence about a credential that was refused, never echoing any part of it; null when nothing is recognised. */
export function diagnose(_rawHeaders: readonly string[], _format: TokenFormat, _hints?: DiagnoseHints): string | null {
  return null;
}

/** Of one call. */
export interface CallOptions {
  /** Ends the call; it then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /** Instead of the client's own, in milliseconds. */
  readonly timeoutMs?: number;
}

/** Of a call that makes something once, however often it is sent. */
export interface RepeatableOptions extends CallOptions {
  /**
   * Any text of your own, in printable ASCII characters. Sending the same call with it again within 24 hours makes nothing a
   * second time; the answer then has `value: null`, since a value is told once. With it the call is repeated by itself.
   */
  readonly idempotencyKey?: string;
}

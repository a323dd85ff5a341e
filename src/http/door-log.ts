/**
 * What the doors report to whoever runs them. One event is one call; nothing in it is a token, a header line or a body.
 */
export interface DoorLog {
  /** A bug or an outage. The error is for the log alone: the client gets the request id. */
  fault(error: unknown, context: { readonly requestId: string; readonly operation: string | null }): void;
  /** Something an operator should look at, such as a token in a URL. */
  securityEvent(event: SecurityEvent): void;
}

export interface SecurityEvent {
  readonly event: 'token_in_url' | 'sign_in_refused';
  readonly requestId: string;
  readonly method: string;
  /** As `loggedPath` gives it. */
  readonly path: string;
  readonly ip: string | null;
  /** A sentence of ours. */
  readonly why?: string;
}

export const silentLog: DoorLog = { fault: () => {}, securityEvent: () => {} };

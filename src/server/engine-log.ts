/** What the engine reports to whoever runs it; never a token, a digest or a body. */
export interface EngineLog {
  warning(message: string, about?: Readonly<Record<string, unknown>>): void;
  fault(error: unknown, about: Readonly<Record<string, unknown>>): void;
}

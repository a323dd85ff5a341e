/** Public keys with which a service that reports leaked tokens signs what it sends. */
export interface ReporterKeys {
  /**
   * The key of this identifier as PEM; null where the service publishes none.
   * @throws {ReporterUnreachable} nobody can say at the moment.
   */
  find(identifier: string): Promise<string | null>;
}

export class ReporterUnreachable extends Error {
  override readonly name = 'ReporterUnreachable';
}

import type { Instant } from './records.ts';

/** What people were told by themselves: reminders, warnings, alerts. */
export interface NoticeWrites {
  /**
   * Takes the key of one notice, such as `expiry:<token id>:<instant>:30d`.
   * @returns true the first time only. Whoever is told so puts the mail or event into the same transaction, so that a kill
   * neither loses nor doubles it.
   */
  once(key: string, at: Instant): Promise<boolean>;
  /** How many of these keys were taken. */
  count(keys: readonly string[]): Promise<number>;
}

import { resolve } from 'node:path';
import { keysUrl } from './identity-config.ts';
import type { SettingName } from './settings.ts';

/** Where checkpoints are kept apart from the store. */
export type AuditSinkConfig = { readonly file: string } | { readonly url: URL; readonly token: string | null };

/** `problem` is told what is wrong. @returns null where checkpoints stay in the store. */
export function readAuditSink(
  given: (name: SettingName) => string | null,
  sourceOf: (name: SettingName) => 'flag' | 'variable' | 'file' | 'default',
  cwd: string,
  problem: (name: SettingName, message: string) => void,
): AuditSinkConfig | null {
  const text = given('audit-sink');
  const token = given('audit-sink-token');
  if (sourceOf('audit-sink-token') === 'flag') {
    problem('audit-sink-token', 'would be seen by everybody on this machine: set KEYHOUSE_AUDIT_SINK_TOKEN.');
  }
  const isUrl = text !== null && /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (token !== null && !isUrl) problem('audit-sink-token', 'needs an address as --audit-sink.');
  if (text === null) return null;
  if (!isUrl) return { file: resolve(cwd, text) };
  const url = keysUrl(text);
  if (url !== null) return { url, token };
  problem('audit-sink', 'is neither a path nor an https:// address. http:// will do on this machine alone.');
  return null;
}

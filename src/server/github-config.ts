import { keysUrl } from './identity-config.ts';
import type { SettingName } from './settings.ts';

/** `problem` is told what is wrong. @returns where the keys of GitHub are; null where it may not report leaks. */
export function readGithubReports(
  given: (name: SettingName) => string | null,
  problem: (name: SettingName, message: string) => void,
): URL | null {
  const url = keysUrl(given('github-reports-keys') as string);
  if (url === null) {
    problem(
      'github-reports-keys',
      'is no https:// address. http:// will do on this machine alone: whoever can change keys on their way can sign.',
    );
  }
  return given('github-reports') === 'true' ? url : null;
}

import type { Profile } from '../profile/index.ts';
import { curlCommand } from './samples.ts';
import { sampleCall } from './send-token.ts';
import { subjectOf } from './subject.ts';

/** The first thing to try with a new token, as a command that reads it from the environment. */
export interface FirstCommand {
  /** Environment variable that holds the token. */
  readonly variable: string;
  readonly command: string;
  /** The same for a token of the environment `test`, where those work at another address; null otherwise. */
  readonly testCommand: string | null;
}

/** @param apiUrl where the API answers, for a company that does not say; without trailing slash. */
export function firstCommandOf(profile: Profile, apiUrl: string): FirstCommand {
  const { apiBaseUrl, testApiBaseUrl } = profile.company;
  const { variable } = subjectOf(profile, { apiUrl });
  const commandAt = (base: string): string => {
    const call = sampleCall(subjectOf(profile, { apiUrl: base }));
    return call === null ? '' : curlCommand({ ...call, variable });
  };
  return {
    variable,
    command: commandAt(apiBaseUrl ?? apiUrl),
    testCommand: testApiBaseUrl === null ? null : commandAt(testApiBaseUrl),
  };
}

import { readErrorBody } from './error-body.ts';
import { jsonPath, type ProfileProblem } from './problem.ts';
import type { Profile } from './profile.ts';
import { ownerOfPrefix } from './scanner-prefixes.ts';
import { readSentence } from './sentence.ts';

/** What is allowed in a profile and probably not meant. */
export function profileWarnings(profile: Profile): ProfileProblem[] {
  return WARNINGS.flatMap((warn) => warn(profile));
}

type Warn = (profile: Profile) => readonly ProfileProblem[];

const WARNINGS: readonly Warn[] = [
  warnPrefix,
  warnSamples,
  warnContact,
  warnPlainHttp,
  warnLevels,
  warnGrace,
  warnDefaultTier,
  warnBody,
  warnMissing,
];

function warnPrefix({ token }: Profile): readonly ProfileProblem[] {
  const owner = ownerOfPrefix(token);
  return owner === null
    ? []
    : warning(
        ['token', 'prefix'],
        `Secret scanners take tokens that begin like this for ${owner}'s: a leaked one is reported to them, not to you.`,
      );
}

function warnSamples({ token }: Profile): readonly ProfileProblem[] {
  return token.samples.length > 0
    ? []
    : warning(
        ['token', 'samples'],
        'List the values your documents print, so that whoever pastes one is told that it is only a sample.',
      );
}

function warnContact({ company }: Profile): readonly ProfileProblem[] {
  return company.supportUrl !== null || company.supportEmail !== null
    ? []
    : warning(
        ['company', 'supportUrl'],
        'No page and no address for support: people who are stuck have nowhere to go.',
      );
}

function warnPlainHttp({ company, errors }: Profile): readonly ProfileProblem[] {
  const addresses = {
    supportUrl: company.supportUrl,
    signInUrl: company.signInUrl,
    testApiBaseUrl: company.testApiBaseUrl,
    logoUrl: company.logoUrl,
    apiBaseUrl: company.apiBaseUrl,
  };
  const places = Object.entries(addresses).map(([key, url]) => ({ path: ['company', key], url }));
  places.push({ path: ['errors', 'docsUrl'], url: errors.docsUrl });
  return places.flatMap(({ path, url }) =>
    url?.startsWith('http:') && !['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
      ? warning(path, 'This is plain http: tokens and people following it can be overheard. Use https.')
      : [],
  );
}

function warnLevels({ levels, grants, catalogue }: Profile): readonly ProfileProblem[] {
  const top = levels.at(-1);
  if (top === undefined) return [];
  const unused = grants.includes('level')
    ? []
    : warning(['levels'], 'No token can ask for a level, because "grants" does not have "level".');
  if (catalogue === 'open') return unused;
  const beyond = catalogue.filter(({ permission }) => {
    const wildcard = permission.replace(/:.*/, ':*');
    return !top.permissions.includes(permission) && !top.permissions.includes(wildcard);
  });
  if (beyond.length === 0) return unused;
  const named = beyond.map((entry) => entry.permission).join(', ');
  return [...unused, ...warning(['levels', levels.length - 1], `Even this level does not reach ${named}.`)];
}

function warnGrace({ rotation, onePerOwner }: Profile): readonly ProfileProblem[] {
  return rotation.gracePeriod !== '0s' || onePerOwner
    ? []
    : warning(
        ['rotation', 'gracePeriod'],
        'Rotating ends the old token at once: clients stop until they have the new one.',
      );
}

function warnDefaultTier({ limits }: Profile): readonly ProfileProblem[] {
  return limits.tiers[limits.defaultTier]?.windows !== 'unlimited'
    ? []
    : warning(['limits', 'defaultTier'], 'A token that nobody thought about can send any number of requests.');
}

function warnBody({ errors }: Profile): readonly ProfileProblem[] {
  const { words } = readErrorBody(errors.body);
  return words.has('message') || words.has('code') || words.has('title')
    ? []
    : warning(['errors', 'body'], 'No code, title or message in it: clients get the same body for every reason.');
}

function warnMissing({ errors }: Profile): readonly ProfileProblem[] {
  const { body, denials } = errors;
  const isNamed =
    readErrorBody(body).words.has('missing') ||
    readSentence(denials.insufficient_permissions.message).words.includes('missing');
  return isNamed
    ? []
    : warning(
        ['errors', 'denials', 'insufficient_permissions', 'message'],
        'Neither this sentence nor the body names the permission that is missing ({missing}); only a header line does.',
      );
}

function warning(steps: readonly (string | number)[], message: string): readonly ProfileProblem[] {
  return [{ path: jsonPath(steps), message }];
}

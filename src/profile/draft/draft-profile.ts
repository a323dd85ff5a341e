import { parseDuration } from '../../policy/index.ts';
import type { Environment } from '../../token/index.ts';
import { knowsPermission } from '../catalogue.ts';
import type { Profile, Words } from '../profile.ts';
import { ownerOfPrefix } from '../scanner-prefixes.ts';
import { fileFor } from './differences.ts';
import type { ApiDraft } from './draft-api.ts';
import { levelsOver } from './draft-levels.ts';
import type { JsonObject } from './json-value.ts';
import { nameFrom } from './name-book.ts';
import { type Note, Notes } from './note.ts';
import { suggestPrefixes } from './suggest.ts';

/** What a new company is asked. Values are as a profile has them, and unchecked. */
export interface Answers {
  /** What customers know it by. */
  readonly company: string;
  readonly name: string;
  readonly supportUrl: string | null;
  readonly supportEmail: string | null;
  readonly signInUrl: string | null;
  readonly apiBaseUrl: string | null;
  readonly environments: readonly Environment[];
  readonly prefix: string;
  readonly grants: Profile['grants'];
  /** Duration; null where tokens do not expire. */
  readonly lifetime: string | null;
  readonly onePerOwner: boolean;
  readonly selfService: boolean;
  /** Inside a sentence: `API key`. */
  readonly tokenWord: string;
  readonly tokensPath: string;
}

export interface DraftedProfile {
  /** What the file holds: `name`, `extends` and what differs from the preset. */
  readonly file: JsonObject;
  readonly notes: readonly Note[];
}

/** Drafts a profile that extends a preset. What belongs to the preset's own company is not taken over. */
export function draftProfile(
  { name: presetName, preset }: { readonly name: string; readonly preset: Profile },
  answers: Answers,
  api: ApiDraft | null,
): DraftedProfile {
  const notes = new Notes();
  const wanted = wantedProfile(preset, answers, api, notes);
  return { file: fileFor(wanted, presetName, preset), notes: notes.list() };
}

function wantedProfile(preset: Profile, answers: Answers, api: ApiDraft | null, notes: Notes): Profile {
  const { name, company, grants, onePerOwner, selfService } = answers;
  if (ownerOfPrefix(answers) !== null) {
    const free = suggestPrefixes(name, answers.environments).join(', ');
    notes.tell(`The prefix is somebody else's (see the warning). Nobody else's tokens begin with ${free}.`);
  }
  for (const key of ['supportUrl', 'supportEmail', 'apiBaseUrl'] as const) {
    const value = answers[key];
    if (value !== null && value === api?.[key]) notes.tell('Taken from the document.', `company.${key}: ${value}`);
  }
  return {
    ...preset,
    ...permissionSections(preset, answers, api, notes),
    name,
    company: {
      ...preset.company,
      name: company,
      slug: name,
      supportUrl: answers.supportUrl,
      supportEmail: answers.supportEmail,
      signInUrl: answers.signInUrl,
      logoUrl: null,
      apiBaseUrl: answers.apiBaseUrl,
      testApiBaseUrl: null,
    },
    token: {
      ...preset.token,
      prefix: answers.prefix,
      environments: answers.environments,
      samples: preset.token.samples.filter((sample) => !sample.startsWith(`${preset.token.prefix}_`)),
    },
    grants,
    defaultGrant: grants.length === 1 && grants[0] === 'inherit' ? 'inherit' : null,
    expiry: expiryOf(preset, answers, notes),
    onePerOwner,
    selfService,
    rotation: { gracePeriod: graceOf(preset, answers, notes) },
    limits: limitsOf(preset, api),
    paths: { tokens: answers.tokensPath },
    errors: { ...preset.errors, docsUrl: null, realm: realmOf(company, name) },
    words: wordsOf(preset.words, answers.tokenWord, notes),
    guide: { sampleRequest: api?.sampleRequest ?? null },
    cors: { origins: preset.cors.origins === '*' ? '*' : [] },
  };
}

type PermissionSections = Pick<Profile, 'catalogue' | 'routes' | 'levels' | 'templates'>;

/** The catalogue, and what is made of its permissions. */
function permissionSections(
  preset: Profile,
  { grants }: Answers,
  api: ApiDraft | null,
  notes: Notes,
): PermissionSections {
  const asksLevels = grants.includes('level');
  if (api === null) {
    notes.tell(
      preset.catalogue === 'open'
        ? 'Any well-formed permission can be granted. List yours in "catalogue" to have every other one refused.'
        : 'The permissions are those of the preset. Write your own into "catalogue".',
    );
    const { catalogue, routes, templates } = preset;
    return { catalogue, routes, templates, levels: asksLevels ? preset.levels : [] };
  }
  if (asksLevels) notes.tell('The levels are made of the permissions by their actions.');
  const own: Profile = { ...preset, catalogue: api.catalogue };
  return {
    catalogue: api.catalogue,
    // The file leaves out what every rule has unless it says otherwise; so does this, whatever its type says.
    routes: api.routes as Profile['routes'],
    levels: asksLevels ? levelsOver(api.catalogue) : [],
    templates: preset.templates.filter(({ permissions }) => permissions.every((entry) => knowsPermission(own, entry))),
  };
}

function expiryOf(preset: Profile, { lifetime }: Answers, notes: Notes): Profile['expiry'] {
  const { lifetimeMax } = preset.expiry;
  if (lifetimeMax === null || lifetime === null) return { lifetime, lifetimeMax: null };
  const isWithin = (parseDuration(lifetime) ?? 0) <= (parseDuration(lifetimeMax) ?? 0);
  if (!isWithin)
    notes.tell(`Nobody can ask for a longer life than ${lifetime}: the preset has a longest one, which grew to it.`);
  return { lifetime, lifetimeMax: isWithin ? lifetimeMax : lifetime };
}

/** One token per owner leaves no room for a grace; a preset that had none for this reason gets one back. */
function graceOf(preset: Profile, { onePerOwner }: Answers, notes: Notes): string {
  if (onePerOwner) return '0s';
  if (!preset.onePerOwner) return preset.rotation.gracePeriod;
  notes.tell('A rotated token works for 7 more days.');
  return '7d';
}

function limitsOf({ limits }: Profile, api: ApiDraft | null): Profile['limits'] {
  if (api?.tiers == null) return limits;
  const names = Object.keys(api.tiers);
  const { defaultTier } = limits;
  return { tiers: api.tiers, defaultTier: names.includes(defaultTier) ? defaultTier : (names[0] ?? defaultTier) };
}

/** RFC 6750 `realm`: printable ASCII without quotes. */
function realmOf(company: string, name: string): string {
  return `${/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,90}$/.test(company) ? company : name} API`;
}

function wordsOf(words: Words, token: string, notes: Notes): Words {
  if (token === words.token) return words;
  const tokens = pluralOf(token);
  const title = tokens.replace(/(?:^|\s)\S/g, (start) => start.toUpperCase());
  notes.tell(`Several of them are called "${tokens}".`);
  return {
    ...words,
    token,
    tokens,
    menuPaths: [['Settings', title]],
    createButton: `Create ${token}`,
    saveButton: `Create ${token}`,
  };
}

function pluralOf(word: string): string {
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/i.test(word) ? `${word}es` : `${word}s`;
}

/** Where tokens of this word live: `/v1/api-keys` instead of `/v1/tokens`, and whatever ends in "token" where they are. */
export function tokensPathFor(preset: Profile, tokenWord: string): string {
  const own = nameFrom(pluralOf(tokenWord));
  if (/token$/i.test(tokenWord) || tokenWord === preset.words.token || own === '') return preset.paths.tokens;
  return preset.paths.tokens.replace(/[^/]+$/, own);
}

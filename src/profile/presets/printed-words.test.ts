/**
 * What the presets take from the documents of their companies. Prevents that a sentence passes for a company's own that
 * its document does not have. Where the documents do not lie beside the checkout, that comparison is skipped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readShape } from '../../token/index.ts';
import { cataloguePermissions, knowsPermission, type Profile, parseProfile } from '../index.ts';
import { collections, coolset, deployerp, hosting, installer } from './index.ts';

const DOCUMENTS = new URL('../../../../shared/seeds/', import.meta.url);

/** The document's text with the line breaks and marks of its formatting taken out; null where it is not there. */
function textOf(number: string): string | null {
  const file = existsSync(DOCUMENTS) ? readdirSync(DOCUMENTS).find((name) => name.startsWith(number)) : undefined;
  return file === undefined ? null : readFileSync(new URL(file, DOCUMENTS), 'utf8').replaceAll(/\*\*|\s+/g, ' ');
}

interface Printed {
  readonly profile: Profile;
  /** Interface words, paths and samples that the document prints. */
  readonly words: readonly string[];
  /** Reasons whose sentence is the document's. */
  readonly denials: readonly string[];
  readonly contentType: string;
}

const levelsAndPermissions = ({ catalogue, levels }: Profile) => [
  ...levels.map(({ description }) => description),
  ...(catalogue === 'open' ? [] : catalogue).map(({ permission, description }) => `${permission} — ${description}`),
];

const PRINTED: Readonly<Record<string, Printed>> = {
  '000': {
    profile: installer,
    words: [
      installer.company.name,
      ...(installer.words.menuPaths[0] ?? []),
      installer.words.createButton,
      installer.words.token,
      installer.words.tokens,
      String(installer.company.signInUrl).replace('http://', ''),
      `${installer.company.apiBaseUrl}${installer.guide.sampleRequest?.path}`,
      ...installer.token.samples,
    ],
    denials: [
      'authentication_required',
      'invalid_request',
      'invalid_token',
      'token_expired',
      'insufficient_permissions',
    ],
    contentType: 'application/json',
  },
  '001': {
    profile: deployerp,
    words: [],
    denials: ['authentication_required'],
    contentType: 'application/json',
  },
  '002': {
    profile: hosting,
    words: [
      ...levelsAndPermissions(hosting),
      ...hosting.words.menuPaths.map((path) => path.join(' > ')),
      hosting.words.createButton,
      hosting.words.saveButton,
      hosting.words.revokeButton,
      hosting.words.token,
      hosting.words.tokens,
      `.com${hosting.guide.sampleRequest?.path}`,
      ...hosting.token.samples,
      'WordPress Plugin',
      'Billing Integration',
    ],
    denials: [],
    contentType: 'application/problem+json',
  },
  '003': {
    profile: collections,
    words: [
      'navigate to People and open the user record',
      collections.words.createButton,
      collections.words.token,
      collections.words.tokens,
      `${collections.company.apiBaseUrl}${collections.guide.sampleRequest?.path}`,
      `${collections.guide.sampleRequest?.upload?.field}=@${collections.guide.sampleRequest?.upload?.fileName}`,
      ...collections.token.samples,
    ],
    denials: [
      'authentication_required',
      'invalid_request',
      'invalid_token',
      'token_expired',
      'insufficient_permissions',
    ],
    contentType: 'application/json',
  },
  '004': {
    profile: coolset,
    words: [
      ...coolset.levels.map(({ description }) => description),
      coolset.company.name,
      ...coolset.words.menuPaths.map((path) => path.join(' → ')),
      coolset.words.createButton,
      coolset.words.revokeButton,
      coolset.words.token,
      coolset.words.tokens,
      `${coolset.company.apiBaseUrl}/api/accounts/user-config/`,
      String(coolset.guide.sampleRequest?.path),
      ...coolset.token.samples,
    ],
    denials: [
      'authentication_required',
      'invalid_request',
      'invalid_token',
      'token_expired',
      'insufficient_permissions',
    ],
    contentType: 'application/json',
  },
};

describe.each(Object.entries(PRINTED))(
  'the preset of document %s',
  (number, { profile, words, denials, contentType }) => {
    const document = textOf(number);
    const marked = Object.entries(profile.errors.denials).filter(([, { source }]) => source === 'document');

    it('is a valid profile', () => {
      expect(parseProfile(profile)).toEqual({ ok: true, profile });
    });

    it('marks these denials as the document’s, and no other', () => {
      expect(marked.map(([reason]) => reason)).toEqual(denials);
      expect(profile.errors.contentType).toBe(contentType);
    });

    it.skipIf(document === null)('says what the document says, in its words (skipped where it is absent)', () => {
      for (const word of [...words, ...marked.map(([, { message }]) => message)]) expect(document).toContain(word);
    });

    it('knows the samples of the document as nothing but samples', () => {
      expect(profile.token.samples.length).toBeGreaterThan(0);
      for (const sample of profile.token.samples) expect(readShape(sample, profile.token).is).not.toBe('ours');
    });

    it('gives none of Keyhouse’s own permissions', () => {
      expect(cataloguePermissions(profile)?.length).toBeGreaterThan(1);
      expect(knowsPermission(profile, 'keyhouse-tokens:write')).toBe(false);
    });
  },
);

describe('what the documents promise of tokens', () => {
  it('hosting has eight permissions to choose from, and lives without an end unless asked', () => {
    expect(cataloguePermissions(hosting)).toHaveLength(8);
    expect(hosting).toMatchObject({ grants: ['permissions'], defaultGrant: null, expiry: { lifetime: null } });
  });

  it('a token of installer does what its user may do', () => {
    expect(installer).toMatchObject({ grants: ['inherit'], defaultGrant: 'inherit', selfService: true });
  });

  it('collections gives one token for one year, and only those who manage tokens make it', () => {
    expect(collections).toMatchObject({
      grants: ['inherit'],
      onePerOwner: true,
      selfService: false,
      expiry: { lifetime: '365d', lifetimeMax: '365d' },
      rotation: { gracePeriod: '0s' },
    });
  });

  it('coolset gives levels to tokens without an end, in two environments, to pages of any origin', () => {
    expect(coolset).toMatchObject({ grants: ['level'], expiry: { lifetime: null, lifetimeMax: null } });
    expect(coolset.levels.map(({ level }) => level)).toEqual(['read', 'write', 'admin']);
    expect(coolset.token).toMatchObject({ prefix: 'sk', environments: ['live', 'test'] });
    expect(coolset.cors.origins).toBe('*');
  });
});

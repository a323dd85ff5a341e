/**
 * Profiles drafted from the examples' own OpenAPI descriptions. Prevents drafts that look right and name other permissions
 * than the people who wrote the profile and the API by hand, or let a request through that those would refuse.
 */
import express from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import { API_DESCRIPTION as ofCollections } from '../../examples/collections/api-description.ts';
import { API_DESCRIPTION as ofCoolset } from '../../examples/coolset/api-description.ts';
import { API_DESCRIPTION as ofDeployerp } from '../../examples/deployerp/api-description.ts';
import { describeHosting } from '../../examples/hosting/api-description.ts';
import { API_DESCRIPTION as ofInstaller } from '../../examples/installer/api-description.ts';
import { protect } from '../../src/http/middleware/express.ts';
import { type ApiDraft, draftApi, draftProfile } from '../../src/profile/draft/index.ts';
import {
  cataloguePermissions,
  collections,
  coolset,
  deployerp,
  hosting,
  installer,
  keyhouse,
  type Profile,
  parseProfile,
} from '../../src/profile/index.ts';
import { openCompany } from '../requirements/company.ts';

const EXAMPLES: readonly { readonly preset: Profile; readonly description: Readonly<Record<string, unknown>> }[] = [
  { preset: installer, description: ofInstaller },
  { preset: deployerp, description: ofDeployerp },
  { preset: hosting, description: describeHosting(hosting) },
  { preset: collections, description: ofCollections },
  { preset: coolset, description: ofCoolset },
];

function draftOf(description: Readonly<Record<string, unknown>>): ApiDraft {
  const read = draftApi(JSON.parse(JSON.stringify(description)));
  if (!read.ok) throw new Error(read.message);
  return read.api;
}

/** A company of its own with the permissions and rules of the draft. */
function profileOf(api: ApiDraft): Profile {
  const answers = {
    company: 'Example',
    name: 'example',
    supportUrl: null,
    supportEmail: null,
    signInUrl: null,
    apiBaseUrl: null,
    environments: ['live'],
    prefix: 'example',
    grants: ['permissions'],
    lifetime: null,
    onePerOwner: false,
    selfService: true,
    tokenWord: 'token',
    tokensPath: '/v1/tokens',
  } as const;
  const parsed = parseProfile(draftProfile({ name: 'keyhouse', preset: keyhouse }, answers, api).file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.profile;
}

describe.each(EXAMPLES)('a profile drafted from the description of $preset.name', ({ preset, description }) => {
  it('has the permissions of the one that was written by hand, and no other', () => {
    const drafted = draftOf(description).catalogue.map(({ permission }) => permission);
    expect(drafted.toSorted()).toEqual(cataloguePermissions(preset)?.toSorted());
  });

  it('lists each operation under the permission that it has there, where that one spells operations as the API does', () => {
    const operations = (catalogue: Profile['catalogue']) =>
      catalogue === 'open'
        ? []
        : catalogue.flatMap((entry) => entry.operations.map((line) => `${entry.permission} ${line}`));
    const byHand = operations(preset.catalogue);
    // Document 001 prints its operations without the version and the id.
    const spelled = (line: string) => (preset === deployerp ? line.replace('/v1', '').replace('/{id}', '') : line);
    const drafted = new Set(operations(draftOf(description).catalogue).map(spelled));
    // The description leaves out the second way to what it shows already.
    const only = byHand.filter((line) => !drafted.has(line));
    expect(only).toEqual(preset === coolset ? ['workspaces:read GET /accounts/workspaces/'] : []);
    expect([...drafted].filter((line) => !byHand.includes(line))).toEqual([]);
  });

  it('refuses each operation without its permission and lets it through with that alone', {
    timeout: 60_000,
  }, async () => {
    const draft = draftOf(description);
    const profile = profileOf(draft);
    const permissions = draft.catalogue.map(({ permission }) => permission);
    const company = await openCompany(profile, (doors) => {
      const api = express();
      api.use(protect(doors, { byRoute: true }));
      api.use((_request, response) => void response.json({ reached: true }));
      return { api, permissions, close: () => {} };
    });
    onTestFinished(() => company.close());
    for (const needed of permissions) {
      const holder = await company.makeKey({ permissions: [needed], tier: 'unlimited' });
      const other = await company.makeKey({
        permissions: permissions.filter((one) => one !== needed),
        tier: 'unlimited',
      });
      for (const rule of draft.routes.filter((one) => one.permissions.includes(needed))) {
        for (const method of rule.methods) {
          const path = rule.path.replaceAll(/\{\w+\}/g, '7');
          expect((await company.ask(method, path, null)).status, `${method} ${path}`).toBe(401);
          const refused = await company.ask(method, path, other.value);
          expect([refused.status, refused.json.missing], `${method} ${path}`).toEqual([403, [needed]]);
          expect((await company.ask(method, path, holder.value)).json, `${method} ${path}`).toEqual({ reached: true });
        }
      }
    }
    const { value } = await company.makeKey({ permissions });
    expect((await company.ask('GET', '/nowhere', value)).json.code).toBe('no_matching_rule');
  });
});

import { describe, expect, it } from 'vitest';
import { generateToken, systemRandom } from '../token/index.ts';
import { checkProfile, deployerp, keyhouse, presets } from './index.ts';

function check(sections: Record<string, unknown>, base: Record<string, unknown> = { extends: 'deployerp', name: 'x' }) {
  return checkProfile(JSON.stringify({ ...base, ...sections }));
}

function warningPaths(sections: Record<string, unknown>): readonly string[] {
  const { problems, warnings } = check(sections);
  expect(problems).toEqual([]);
  return warnings.map((warning) => warning.path);
}

describe('checking a profile file', () => {
  it.each(Object.entries(presets))('finds nothing wrong with %s', (_name, preset) => {
    expect(checkProfile(JSON.stringify(preset))).toMatchObject({ profile: preset, problems: [] });
  });

  it('shows where the text stops being JSON', () => {
    const { profile, problems } = checkProfile('{"name": "x",\n  "company": }');
    expect(profile).toBeNull();
    expect(problems).toEqual([{ path: '$', message: expect.stringContaining('"company": }') }]);
  });

  it('names a byte order mark instead of an unexpected character', () => {
    expect(checkProfile('\uFEFF{}').problems[0]?.message).toContain('byte order mark');
  });

  it('row 54: finds keys that stand twice, which a parser would silently drop', () => {
    const text = `{"extends": "keyhouse", "name": "a", "n\\u0061me": "b", "limits": {"tiers": {"one": {"label": "x",
      "windows": [{"name": "h", "limit": 1, "limit": 2, "seconds": 60}]}, "one": {"label": "]},{", "windows": "unlimited"}},
      "defaultTier": "one"}, "levels": [], "company": {"name": "name"}}`;
    expect(checkProfile(text).problems).toEqual(
      ['$.name', '$.limits.tiers.one.windows[0].limit', '$.limits.tiers.one'].map((path) => ({
        path,
        message: 'This key stands here twice; keep one.',
      })),
    );
  });

  it('gives problems of both kinds at once, and no warnings beside them', () => {
    const checked = checkProfile('{"extends": "keyhouse", "name": "a", "name": "B"}');
    expect(checked.problems.map((problem) => problem.path)).toEqual(['$.name', '$.name']);
    expect(checked.warnings).toEqual([]);
  });

  it('refuses a sample that could be a real token', () => {
    const token = generateToken(deployerp.token, 'token', 'live', systemRandom);
    const { problems } = check({ token: { samples: ['dep_live_x', token] } });
    expect(problems).toEqual([{ path: '$.token.samples[1]', message: expect.stringContaining('correct checksum') }]);
    expect(JSON.stringify(problems)).not.toContain(token);
  });
});

describe('warnings', () => {
  const contact = { company: { supportEmail: 'help@example.com' } };

  it('are none for a profile with nothing odd', () => {
    expect(warningPaths(contact)).toEqual([]);
  });

  it('name who is told of a leak when the prefix is somebody else’s', () => {
    for (const [prefix, owner] of Object.entries({
      sk: 'Stripe',
      rk: 'Stripe',
      ghp: 'GitHub',
      github: 'GitHub',
      glpat: 'GitLab',
      xoxb: 'Slack',
      akia: 'Amazon Web Services',
      npm: 'npm',
      hvs: 'HashiCorp Vault',
    })) {
      const { warnings } = check({ ...contact, token: { prefix } });
      expect(warnings, prefix).toEqual([{ path: '$.token.prefix', message: expect.stringContaining(owner) }]);
    }
    for (const prefix of ['kh', 'dep', 'acme', 'skate', 'ghost']) {
      expect(warningPaths({ ...contact, token: { prefix } })).toEqual([]);
    }
  });

  it('name what is missing for people who are stuck', () => {
    expect(warningPaths({})).toEqual(['$.company.supportUrl']);
    expect(warningPaths({ ...contact, token: { samples: [] } })).toEqual(['$.token.samples']);
  });

  it('name plain http, except on this machine', () => {
    const company = { ...contact.company, supportUrl: 'http://help.example.com', apiBaseUrl: 'http://localhost:8000' };
    expect(warningPaths({ company, errors: { docsUrl: 'http://docs.example.com' } })).toEqual([
      '$.company.supportUrl',
      '$.errors.docsUrl',
    ]);
    const signIn = (signInUrl: string) => warningPaths({ company: { ...contact.company, signInUrl } });
    expect(signIn('http://portal.example.com')).toEqual(['$.company.signInUrl']);
    for (const url of [
      'http://localhost:4300',
      'http://127.0.0.1:4300',
      'http://[::1]:4300',
      'https://portal.example.com',
    ]) {
      expect(signIn(url)).toEqual([]);
    }
  });

  it('name levels that nobody can ask for and permissions that no level reaches', () => {
    const levels = [{ level: 'read', description: 'x', permissions: ['servers:read', 'instances:*', 'teams:*'] }];
    const { warnings } = check({ ...contact, levels });
    expect(warnings.map((warning) => warning.path)).toEqual(['$.levels', '$.levels[0]']);
    expect(warnings[1]?.message).toContain('servers:write, servers:delete, backups:read, backups:write, billing:read.');
  });

  it('name a rotation without grace and a default without limit', () => {
    expect(warningPaths({ ...contact, rotation: { gracePeriod: '0s' } })).toEqual(['$.rotation.gracePeriod']);
    expect(warningPaths({ ...contact, limits: { defaultTier: 'unlimited' } })).toEqual(['$.limits.defaultTier']);
  });

  it('name bodies from which nobody learns anything', () => {
    const errors = {
      body: { ok: false },
      denials: { insufficient_permissions: { message: 'You do not have permission to perform this action.' } },
    };
    expect(warningPaths({ ...contact, errors })).toEqual([
      '$.errors.body',
      '$.errors.denials.insufficient_permissions.message',
    ]);
  });

  it('leave the neutral profile with its two blanks only', () => {
    const { warnings } = checkProfile(JSON.stringify(keyhouse));
    expect(warnings.map((warning) => warning.path)).toEqual(['$.token.samples', '$.company.supportUrl']);
  });
});

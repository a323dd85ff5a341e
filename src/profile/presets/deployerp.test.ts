import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compilePermissions, covers } from '../../policy/index.ts';
import { readShape } from '../../token/index.ts';
import { cataloguePermissions, deployerp, knowsPermission, parseProfile, windowsOf } from '../index.ts';

const DOCUMENT = new URL('../../../../shared/seeds/001_df0ad34c289abe8c.txt', import.meta.url);
const document = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : null;

describe('the deployerp profile', () => {
  it('is a valid profile', () => {
    expect(parseProfile(deployerp)).toEqual({ ok: true, profile: deployerp });
  });

  it('D3: has exactly 11 permissions with their operations', () => {
    expect(deployerp.catalogue).not.toBe('open');
    const rows = deployerp.catalogue === 'open' ? [] : deployerp.catalogue;
    expect(rows.map((row) => [row.permission, ...row.operations].join(' | '))).toEqual([
      'servers:read | GET /servers',
      'servers:write | POST /servers | PATCH /servers',
      'servers:delete | DELETE /servers',
      'instances:read | GET /instances',
      'instances:write | POST /instances | PATCH /instances',
      'instances:delete | DELETE /instances',
      'backups:read | GET /backups',
      'backups:write | POST /backups',
      'teams:read | GET /teams',
      'teams:write | POST /teams | PATCH /teams',
      'billing:read | GET /invoices',
    ]);
  });

  it.skipIf(document === null)('D3: prints the table of the document (skipped where the document is absent)', () => {
    const rows = deployerp.catalogue === 'open' ? [] : deployerp.catalogue;
    const printed = rows.map(({ permission, description, operations }) => {
      const [path] = operations.map((operation) => operation.split(' ')[1]);
      return `${permission}${description} ${operations.map((operation) => operation.split(' ')[0]).join(', ')} ${path}`;
    });
    expect(document).toContain(` ${printed.join(' ')}\n`);
  });

  it.skipIf(document === null)('carries the interface words of the document (skipped where it is absent)', () => {
    const words = [
      deployerp.company.name,
      deployerp.company.apiBaseUrl,
      ...(deployerp.words.menuPaths[0] ?? []),
      deployerp.words.menuPaths[0]?.join(' → '),
      deployerp.words.createButton,
      deployerp.words.saveButton,
      deployerp.words.tokens,
      deployerp.errors.denials.authentication_required.message,
      `${deployerp.paths.tokens}/{key_id}/rotate`,
      ...Object.values(deployerp.fieldNames),
      ...Object.keys(deployerp.fieldAliases),
      ...deployerp.token.samples,
      ...deployerp.templates.map((template) => template.name),
      ...Object.values(deployerp.limits.tiers).flatMap((tier) => [tier.label, tier.useCase]),
    ];
    for (const word of words) expect(document).toContain(word);
  });

  it('D2: has tokens dep_live_ and dep_test_, and ids key_', () => {
    expect(deployerp.token).toMatchObject({ prefix: 'dep', environments: ['live', 'test'], idPrefix: 'key' });
  });

  it('knows the samples of the document as nothing but samples', () => {
    for (const sample of deployerp.token.samples) expect(readShape(sample, deployerp.token).is).not.toBe('ours');
  });

  it('D4: takes a wildcard for a resource of the catalogue and no other', () => {
    expect(knowsPermission(deployerp, 'instances:*')).toBe(true);
    expect(knowsPermission(deployerp, 'instance:*')).toBe(false);
    expect(knowsPermission(deployerp, 'servers:reboot')).toBe(false);
    expect(knowsPermission(deployerp, 'keyhouse-tokens:write')).toBe(false);
  });

  it('D5: offers the read-only key as printed, a deployment key and an admin key', () => {
    expect(deployerp.templates.map(({ name, source }) => [name, source])).toEqual([
      ['Read-Only Key', 'document'],
      ['Deployment Key', 'ours'],
      ['Admin Key', 'ours'],
    ]);
    expect(deployerp.templates[0]).toMatchObject({
      tokenName: 'monitoring-key',
      permissions: ['servers:read', 'instances:read', 'backups:read'],
    });
  });

  it('D5: the deployment key deletes nothing and sees no invoices; the admin key reaches the whole catalogue', () => {
    const [, deployment, admin] = deployerp.templates.map((template) => compilePermissions(template.permissions));
    const all = cataloguePermissions(deployerp) ?? [];
    const may = (set: typeof admin) => all.filter((permission) => set !== undefined && covers(set, permission));
    expect(may(deployment).filter((permission) => /delete|teams|billing/.test(permission))).toEqual([]);
    expect(may(admin)).toEqual(all);
  });

  it('D8: has the four tiers', () => {
    const windows = (tier: string) => {
      const found = windowsOf(deployerp, { by: 'tier', tier });
      return found === 'unlimited' ? found : found.map(({ limit, seconds }) => [limit, seconds]);
    };
    expect(Object.keys(deployerp.limits.tiers)).toEqual(['standard', 'high-volume', 'limited', 'unlimited']);
    expect(windows('standard')).toEqual([
      [1_000, 3_600],
      [100, 60],
    ]);
    expect(windows('high-volume')).toEqual([
      [10_000, 3_600],
      [1_000, 60],
    ]);
    expect(windows('limited')).toEqual([
      [100, 3_600],
      [10, 60],
    ]);
    expect(windows('unlimited')).toBe('unlimited');
  });

  it('D6, D7, D10: has the field names of the document, and a grace period of seven days', () => {
    expect(deployerp.fieldNames).toEqual({ ip_allowlist: 'ip_whitelist' });
    expect(deployerp.fieldAliases).toEqual({ rotation_enabled: 'auto_rotate' });
    expect(deployerp.rotation.gracePeriod).toBe('7d');
  });

  it('marks the one denial the document prints, and no other', () => {
    const printed = Object.entries(deployerp.errors.denials).filter(([, row]) => row.source === 'document');
    expect(printed.map(([reason]) => reason)).toEqual(['authentication_required']);
  });
});

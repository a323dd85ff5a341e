import { describe, expect, it } from 'vitest';
import { installer, keyhouse, presets } from '../profile/index.ts';
import { createLink } from './create-link.ts';
import type { Denial } from './decision.ts';
import { type RefusalContext, renderRefusal } from './refusal.ts';

const DASHBOARD = 'https://keys.example.com';
const FACTS = { id: 'tok_4n2', environment: 'live' } as const;
const VALUE = 'kh_live_00000000000000000000000000000000';
const CONTEXT: RefusalContext = {
  rawHeaders: ['Authorization', `Bearer ${VALUE}`],
  headerNames: [],
  environments: ['live'],
  needed: ['servers:write'],
  requestId: 'req_1',
  facts: FACTS,
  dashboardUrl: DASHBOARD,
};
const MISSING: Denial = {
  reason: 'insufficient_permissions',
  cause: 'permission_missing',
  missing: ['servers:write', 'backups:*'],
};
const LINK = `${DASHBOARD}/tokens/new?permissions=servers:write,backups:*&environment=live&like=tok_4n2`;

describe('the link of a refusal for want of a permission', () => {
  it.each(Object.values(presets).map((profile) => [profile.name, profile] as const))(
    'is in a header in %s, and holds nothing that the refusal does not say',
    (_name, profile) => {
      const { headers, body } = renderRefusal(profile, MISSING, CONTEXT);
      expect(headers.Link).toBe(`<${LINK}>; rel="help"`);
      expect(JSON.stringify([headers, body])).not.toContain(VALUE);
    },
  );

  it('is in the body where the profile has room for it', () => {
    expect(renderRefusal(keyhouse, MISSING, CONTEXT).body).toMatchObject({ create_url: LINK });
    expect(renderRefusal(installer, MISSING, CONTEXT).body).not.toHaveProperty('create_url');
  });

  it('is left out where nobody knows the dashboard, and of every other refusal', () => {
    const unknown = renderRefusal(keyhouse, MISSING, { ...CONTEXT, dashboardUrl: null });
    const expired = renderRefusal(keyhouse, { reason: 'token_expired', cause: 'expired' }, CONTEXT);
    for (const { headers, body } of [unknown, expired]) {
      expect(headers).not.toHaveProperty('Link');
      expect(body).not.toHaveProperty('create_url');
    }
  });

  it('stays short enough for a header line, and holds no character that would end it', () => {
    const many = Array.from({ length: 200 }, (_, index) => `resource-${index}:write`);
    expect(createLink(DASHBOARD, many, FACTS)).toBe(`${DASHBOARD}/tokens/new?environment=live&like=tok_4n2`);
    expect(createLink(DASHBOARD, ['a>b\r\n"'], null)).toBe(`${DASHBOARD}/tokens/new?permissions=a%3Eb%0D%0A%22`);
  });
});

import { describe, expect, it } from 'vitest';
import { openHouse } from '../../test/http/house.ts';
import type { Decision, TokenFacts } from '../authenticate/index.ts';
import { claimsIdentity, IDENTITY_HEADERS, identityHeaders } from './identity-headers.ts';

describe('identity headers', () => {
  it('name token, owner, workspace, permissions, environment and request, in characters every proxy passes on', async () => {
    const house = await openHouse();
    const { id, value } = await house.mint({ permissions: ['servers:read', 'instances:*'] });
    const facts = (await house.engine.authenticator.find(value)) as TokenFacts;
    const allowed: Decision = { allowed: true, facts, limit: null };
    expect(identityHeaders(house.parts.engine, allowed, 'req_1')).toEqual({
      'Keyhouse-Token': id,
      'Keyhouse-Owner': 'user-42',
      'Keyhouse-Workspace': 'org-7',
      'Keyhouse-Permissions': 'instances:*,servers:read',
      'Keyhouse-Environment': 'live',
      'Keyhouse-Request': 'req_1',
    });
    const { owner } = facts.membership;
    const odd = {
      ...facts,
      membership: { ...facts.membership, owner: { ...owner, externalId: "Zoë\r\n{x}'%\ud800" } },
    };
    expect(identityHeaders(house.parts.engine, { ...allowed, facts: odd }, 'req_1')['Keyhouse-Owner']).toBe(
      'Zo%C3%AB%0D%0A%7Bx%7D%27%25%EF%BF%BD',
    );
    await house.close();
  });

  it('are all there, and empty but for the request, where nobody is known', async () => {
    const house = await openHouse();
    const { value } = await house.mint();
    const facts = (await house.engine.authenticator.find(value)) as TokenFacts;
    const refused: Decision = {
      allowed: false,
      denial: { reason: 'ip_restricted', cause: 'address_not_allowed' },
      facts,
      limit: null,
    };
    const nobody = Object.fromEntries(IDENTITY_HEADERS.map((name) => [name, '']));
    for (const decision of [null, refused]) {
      expect(identityHeaders(house.parts.engine, decision, 'req_1')).toEqual({
        ...nobody,
        'Keyhouse-Request': 'req_1',
      });
    }
    await house.close();
  });

  it.each([
    'Keyhouse-Owner',
    'KEYHOUSE_OWNER',
    'keyhouse.owner',
    'Keyhouse-Identity',
    'Keyhouse-Anything',
    'X-Auth-Key-ID',
    'X_Auth_Key_ID',
    'X.Auth.Key.ID',
    'x-auth_permissions',
  ])('row 46: %s of a client is a claim', (name) => {
    expect(claimsIdentity(name)).toBe(true);
  });

  it.each(['Keyhouse', 'X-Keyhouse-Owner', 'X-Auth-Token', 'Authorization', 'Accept'])('%s is none', (name) => {
    expect(claimsIdentity(name)).toBe(false);
  });
});

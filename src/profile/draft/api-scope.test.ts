import { describe, expect, it } from 'vitest';
import { isPlainScope, readScope } from './api-scope.ts';

describe('a scope', () => {
  it.each([
    ['servers:read', 'servers', 'read'],
    ['read:servers', 'servers', 'read'],
    ['servers.read', 'servers', 'read'],
    ['read_servers', 'servers', 'read'],
    ['servers_write', 'servers', 'write'],
    ['write:org_hook', 'org_hook', 'write'],
    ['acme:servers:read', 'acme-servers', 'read'],
    ['https://www.example.com/auth/drive.readonly', 'drive', 'readonly'],
    ['https://api.example.com/auth/orders/', 'orders', null],
    ['write', null, 'write'],
    ['repo', 'repo', null],
    ['read:write', 'read', 'write'],
  ])('%s is about %s and allows %s', (scope, resource, action) => {
    expect(readScope(scope)).toEqual({ resource, action });
  });

  it.each(['', 'openid', 'offline_access', '*', 'servers:*', ':', 'x'.repeat(201)])('%j says nothing', (scope) => {
    expect(readScope(scope)).toBe(null);
  });

  it('stands as it is when it is a permission with the resource first', () => {
    expect(['servers:read', 'read:servers', 'Servers:read', 'a:b:c', 'read:write'].map(isPlainScope)).toEqual([
      true,
      false,
      false,
      false,
      true,
    ]);
  });
});

/** The operations of the resource API as document 001 lists them, one row for each, written apart from the example's own table. */
export interface ApiOperation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** `{id}` is the id of a row that is there. */
  readonly path: string;
  readonly permission: string;
  readonly status: number;
}

export const OPERATIONS: readonly ApiOperation[] = [
  { method: 'GET', path: '/v1/servers', permission: 'servers:read', status: 200 },
  { method: 'GET', path: '/v1/servers/{id}', permission: 'servers:read', status: 200 },
  { method: 'POST', path: '/v1/servers', permission: 'servers:write', status: 201 },
  { method: 'PATCH', path: '/v1/servers/{id}', permission: 'servers:write', status: 200 },
  { method: 'DELETE', path: '/v1/servers/{id}', permission: 'servers:delete', status: 204 },
  { method: 'GET', path: '/v1/instances', permission: 'instances:read', status: 200 },
  { method: 'GET', path: '/v1/instances/{id}', permission: 'instances:read', status: 200 },
  { method: 'POST', path: '/v1/instances', permission: 'instances:write', status: 201 },
  { method: 'PATCH', path: '/v1/instances/{id}', permission: 'instances:write', status: 200 },
  { method: 'DELETE', path: '/v1/instances/{id}', permission: 'instances:delete', status: 204 },
  { method: 'GET', path: '/v1/backups', permission: 'backups:read', status: 200 },
  { method: 'GET', path: '/v1/backups/{id}', permission: 'backups:read', status: 200 },
  { method: 'POST', path: '/v1/backups', permission: 'backups:write', status: 201 },
  { method: 'GET', path: '/v1/teams', permission: 'teams:read', status: 200 },
  { method: 'GET', path: '/v1/teams/{id}', permission: 'teams:read', status: 200 },
  { method: 'POST', path: '/v1/teams', permission: 'teams:write', status: 201 },
  { method: 'PATCH', path: '/v1/teams/{id}', permission: 'teams:write', status: 200 },
  { method: 'GET', path: '/v1/invoices', permission: 'billing:read', status: 200 },
  { method: 'GET', path: '/v1/invoices/{id}', permission: 'billing:read', status: 200 },
];

export const PERMISSIONS: readonly string[] = [...new Set(OPERATIONS.map(({ permission }) => permission))];

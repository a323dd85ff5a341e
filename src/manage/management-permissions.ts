/**
 * What managing Keyhouse itself needs. These live under reserved resources: no catalogue may contain them, no level,
 * `inherit` or wildcard of another resource covers them, and they are granted by name only.
 */
export const MANAGEMENT_PERMISSIONS = {
  'keyhouse-tokens:read': 'List and read tokens, their usage included.',
  'keyhouse-tokens:write': 'Create, change, disable and rotate tokens.',
  'keyhouse-tokens:revoke': 'Revoke tokens.',
  'keyhouse-tokens:verify': 'Ask whether a token may do something.',
  'keyhouse-owners:read': 'List and read external owners.',
  'keyhouse-owners:write': 'Tell Keyhouse about external owners and what they may do.',
  'keyhouse-owners:act-as': 'Create and revoke tokens for another owner.',
  'keyhouse-users:read': 'List and read users.',
  'keyhouse-users:write': 'Create, change, disable and delete users.',
  'keyhouse-service-accounts:read': 'List and read service accounts.',
  'keyhouse-service-accounts:write': 'Create, change, disable and delete service accounts.',
  'keyhouse-workspaces:read': 'List and read workspaces.',
  'keyhouse-workspaces:write': 'Create, change and disable workspaces.',
  'keyhouse-roles:read': 'List roles.',
  'keyhouse-roles:write': 'Create, change and delete roles.',
  'keyhouse-audit:read': 'Read the audit log.',
  'keyhouse-audit:erase': 'Erase the clear text about a person from the audit log.',
  'keyhouse-denials:read': 'Read what was refused lately, and why.',
  'keyhouse-alerts:read': 'Read alerts about what was unusual.',
  'keyhouse-alerts:write': 'Acknowledge alerts.',
  'keyhouse-mail:read': 'See what was mailed to whom, and what became of it.',
  'keyhouse-webhooks:read': 'See webhooks and what became of their deliveries.',
  'keyhouse-webhooks:write':
    'Send what happens to addresses outside: create, change and delete webhooks, test and replay.',
  'keyhouse-profile:read': 'Read the profile in force.',
  'keyhouse-profile:write': 'Apply a profile.',
} as const satisfies Record<string, string>;

export type ManagementPermission = keyof typeof MANAGEMENT_PERMISSIONS;

/** `keyhouse-tokens:*` and so on: everything there is, also what later versions add. */
export const ALL_MANAGEMENT: readonly string[] = [
  ...new Set(Object.keys(MANAGEMENT_PERMISSIONS).map((permission) => `${permission.split(':')[0]}:*`)),
];

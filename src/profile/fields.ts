/** Fields of a token and of the requests that make and change one, whose names a company may replace with its own. */
export const RENAMEABLE_FIELDS = [
  'lineage_id',
  'name',
  'description',
  'hint',
  'environment',
  'state',
  'grant',
  'permissions',
  'level',
  'inherit',
  'effective_permissions',
  'owner',
  'workspace',
  'metadata',
  'ip_allowlist',
  'expires_at',
  'expires_in',
  'tier',
  'limits',
  'rotation',
  'auto_rotate',
  'rotation_period',
  'grace_period',
  'end_old_on_first_use',
  'on_unclaimed',
  'notification_email',
  'self_rotate',
  'created_at',
  'created_by',
  'last_used_at',
  'last_used_ip',
  'supersedes',
  'superseded_by',
  'actor',
] as const;

/** Fields that keep their names in every dialect: SDKs and the rotation answer count on them. */
const FIXED_FIELDS: readonly string[] = ['id', 'value'];

export function isRenameable(field: string): boolean {
  return (RENAMEABLE_FIELDS as readonly string[]).includes(field);
}

/** Whether the name already means something of ours. */
export function isFieldOfOurs(field: string): boolean {
  return isRenameable(field) || FIXED_FIELDS.includes(field);
}

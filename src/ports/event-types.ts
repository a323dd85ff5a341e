/**
 * What webhooks tell of, with the sentence that documents it. An audit entry whose action stands here is published by
 * `changes/` in its own transaction, and by nobody else; what happens without a change is published by whoever notices it.
 */
export const EVENT_TYPES = {
  'token.created': 'A token was created.',
  'token.updated': 'A token was changed: its name, what it may do, its addresses, end, limits or rotation.',
  'token.rotated': 'A token has a successor; the old one works until its grace ends.',
  'token.rotation_due': 'A token rotates automatically and its successor waits to be claimed.',
  'token.rotation_reminded': 'People were reminded of a successor that nobody has claimed.',
  'token.rotation_overdue':
    'A token is older than tokens should be, or nobody claimed its successor in spite of all reminders; it goes on working.',
  'token.expiring': 'A token ends soon: once for each of the times before its end at which people are reminded.',
  'token.unused': 'A token was not used for a long time, or never.',
  'token.replaced': 'An old token ended before its grace because its successor is in use.',
  'token.disabled': 'A token was disabled and is refused from now on.',
  'token.enabled': 'A disabled token was enabled again.',
  'token.revoked': 'Tokens were revoked for good.',
  'token.leaked':
    'The value of a token was reported from where it should not be; by the profile it is revoked or works on.',
  'owner.created': 'Keyhouse was told of an external owner for the first time.',
  'owner.updated': 'An external owner was changed: who it is, where it is a member, or what it may do there.',
  'owner.disabled': 'An external owner was disabled, and all its tokens with it.',
  'owner.deleted': 'An external owner was deleted and its tokens were revoked.',
  'user.created': 'A user was created.',
  'user.updated': 'A user was changed.',
  'user.disabled': 'A user was disabled, and all its tokens with it.',
  'user.deleted': 'A user was deleted and its tokens were revoked.',
  'service_account.created': 'A service account was created.',
  'service_account.updated': 'A service account was changed.',
  'service_account.disabled': 'A service account was disabled, and all its tokens with it.',
  'service_account.deleted': 'A service account was deleted and its tokens were revoked.',
  'workspace.created': 'A workspace was created.',
  'workspace.updated': 'A workspace was changed.',
  'workspace.disabled': 'A workspace was disabled, and all its tokens with it.',
  'role.created': 'A role was created.',
  'role.updated': 'A role was changed, and what those who hold it may do.',
  'role.deleted': 'A role was deleted.',
  'profile.applied': 'Another profile is in force: permissions, limits, error bodies or words.',
  'alert.raised': 'Something unusual was noticed about a token, or about an address.',
  'webhook.disabled': 'An endpoint was disabled and is told nothing any more.',
  'webhook.test': 'Somebody has asked for a test of this endpoint; nothing has happened.',
} as const satisfies Record<string, string>;

export type EventType = keyof typeof EVENT_TYPES;

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENT_TYPES, text);
}

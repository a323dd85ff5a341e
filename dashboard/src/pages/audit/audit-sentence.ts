import type { AuditEvent } from '../../api/operations.ts';
import type { Words } from '../../words.ts';
import { tokenEventSentence } from '../tokens/token-event.ts';

interface ActionWords {
  /** For choosing one from a list. */
  readonly label: string;
  /** To stand after who did it. */
  readonly sentence: string;
}

/** Everything that is written down, as it is told. `{token}` is the company's word. */
const ACTIONS: Readonly<Record<string, ActionWords>> = {
  'token.created': { label: '{Token} created', sentence: '' },
  'token.updated': { label: '{Token} changed', sentence: '' },
  'token.rotated': { label: '{Token} rotated', sentence: '' },
  'token.disabled': { label: '{Token} disabled', sentence: '' },
  'token.enabled': { label: '{Token} enabled', sentence: '' },
  'token.revoked': { label: '{Token} revoked', sentence: '' },
  'owner.created': { label: 'Owner or user added', sentence: 'added' },
  'owner.updated': { label: 'Owner or user changed', sentence: 'changed' },
  'owner.disabled': { label: 'Owner or user disabled', sentence: 'disabled' },
  'owner.deleted': { label: 'Owner or user deleted', sentence: 'deleted' },
  'owners.synced': { label: 'Owners synced', sentence: 'told of many owners at once' },
  'workspace.created': { label: 'Workspace created', sentence: 'created the workspace' },
  'workspace.updated': { label: 'Workspace changed', sentence: 'changed the workspace' },
  'role.created': { label: 'Role created', sentence: 'created a role' },
  'role.updated': { label: 'Role changed', sentence: 'changed a role' },
  'role.deleted': { label: 'Role deleted', sentence: 'deleted a role' },
  'session.started': { label: 'Signed in', sentence: 'signed in' },
  'session.ended': { label: 'Signed out', sentence: 'ended a session' },
  'session.moved': { label: 'Workspace switched', sentence: 'switched to another workspace' },
  'password.changed': { label: 'Password changed', sentence: 'changed the password' },
  'password.reset': { label: 'Password reset', sentence: 'set a new password by a link' },
  'password_reset.requested': { label: 'Password reset requested', sentence: 'asked for a link for a new password' },
  'password_reset.created': { label: 'Password reset link made', sentence: 'made a link for a new password' },
  'invitation.created': { label: 'Invitation sent', sentence: 'invited' },
  'invitation.accepted': { label: 'Invitation accepted', sentence: 'accepted an invitation' },
  'invitation.withdrawn': { label: 'Invitation withdrawn', sentence: 'withdrew an invitation' },
  'second_factor.added': { label: 'Second factor added', sentence: 'added a second factor' },
  'second_factor.removed': { label: 'Second factor removed', sentence: 'removed a second factor' },
  'trial.created': { label: 'Trial begun', sentence: 'put a change on trial' },
  'trial.ended': { label: 'Trial ended', sentence: 'ended a trial and changed nothing' },
  'trial.enforced': { label: 'Trial enforced', sentence: 'made the change that was on trial' },
  'webhook.created': { label: 'Webhook created', sentence: 'created a webhook' },
  'webhook.updated': { label: 'Webhook changed', sentence: 'changed a webhook' },
  'webhook.secret_rotated': { label: 'Webhook secret rotated', sentence: 'gave a webhook a new secret' },
  'webhook.disabled': { label: 'Webhook disabled', sentence: 'disabled a webhook' },
  'webhook.enabled': { label: 'Webhook enabled', sentence: 'enabled a webhook again' },
  'webhook.tested': { label: 'Webhook tested', sentence: 'sent a test to a webhook' },
  'webhook.replayed': { label: 'Webhook replayed', sentence: 'had a webhook told once more' },
  'webhook.deleted': { label: 'Webhook deleted', sentence: 'deleted a webhook' },
  'audit.exported': { label: 'Audit log exported', sentence: 'exported the audit log' },
  'audit.erased': { label: 'Clear text erased', sentence: 'erased what the log said of somebody' },
  'audit_key.rotated': { label: 'Audit key rotated', sentence: 'rotated the key that the audit log is signed with' },
  'user_sessions.read': { label: 'Sessions looked at', sentence: 'looked where somebody is signed in' },
  'access_log.exported': { label: 'Access log exported', sentence: 'exported the access log' },
  'review.exported': { label: 'Access review exported', sentence: 'exported all tokens for a review' },
  'review.applied': { label: 'Access review applied', sentence: 'applied an access review' },
  'profile.applied': { label: 'Profile applied', sentence: 'applied a profile' },
  'pepper.rotated': { label: 'Pepper rotated', sentence: 'rotated the pepper' },
  'identity_key.rotated': { label: 'Identity key rotated', sentence: 'rotated the key of signed identities' },
  'installation.set_up': { label: 'Set up', sentence: 'set up this installation' },
};

/** Actions that the log can be narrowed to. */
export function actionOptions({ Token }: Words): readonly { readonly value: string; readonly label: string }[] {
  const named = Object.entries(ACTIONS).map(([value, { label }]) => ({
    value,
    label: label.replace('{Token}', Token),
  }));
  return [{ value: '', label: 'Everything' }, ...named];
}

/** What was done, to stand after who did it. */
export function eventSentence(event: AuditEvent, words: Words): string {
  const { action, personal } = event;
  if (action.startsWith('token.')) {
    const sentence = tokenEventSentence(event, words);
    const name = personal.name === undefined ? '' : ` “${personal.name}”`;
    if (action === 'token.created') return `${sentence}${name}`;
    return sentence.replace(/\bit\b/, `the ${words.token}${action === 'token.updated' ? '' : name}`);
  }
  const { sentence = action.replaceAll(/[._]/g, ' ') } = ACTIONS[action] ?? {};
  const whom = personal.name ?? personal.email;
  if (whom !== undefined) return `${sentence} ${whom}`;
  return /^(?:added|changed|disabled|deleted)$/.test(sentence) ? `${sentence} an owner` : sentence;
}

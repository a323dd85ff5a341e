import { ApiError } from '../api/api-error.ts';
import type { Revocation, Token } from '../api/operations.ts';
import { guaranteeSentence } from '../pages/tokens/guarantee.ts';
import { relativeTime } from '../ui/time-text.ts';
import { confirming } from './confirming.ts';
import { make } from './make.ts';
import type { Room } from './tokens-element.ts';

/** Asks before one is revoked, naming what will stop working. */
export function confirmRevoke(room: Room, token: Token): void {
  const { words } = room.opened;
  const used =
    token.last_used_at === null
      ? 'It was never used.'
      : `It was last used ${relativeTime(token.last_used_at, Date.now())}.`;
  confirming(room, {
    title: `Revoke “${token.name}”?`,
    label: words.revoke_button,
    look: 'danger',
    content: [
      make('p', {}, `Every request with this ${words.token} is refused from that moment on. This cannot be undone.`),
      make('p', { class: 'soft' }, used),
    ],
    async confirm() {
      const path = `v1/tokens/${encodeURIComponent(token.id)}`;
      const { guarantee } = await room.session.call<Revocation>('DELETE', path).catch((error) => {
        if (!(error instanceof ApiError) || error.status !== 0) throw error;
        throw new Error(
          'The server did not answer, so it may or may not be revoked. Press the button again: that is safe.',
        );
      });
      await room.showList(`“${token.name}” is revoked. ${guaranteeSentence(guarantee)}`);
    },
  });
}

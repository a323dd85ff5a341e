import { ApiError } from '../api/api-error.ts';
import type { Rotation, Token } from '../api/operations.ts';
import { durationLabel } from '../pages/tokens/create/durations.ts';
import { exactTime } from '../ui/time-text.ts';
import { confirming } from './confirming.ts';
import { field, make, select } from './make.ts';
import type { Room } from './tokens-element.ts';

const GRACES = ['0s', '1h', '1d', '7d', '30d'];

/** Gives one a new value, after asking for how long the old one goes on. */
export function confirmRotate(
  room: Room,
  token: Token,
  shown: (next: Token, value: string, note: string) => void,
): void {
  const usual = token.rotation.grace_period;
  let grace = usual;
  const graces = GRACES.includes(usual) ? GRACES : [...GRACES, usual];
  const options = graces.map((value): [string, string] => [
    value,
    value === '0s' ? 'Not at all' : durationLabel(value),
  ]);
  // One key for as long as this is open: pressed again after a lost answer, nothing is made twice.
  let idempotencyKey: string = crypto.randomUUID();
  let isLost = false;
  confirming(room, {
    title: `Rotate “${token.name}”`,
    label: 'Rotate',
    look: 'primary',
    content: [
      make('p', {}, 'It gets a new value and keeps everything else. The new value is shown once.'),
      field(
        { label: 'The old value works on for', hint: 'Long enough to put the new one wherever the old one is used.' },
        select(options, usual, (value) => {
          grace = value;
        }),
      ),
    ],
    async confirm() {
      const body = {
        ...(grace !== usual && { grace_period: grace }),
        ...(isLost && { replace_unused_successor: true }),
      };
      const path = `v1/tokens/${encodeURIComponent(token.id)}/rotate`;
      const { old_key: old, new_key: next } = await room.session
        .call<Rotation>('POST', path, { body, idempotencyKey })
        .catch((error) => {
          if (!(error instanceof ApiError) || error.code !== 'already_rotated') throw error;
          throw lost();
        });
      if (next.value === null) throw lost();
      const successor = await room.session
        .call<Token>('GET', `v1/tokens/${encodeURIComponent(next.id)}`)
        .catch(() => ({ ...token, id: next.id }));
      const isOver = Date.parse(old.expires_at) <= Date.now();
      shown(
        successor,
        next.value,
        isOver ? 'The old value is refused from now on.' : `The old value works until ${exactTime(old.expires_at)}.`,
      );
    },
  });

  function lost(): Error {
    isLost = true;
    idempotencyKey = crypto.randomUUID();
    return new Error(
      'It was rotated already, and its new value cannot be shown again. Press Rotate once more to make another in its place.',
    );
  }
}

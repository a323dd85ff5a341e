import type { Token } from '../../api/operations.ts';
import { DayOf, RelativeTime } from '../../ui/index.ts';

/** When a token rotates by itself, and who is told; nothing for one that does not. */
export function AutomaticRotation({ token: { rotation } }: { readonly token: Token }) {
  const { due_at: dueAt, state } = rotation;
  if (dueAt === null || state === null) return null;
  return (
    <p className="mb-3">
      {state === 'scheduled' ? (
        <>
          Rotates automatically every {rotation.rotation_period}: the next new value waits from <DayOf at={dueAt} /> on.
        </>
      ) : (
        <>
          A new value waits since <DayOf at={dueAt} /> (<RelativeTime at={dueAt} />)
          {state === 'overdue' && ', and all reminders were sent'}.
        </>
      )}{' '}
      <span className="text-soft">
        {rotation.notification_email === null
          ? 'Its owner is mailed a link to it'
          : `${rotation.notification_email} is mailed a link to it`}
        , and the old value works until somebody takes it
        {rotation.on_unclaimed === 'end' && ', or until it ends after the last reminder'}.
      </span>
    </p>
  );
}

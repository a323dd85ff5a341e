import { useSyncExternalStore } from 'react';
import { IconButton } from './button.tsx';
import { classes } from './class-names.ts';
import { Icon } from './icon.tsx';

interface Toast {
  readonly id: number;
  readonly look: 'good' | 'bad';
  readonly text: string;
}

const SHOWN_MS = 6_000;

let toasts: readonly Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();

/** Says that something was done, for a moment. What somebody must read or act on belongs on the page instead. */
export function say(text: string, look: Toast['look'] = 'good'): void {
  last += 1;
  const id = last;
  change([...toasts, { id, look, text }]);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Where they show: once, at the root. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section aria-label="Notifications" className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex justify-end">
      <div role="status" className="grid w-full max-w-sm gap-2">
        {shown.map(({ id, look, text }) => (
          <div
            key={id}
            className="pointer-events-auto flex items-start gap-2.5 rounded-lg border border-line bg-paper py-2 pr-2 pl-3.5 shadow-pop"
          >
            <Icon
              name={look === 'good' ? 'check' : 'alert'}
              className={classes('mt-2', look === 'good' ? 'text-good' : 'text-bad')}
            />
            <p className="min-w-0 flex-1 py-1 break-words">{text}</p>
            <IconButton icon="close" label="Dismiss" onClick={() => dismiss(id)} className="size-7" />
          </div>
        ))}
      </div>
    </section>
  );
}

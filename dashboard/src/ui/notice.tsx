import { type ReactNode, useEffect, useRef } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { classes } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

const LOOKS = {
  info: 'border-line bg-raised text-ink',
  good: 'border-transparent bg-good-paper text-good',
  warn: 'border-transparent bg-warn-paper text-warn',
  bad: 'border-transparent bg-bad-paper text-bad',
} as const;

interface NoticeProps {
  readonly look?: keyof typeof LOOKS;
  readonly icon?: IconName;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A sentence that stays on the page. */
export function Notice({ look = 'info', icon = 'alert', children, className }: NoticeProps) {
  return (
    <div className={classes('flex gap-2.5 rounded-md border px-3.5 py-2.5', LOOKS[look], className)}>
      <Icon name={icon} className="mt-0.5" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/**
 * What the server said to a form, above its fields; read aloud and brought into view when it appears. Problems of fields
 * that the form shows beside them can be left out here.
 */
export function ErrorNotice({
  error,
  shown = [],
}: {
  readonly error: ApiError | null;
  readonly shown?: readonly string[];
}) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null) place.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  const elsewhere = error?.problems.filter(({ path }) => !shown.includes(path.split('.')[0] ?? '')) ?? [];
  const isBeside = error !== null && error.problems.length > 0 && elsewhere.length === 0;
  return (
    <div role="alert" ref={place} className="empty:hidden">
      {error !== null && !isBeside && (
        <Notice look="bad">
          <p>{error.message}</p>
          {elsewhere.length > 0 && (
            <ul className="mt-1 list-disc pl-4">
              {elsewhere.map(({ path, message }) => (
                <li key={`${path} ${message}`}>{path === '' ? message : `${path}: ${message}`}</li>
              ))}
            </ul>
          )}
          {error.requestId !== null && error.status >= 500 && (
            <p className="mt-1 font-mono text-xs">Request id: {error.requestId}</p>
          )}
        </Notice>
      )}
    </div>
  );
}

/** In place of what could not be read: what the server said, and another try. */
export function FailedNotice({ error, onRetry }: { readonly error: ApiError; readonly onRetry: () => void }) {
  return (
    <div className="grid grid-cols-1 justify-items-start gap-3">
      <ErrorNotice error={error} />
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

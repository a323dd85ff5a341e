import type { ApiError } from '../../../api/api-error.ts';
import type { TokenOptions } from '../../../api/operations.ts';
import { exactTime, Field, Select, TextInput } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import { type Draft, endOfDay } from './draft.ts';
import { durationLabel, durationMs } from './durations.ts';

const PRESETS = ['1d', '7d', '30d', '60d', '90d', '180d', '365d'];

interface ExpiryFieldProps {
  readonly options: TokenOptions['expiry'];
  readonly draft: Pick<Draft, 'expiry' | 'day'>;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly gap: string | undefined;
  readonly error: ApiError | null;
}

/** Until when it works: as is usual here, for a while, or up to a day. */
export function ExpiryField({ options, draft, onChange, gap, error }: ExpiryFieldProps) {
  const words = useWords();
  const latest = options.latest === null ? Infinity : Date.parse(options.latest);
  const presets = PRESETS.filter(
    (one) => one !== options.lifetime && Date.now() + durationMs(one) <= latest + durationMs('1h'),
  );
  const usual =
    options.lifetime === null
      ? { value: 'usual', label: 'Never' }
      : { value: 'usual', label: `In ${durationLabel(options.lifetime)} (usual here)` };
  const end = endOf(draft, options);
  const problem = gap ?? error?.problemOf('expires_at') ?? error?.problemOf('expires_in');
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label="Expiration"
        optional
        problem={draft.expiry === 'date' ? undefined : problem}
        hint={
          end === null
            ? `It works until it is revoked. For a trial or a single job, let it end by itself.`
            : `The ${words.token} stops working on ${exactTime(end.toISOString())}.`
        }
      >
        <Select
          value={draft.expiry}
          options={[
            usual,
            ...presets.map((value) => ({ value, label: `In ${durationLabel(value)}` })),
            { value: 'date', label: 'On a date…' },
          ]}
          onValue={(expiry) => onChange({ expiry })}
        />
      </Field>
      {draft.expiry === 'date' && (
        <Field label="Expiration date" problem={problem} hint="It works until the end of that day.">
          <TextInput
            type="date"
            autoFocus
            value={draft.day}
            min={dayOf(Date.now())}
            max={Number.isFinite(latest) ? dayOf(latest) : '9999-12-30'}
            onChange={(event) => onChange({ day: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

function endOf({ expiry, day }: Pick<Draft, 'expiry' | 'day'>, { lifetime }: TokenOptions['expiry']): Date | null {
  if (expiry === 'date') {
    const end = endOfDay(day);
    return Number.isNaN(end.getTime()) ? null : end;
  }
  const duration = expiry === 'usual' ? lifetime : expiry;
  return duration === null ? null : new Date(Date.now() + durationMs(duration));
}

function dayOf(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

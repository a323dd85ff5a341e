import type { ApiError } from '../../../api/api-error.ts';
import { Field, Select, TextInput } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';
import type { Draft } from './draft.ts';
import { durationLabel } from './durations.ts';

const PERIODS = ['30d', '90d', '180d', '365d'];

interface AutomaticRotationFieldsProps {
  readonly draft: Pick<Draft, 'rotates' | 'email'>;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly error: ApiError | null;
}

/** How often it gets a new value by itself, and who is mailed the link to it. */
export function AutomaticRotationFields({ draft, onChange, error }: AutomaticRotationFieldsProps) {
  const words = useWords();
  const { rotates, email } = draft;
  const periods = rotates === 'never' || PERIODS.includes(rotates) ? PERIODS : [rotates, ...PERIODS];
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field
        label="A new value waits by itself"
        problem={error?.problemOf('rotation_period')}
        hint={`The old ${words.token} works until somebody takes the new one.`}
      >
        <Select
          value={rotates}
          options={[
            { value: 'never', label: 'Never' },
            ...periods.map((value) => ({ value, label: `Every ${durationLabel(value)}` })),
          ]}
          onValue={(period) => onChange({ rotates: period })}
        />
      </Field>
      {rotates !== 'never' && (
        <Field
          label="Who is mailed the link to it"
          optional
          problem={error?.problemOf('notification_email')}
          hint="Its owner, where nobody is named."
        >
          <TextInput
            type="email"
            value={email}
            maxLength={254}
            autoComplete="off"
            onChange={(event) => onChange({ email: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}

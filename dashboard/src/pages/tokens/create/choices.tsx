import { type ReactNode, useId } from 'react';
import { classes, Icon } from '../../../ui/index.ts';

interface ChoicesProps<V extends string> {
  readonly legend: ReactNode;
  readonly hint?: ReactNode;
  readonly value: V | null;
  readonly options: readonly Choice<V>[];
  readonly onValue: (value: V) => void;
  readonly problem?: string | undefined;
  /** Side by side where there is room. */
  readonly columns?: 2 | 3;
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

/** One of a few, each with what it means. */
export function Choices<V extends string>(props: ChoicesProps<V>) {
  const { legend, hint, value, options, onValue, problem, columns } = props;
  const id = useId();
  return (
    <Group legend={legend} hint={hint} problem={problem}>
      <div className={classes('grid gap-2', columns === 2 && 'sm:grid-cols-2', columns === 3 && 'sm:grid-cols-3')}>
        {options.map((option) => (
          <label
            key={option.value}
            className={classes(
              'flex gap-2.5 rounded-md border border-edge px-3 py-2.5 has-checked:border-accent has-checked:bg-raised',
              option.disabled === true ? 'text-soft' : 'cursor-pointer hover:bg-raised',
            )}
          >
            <input
              type="radio"
              name={id}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              aria-labelledby={`${id}-${option.value}`}
              aria-describedby={option.hint === undefined ? undefined : `${id}-${option.value}-hint`}
              onChange={() => onValue(option.value)}
              className="mt-0.5 size-4 shrink-0"
            />
            <span className="grid min-w-0 content-start gap-0.5">
              <span id={`${id}-${option.value}`} className="font-medium">
                {option.label}
              </span>
              {option.hint !== undefined && (
                <span id={`${id}-${option.value}-hint`} className="text-sm text-soft">
                  {option.hint}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
    </Group>
  );
}

interface GroupProps {
  readonly legend: ReactNode;
  readonly hint?: ReactNode;
  readonly optional?: boolean;
  readonly problem?: string | undefined;
  readonly children: ReactNode;
}

/** Several controls about one thing, with a heading, a hint and what is wrong with them. */
export function Group({ legend, hint, optional = false, problem, children }: GroupProps) {
  const id = useId();
  return (
    <fieldset
      tabIndex={-1}
      data-problem={problem === undefined ? undefined : ''}
      aria-describedby={problem === undefined ? undefined : `${id}-problem`}
      className="grid min-w-0 gap-2"
    >
      <legend className="mb-2 flex w-full items-baseline justify-between gap-3 font-medium">
        <span>{legend}</span>
        {optional && <span className="text-sm font-normal text-soft">Optional</span>}
      </legend>
      {hint !== undefined && <p className="-mt-2 mb-1 text-sm text-soft">{hint}</p>}
      <p id={`${id}-problem`} role="alert" className="flex gap-1.5 text-sm text-bad empty:hidden">
        {problem !== undefined && (
          <>
            <Icon name="alert" className="mt-0.5" />
            <span>{problem}</span>
          </>
        )}
      </p>
      {children}
    </fieldset>
  );
}

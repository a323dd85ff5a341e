import { type ComponentProps, createContext, type ReactNode, useContext, useId, useState } from 'react';
import { classes } from './class-names.ts';
import { Icon } from './icon.tsx';

interface FieldParts {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

const FieldContext = createContext<FieldParts | null>(null);

interface FieldProps {
  readonly label: ReactNode;
  /** Stays below the control, also while a problem is shown. */
  readonly hint?: ReactNode;
  /** What is wrong with what was typed; announced when it appears. */
  readonly problem?: string | undefined;
  readonly optional?: boolean;
  readonly className?: string;
  /** One TextInput, TextArea, Select or Combobox: it finds its label and its texts by itself. */
  readonly children: ReactNode;
}

/** A control with its label, a hint and what is wrong with it. */
export function Field({ label, hint, problem, optional = false, className, children }: FieldProps) {
  const id = useId();
  const parts = [problem !== undefined && `${id}-problem`, hint !== undefined && `${id}-hint`].filter(Boolean);
  const described = parts.length === 0 ? undefined : parts.join(' ');
  return (
    <div className={classes('grid gap-1.5', className)}>
      <label htmlFor={id} className="flex items-baseline justify-between gap-3 font-medium">
        {label}
        {optional && <span className="text-sm font-normal text-soft">Optional</span>}
      </label>
      <FieldContext value={{ id, describedBy: described, invalid: problem !== undefined }}>{children}</FieldContext>
      <Problem id={`${id}-problem`}>{problem}</Problem>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  );
}

function Problem({ id, children }: { readonly id: string; readonly children: string | undefined }) {
  return (
    <p id={id} role="alert" className="flex gap-1.5 text-sm text-bad empty:hidden">
      {children !== undefined && (
        <>
          <Icon name="alert" className="mt-0.5" />
          <span>{children}</span>
        </>
      )}
    </p>
  );
}

/** What a control inside a Field carries; nothing outside one, where it needs an `aria-label`. */
export function useFieldProps() {
  const field = useContext(FieldContext);
  if (field === null) return {};
  return {
    id: field.id,
    'aria-invalid': field.invalid || undefined,
    'aria-describedby': field.describedBy,
  } as const;
}

export const CONTROL = classes(
  'w-full rounded-md border border-edge bg-paper px-3 text-base text-ink placeholder:text-soft',
  'aria-invalid:border-bad disabled:opacity-60 focus-visible:outline-offset-0',
);

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return <input type="text" {...useFieldProps()} {...rest} className={classes(CONTROL, 'h-9', className)} />;
}

export function TextArea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...useFieldProps()} rows={rows} {...rest} className={classes(CONTROL, 'py-2', className)} />;
}

/** A password with a button that shows what was typed. */
export function PasswordInput({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const [isShown, setShown] = useState(false);
  const field = useFieldProps();
  return (
    <div className="relative">
      <input
        {...field}
        {...rest}
        type={isShown ? 'text' : 'password'}
        className={classes(CONTROL, 'h-9 pr-11', className)}
      />
      <button
        type="button"
        aria-label="Show password"
        aria-pressed={isShown}
        title={isShown ? 'Hide password' : 'Show password'}
        onClick={() => setShown(!isShown)}
        className={classes(
          'absolute inset-y-0.5 right-0.5 flex w-9 items-center justify-center rounded text-soft hover:text-ink',
          isShown && 'text-accent',
        )}
      >
        <Icon name="eye" />
      </button>
    </div>
  );
}

interface SelectProps<V extends string> extends Omit<ComponentProps<'select'>, 'value' | 'onChange'> {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onValue: (value: V) => void;
}

/** The system's own list: it is complete on every keyboard, screen and reader. */
export function Select<V extends string>({ value, options, onValue, className, ...rest }: SelectProps<V>) {
  return (
    <div className={classes('relative', className)}>
      <select
        {...useFieldProps()}
        {...rest}
        value={value}
        onChange={(event) => onValue(event.target.value as V)}
        className={classes(CONTROL, 'h-9 appearance-none pr-9')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevronDown" className="pointer-events-none absolute top-2.5 right-3 text-soft" />
    </div>
  );
}

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'onChange'> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly onChecked?: (checked: boolean) => void;
}

export function Checkbox({ label, hint, onChecked, className, ...rest }: CheckboxProps) {
  const id = useId();
  return (
    <div className={classes('flex gap-2.5', className)}>
      <input
        {...rest}
        id={id}
        type="checkbox"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChecked?.(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 cursor-pointer"
      />
      <div className="grid min-w-0 content-start gap-0.5">
        <label htmlFor={id} className="cursor-pointer">
          {label}
        </label>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-soft">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

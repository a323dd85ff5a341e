import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { classes } from './class-names.ts';
import { CONTROL, useFieldProps } from './field.tsx';
import { Icon } from './icon.tsx';
import { POPUP } from './menu.tsx';

export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
  /** A second line: a description, an e-mail address. */
  readonly detail?: string;
}

interface ComboboxProps {
  readonly options: readonly ComboboxOption[];
  readonly value: ComboboxOption | null;
  readonly onValue: (value: ComboboxOption | null) => void;
  /** Told what is typed, for lists that the server searches; without it the options are searched here. */
  readonly onSearch?: (text: string) => void;
  readonly placeholder?: string;
  /** Said when nothing fits; a sentence that tells what to do. */
  readonly empty: string;
  readonly disabled?: boolean;
}

/** One of many, found by typing. Inside a Field. */
export function Combobox({ options, value, onValue, onSearch, placeholder, empty, disabled = false }: ComboboxProps) {
  return (
    <BaseCombobox.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={onValue}
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(one, other) => one.value === other.value}
      {...(onSearch !== undefined && { filter: null, onInputValueChange: onSearch })}
    >
      <div className="relative">
        <BaseCombobox.Input
          {...useFieldProps()}
          placeholder={placeholder}
          className={classes(CONTROL, 'h-9', value === null ? 'pr-9' : 'pr-16')}
        />
        <div className="absolute inset-y-0 right-1 flex items-center text-soft">
          <BaseCombobox.Clear
            aria-label="Clear"
            className="flex size-7 items-center justify-center rounded hover:text-ink"
          >
            <Icon name="close" />
          </BaseCombobox.Clear>
          <BaseCombobox.Trigger
            aria-label="Show the list"
            className="flex size-7 items-center justify-center rounded hover:text-ink"
          >
            <Icon name="chevronDown" />
          </BaseCombobox.Trigger>
        </div>
      </div>
      <BaseCombobox.Portal>
        <BaseCombobox.Positioner sideOffset={4} className="z-50">
          <BaseCombobox.Popup className={classes(POPUP, 'w-(--anchor-width)')}>
            <BaseCombobox.Empty className="px-2.5 py-2 text-soft empty:p-0">{empty}</BaseCombobox.Empty>
            <BaseCombobox.List>
              {(option: ComboboxOption) => (
                <BaseCombobox.Item
                  key={option.value}
                  value={option}
                  className="flex cursor-pointer items-center gap-2 rounded-md px-2.5 py-1.5 outline-none data-highlighted:bg-hover"
                >
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.label}</span>
                    {option.detail !== undefined && (
                      <span className="block truncate text-sm text-soft">{option.detail}</span>
                    )}
                  </span>
                  <BaseCombobox.ItemIndicator className="text-accent">
                    <Icon name="check" />
                  </BaseCombobox.ItemIndicator>
                </BaseCombobox.Item>
              )}
            </BaseCombobox.List>
          </BaseCombobox.Popup>
        </BaseCombobox.Positioner>
      </BaseCombobox.Portal>
    </BaseCombobox.Root>
  );
}

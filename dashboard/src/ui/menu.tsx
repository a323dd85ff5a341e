import { Menu as BaseMenu } from '@base-ui/react/menu';
import { type ReactElement, type ReactNode, useState } from 'react';
import { classes } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

export const POPUP = classes(
  'z-50 min-w-44 overflow-y-auto rounded-lg border border-line bg-paper p-1 shadow-pop outline-none',
  'max-h-[min(24rem,var(--available-height))] transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0',
);

const ITEM = classes(
  'flex w-full cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left outline-none select-none',
  'data-disabled:cursor-not-allowed data-disabled:opacity-50 data-highlighted:bg-hover',
);

interface MenuProps {
  /** The button that opens it, with its own label. */
  readonly trigger: ReactElement;
  readonly align?: 'start' | 'center' | 'end';
  readonly side?: 'top' | 'bottom';
  readonly children: ReactNode;
}

/** A short list of things to do, opened from a button. */
export function Menu({ trigger, align = 'end', side = 'bottom', children }: MenuProps) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={trigger} />
      <MenuPopup align={align} side={side}>
        {children}
      </MenuPopup>
    </BaseMenu.Root>
  );
}

export type RowMenuHandle<Row> = BaseMenu.Handle<Row>;

/** Ties the buttons of the rows of a list to the one menu of the list. */
export function useRowMenu<Row>(): RowMenuHandle<Row> {
  return useState(() => BaseMenu.createHandle<Row>())[0];
}

interface RowMenuTriggerProps<Row> {
  readonly menu: RowMenuHandle<Row>;
  readonly row: Row;
  /** The button that opens it, with its own label. */
  readonly trigger: ReactElement;
}

export function RowMenuTrigger<Row>({ menu, row, trigger }: RowMenuTriggerProps<Row>) {
  return <BaseMenu.Trigger handle={menu} payload={row} render={trigger} />;
}

interface RowMenuProps<Row> {
  readonly menu: RowMenuHandle<Row>;
  readonly children: (row: Row) => ReactNode;
}

/** One menu for all rows of a list, filled for the row it was opened from: a menu of its own in each makes a long list slow. */
export function RowMenu<Row>({ menu, children }: RowMenuProps<Row>) {
  return (
    <BaseMenu.Root modal={false} handle={menu}>
      {({ payload }) => (
        <MenuPopup align="end" side="bottom">
          {payload !== undefined && children(payload)}
        </MenuPopup>
      )}
    </BaseMenu.Root>
  );
}

function MenuPopup({ align, side, children }: Required<Pick<MenuProps, 'align' | 'side' | 'children'>>) {
  return (
    <BaseMenu.Portal>
      <BaseMenu.Positioner align={align} side={side} sideOffset={6} className="z-50">
        <BaseMenu.Popup className={POPUP}>{children}</BaseMenu.Popup>
      </BaseMenu.Positioner>
    </BaseMenu.Portal>
  );
}

interface MenuItemProps {
  readonly icon?: IconName;
  readonly dangerous?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ icon, dangerous = false, disabled = false, onSelect, children }: MenuItemProps) {
  return (
    <BaseMenu.Item disabled={disabled} onClick={onSelect} className={classes(ITEM, dangerous && 'text-bad')}>
      {icon !== undefined && <Icon name={icon} className={dangerous ? '' : 'text-soft'} />}
      {children}
    </BaseMenu.Item>
  );
}

interface MenuChoiceProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string; readonly icon?: IconName }[];
  readonly onValue: (value: V) => void;
}

/** One of several, such as the workspace or the look; the chosen one is ticked. */
export function MenuChoice<V extends string>({ label, value, options, onValue }: MenuChoiceProps<V>) {
  return (
    <BaseMenu.RadioGroup value={value} onValueChange={(next) => onValue(next as V)}>
      <BaseMenu.Group>
        <BaseMenu.GroupLabel className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-soft">{label}</BaseMenu.GroupLabel>
        {options.map((option) => (
          <BaseMenu.RadioItem key={option.value} value={option.value} closeOnClick className={ITEM}>
            {option.icon !== undefined && <Icon name={option.icon} className="text-soft" />}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            <BaseMenu.RadioItemIndicator className="text-accent">
              <Icon name="check" />
            </BaseMenu.RadioItemIndicator>
          </BaseMenu.RadioItem>
        ))}
      </BaseMenu.Group>
    </BaseMenu.RadioGroup>
  );
}

export function MenuLine() {
  return <BaseMenu.Separator className="my-1 border-t border-line" />;
}

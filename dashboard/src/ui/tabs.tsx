import { Tabs as BaseTabs } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import { classes } from './class-names.ts';

interface TabsProps<V extends string> {
  readonly value: V;
  readonly onValue: (value: V) => void;
  /** What the tabs are of, for who cannot see. */
  readonly label: string;
  readonly tabs: readonly { readonly value: V; readonly label: string; readonly panel: ReactNode }[];
}

/** Several views of one thing; arrow keys go from tab to tab. Keep `value` in the address. */
export function Tabs<V extends string>({ value, onValue, label, tabs }: TabsProps<V>) {
  return (
    <BaseTabs.Root value={value} onValueChange={(next) => onValue(next as V)}>
      <BaseTabs.List aria-label={label} className="mb-5 flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <BaseTabs.Tab
            key={tab.value}
            value={tab.value}
            className={classes(
              '-mb-px border-b-2 border-transparent py-2 font-medium whitespace-nowrap text-soft hover:text-ink',
              'focus-visible:-outline-offset-2 data-active:border-accent data-active:text-ink',
            )}
          >
            {tab.label}
          </BaseTabs.Tab>
        ))}
      </BaseTabs.List>
      {tabs.map((tab) => (
        <BaseTabs.Panel key={tab.value} value={tab.value}>
          {tab.panel}
        </BaseTabs.Panel>
      ))}
    </BaseTabs.Root>
  );
}

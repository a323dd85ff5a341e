import { classes } from './class-names.ts';

/** Outlines on a grid of 16, drawn with the colour of the text around them. */
const OUTLINES = {
  activity: 'M1.5 8h3l2-5 3 10 2-5h3',
  alert: 'M8 5.5v3M8 11h.01M7 2.6 1.6 12a1.2 1.2 0 0 0 1 1.8h10.8a1.2 1.2 0 0 0 1-1.8L9 2.6a1.2 1.2 0 0 0-2 0z',
  building:
    'M3 14V3.5A1.5 1.5 0 0 1 4.5 2h5A1.5 1.5 0 0 1 11 3.5V14m0-7h1.5A1.5 1.5 0 0 1 14 8.5V14M1.5 14h13M6 5.5h2M6 8.5h2M6 11.5h2',
  check: 'm3 8.5 3.5 3.5L13 4.5',
  chevronDown: 'm4 6 4 4 4-4',
  chevronLeft: 'm10 4-4 4 4 4',
  chevronRight: 'm6 4 4 4-4 4',
  chevronsUpDown: 'm5 6 3-3 3 3M5 10l3 3 3-3',
  close: 'm4 4 8 8m0-8-8 8',
  copy: 'M5.5 5.5V3.7A1.2 1.2 0 0 1 6.7 2.5h5.6a1.2 1.2 0 0 1 1.2 1.2v5.6a1.2 1.2 0 0 1-1.2 1.2h-1.8M3.7 5.5h5.6a1.2 1.2 0 0 1 1.2 1.2v5.6a1.2 1.2 0 0 1-1.2 1.2H3.7a1.2 1.2 0 0 1-1.2-1.2V6.7a1.2 1.2 0 0 1 1.2-1.2z',
  dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  download: 'M8 2.5v7.5m0 0 3-3m-3 3-3-3M2.5 13.5h11',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  gauge: 'M2.5 12.5a6.5 6.5 0 1 1 11 0M8 9.5l3-4',
  key: 'M10.2 9.3a3.7 3.7 0 1 0-3.5-3.5L2 10.5V14h3.5v-1.8h1.8v-1.8zM11 5h.01',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  mail: 'M3.2 3h9.6A1.2 1.2 0 0 1 14 4.2v7.6a1.2 1.2 0 0 1-1.2 1.2H3.2A1.2 1.2 0 0 1 2 11.8V4.2A1.2 1.2 0 0 1 3.2 3zM2.3 4.5 8 8.8l5.7-4.3',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  moon: 'M13.5 9.3A5.7 5.7 0 1 1 6.7 2.5a4.5 4.5 0 0 0 6.8 6.8z',
  people:
    'M6 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5a4.5 4.5 0 0 1 9 0M10.8 7.7a2.2 2.2 0 0 0 0-4.4M12.5 13.5a4.5 4.5 0 0 0-1.7-3.5',
  plus: 'M8 3v10M3 8h10',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3',
  settings:
    'M2.5 4.5h6M12 4.5h1.5M2.5 11.5H4M7.5 11.5h6M10.25 6.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5zM5.75 13.25a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5z',
  shield: 'M8 1.8 13 3.5v4c0 3.2-2.2 5.5-5 6.7-2.8-1.2-5-3.5-5-6.7v-4z',
  signOut: 'M6 13.5H3.7a1.2 1.2 0 0 1-1.2-1.2V3.7a1.2 1.2 0 0 1 1.2-1.2H6M10.5 11l3-3-3-3M13.5 8H6',
  sortDown: 'M8 3v10m0 0 3.5-3.5M8 13 4.5 9.5',
  sortUp: 'M8 13V3m0 0 3.5 3.5M8 3 4.5 6.5',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M3.4 12.6l.7-.7M11.9 4.1l.7-.7',
  system:
    'M3.2 2.5h9.6a1.2 1.2 0 0 1 1.2 1.2v5.6a1.2 1.2 0 0 1-1.2 1.2H3.2A1.2 1.2 0 0 1 2 9.3V3.7a1.2 1.2 0 0 1 1.2-1.2zM8 10.5v3M5.5 13.5h5',
  test: 'M6 2.5v4L2.6 12a1 1 0 0 0 .9 1.5h9a1 1 0 0 0 .9-1.5L10 6.5v-4M5 2.5h6M4.5 9.5h7',
} as const;

export type IconName = keyof typeof OUTLINES;

/** A picture beside words; it says nothing to a screen reader. */
export function Icon({ name, className }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={classes('size-4 shrink-0', className)}
    >
      <path d={OUTLINES[name]} />
    </svg>
  );
}

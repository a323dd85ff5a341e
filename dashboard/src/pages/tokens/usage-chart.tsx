import { useState } from 'react';
import { classes } from '../../ui/index.ts';
import { scaleTop, type UsageBar } from './usage-bars.ts';

const HEIGHT = 180;
const WIDTH = 720;

const number = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact' });

/** Accepted and refused requests as bars over one another; the table below it says the same in words. */
export function UsageChart({ bars, label }: { readonly bars: readonly UsageBar[]; readonly label: string }) {
  const [pointed, setPointed] = useState<number | null>(null);
  const top = scaleTop(Math.max(...bars.map(({ allowed, denied }) => allowed + denied)));
  const slot = WIDTH / bars.length;
  const gap = Math.min(4, slot * 0.25);
  const heightOf = (count: number) => (count / top) * HEIGHT;
  const shown = pointed === null ? undefined : bars[pointed];
  return (
    <figure>
      <div className="mb-1 flex min-h-5 flex-wrap items-center justify-between gap-x-4 text-sm">
        <span className="flex gap-4">
          <Key className="bg-accent">Accepted</Key>
          <Key className="bg-bad">Refused</Key>
        </span>
        <span aria-hidden="true" className="text-soft">
          {shown !== undefined &&
            `${shown.label}: ${number.format(shown.allowed)} accepted, ${number.format(shown.denied)} refused`}
        </span>
      </div>
      <div className="grid grid-cols-[2.25rem_minmax(0,1fr)] gap-x-2">
        <div aria-hidden="true" className="flex flex-col justify-between text-right text-xs text-soft">
          <span>{short.format(top)}</span>
          <span>{short.format(top / 2)}</span>
          <span>0</span>
        </div>
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="h-44 w-full"
          onPointerLeave={() => setPointed(null)}
        >
          {[0, 0.5, 1].map((part) => (
            <line
              key={part}
              x1={0}
              x2={WIDTH}
              y1={part * HEIGHT}
              y2={part * HEIGHT}
              vectorEffect="non-scaling-stroke"
              className="stroke-line"
            />
          ))}
          {bars.map(({ from, allowed, denied }, index) => (
            <g key={from.getTime()} onPointerEnter={() => setPointed(index)}>
              <rect
                x={index * slot}
                y={0}
                width={slot}
                height={HEIGHT}
                className={classes(index === pointed ? 'fill-hover' : 'fill-transparent')}
              />
              <rect
                x={index * slot + gap / 2}
                y={HEIGHT - heightOf(allowed)}
                width={slot - gap}
                height={heightOf(allowed)}
                className="fill-accent"
              />
              <rect
                x={index * slot + gap / 2}
                y={HEIGHT - heightOf(allowed + denied)}
                width={slot - gap}
                height={heightOf(denied)}
                className="fill-bad"
              />
            </g>
          ))}
        </svg>
        <div aria-hidden="true" className="col-start-2 mt-1 flex justify-between text-xs text-soft">
          <span>{bars[0]?.label}</span>
          <span>{bars[Math.floor(bars.length / 2)]?.label}</span>
          <span>{bars.at(-1)?.label}</span>
        </div>
      </div>
    </figure>
  );
}

function Key({ className, children }: { readonly className: string; readonly children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={classes('size-2.5 rounded-xs', className)} />
      {children}
    </span>
  );
}

import { Link, type LinkProps } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

const LOOKS = {
  primary: 'border-transparent bg-accent text-on-accent hover:not-disabled:brightness-110',
  secondary: 'border-edge bg-paper text-ink hover:not-disabled:bg-hover',
  quiet: 'border-transparent text-soft hover:not-disabled:bg-hover hover:not-disabled:text-ink',
  danger: 'border-transparent bg-danger text-on-danger hover:not-disabled:brightness-110',
} as const;

const SIZES = { small: 'h-7 px-2.5 text-sm', medium: 'h-9 px-3.5 text-base' } as const;

export interface ButtonLook {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
  readonly icon?: IconName;
}

export function buttonClasses({ look = 'secondary', size = 'medium' }: ButtonLook, className?: string): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap',
    'transition-[background-color,filter] disabled:cursor-not-allowed disabled:opacity-55 aria-busy:cursor-progress',
    SIZES[size],
    LOOKS[look],
    className,
  );
}

export interface ButtonProps extends ButtonLook, Omit<ComponentProps<'button'>, 'size'> {
  /** While true a click does nothing, and the button keeps its focus. */
  readonly busy?: boolean;
  readonly children: ReactNode;
}

export function Button({ look, size, icon, busy = false, children, className, onClick, type, ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type ?? 'button'}
      aria-busy={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={buttonClasses(
        { ...(look && { look }), ...(size && { size }) },
        classes(busy && 'opacity-70', className),
      )}
    >
      {busy ? <Spinner /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere, and opens in a tab of its own like any link. */
export function ButtonLink({ look, size, icon, children, ...link }: ButtonLook & LinkProps & { children: ReactNode }) {
  return (
    <Link {...link} className={buttonClasses({ ...(look && { look }), ...(size && { size }) })}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </Link>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: IconName;
  /** What it does, for who cannot see the picture and as its tip. */
  readonly label: string;
}

export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={classes(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-soft hover:bg-hover hover:text-ink',
        className,
      )}
    >
      <Icon name={icon} />
    </button>
  );
}

export function Spinner() {
  return (
    <svg aria-hidden="true" viewBox="0 0 16 16" fill="none" className="size-4 shrink-0 animate-spin">
      <circle cx="8" cy="8" r="6" stroke="currentColor" strokeWidth="2" opacity="0.3" />
      <path d="M14 8a6 6 0 0 0-6-6" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

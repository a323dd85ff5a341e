import type { ReactNode } from 'react';
import { ButtonLink, Icon } from '../../ui/index.ts';

interface DeadEndProps {
  readonly title: string;
  /** Why, and what to do about it. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** A link that leads nowhere any more. */
export function DeadEnd({ title, children, action }: DeadEndProps) {
  return (
    <div role="alert" className="grid gap-4">
      <span className="flex size-10 items-center justify-center rounded-full bg-warn-paper text-warn">
        <Icon name="alert" className="size-5" />
      </span>
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="grid gap-2 text-soft">{children}</div>
      {action}
      <ButtonLink to="/sign-in" look={action === undefined ? 'primary' : 'quiet'}>
        Go to sign-in
      </ButtonLink>
    </div>
  );
}

import type { ReactNode } from 'react';
import { useDashboard } from '../../api/queries.ts';
import { ButtonLink, CopyButton, Spinner } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { hasPage } from '../index.ts';
import { Card } from './card.tsx';

const COMMAND = 'mt-2 overflow-x-auto rounded-md bg-raised px-3.5 py-3 font-mono text-sm text-ink';

/** What a new installation shows instead of a chart of nothing: how the first request comes about. */
export function FirstSteps({ hasToken }: { readonly hasToken: boolean }) {
  const words = useWords();
  const { first_command } = useDashboard();
  return (
    <Card title="Three steps to the first request" lead="This page follows along by itself.">
      <ol className="grid gap-5 px-5 py-5">
        <Step
          number={1}
          title={`Create ${words.aToken}`}
          action={
            hasPage('/tokens/new') && (
              <ButtonLink to="/tokens/new" look="primary" icon="plus" size="small">
                {words.createButton}
              </ButtonLink>
            )
          }
        >
          Say what it is for and what it may do, and copy its value: it is shown once.
          {hasToken && ` The ${words.token} of the set-up does for a first try, too.`}
        </Step>
        <Step
          number={2}
          title="Call the API with it"
          action={<CopyButton text={() => first_command.command} label="Copy command" size="small" />}
        >
          Put the value into <code className="font-mono text-sm">{first_command.variable}</code> and run this:
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by key */}
          <pre tabIndex={0} className={COMMAND}>
            {first_command.command}
          </pre>
        </Step>
        <Step number={3} title="See it here">
          <span className="inline-flex items-center gap-2">
            <Spinner /> Waiting for the first request.
          </span>
        </Step>
      </ol>
    </Card>
  );
}

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

function Step({ number, title, action, children }: StepProps) {
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
      <span
        aria-hidden="true"
        className="flex size-7 items-center justify-center rounded-full bg-hover text-sm font-semibold text-soft"
      >
        {number}
      </span>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h3 className="font-medium">{title}</h3>
          {action}
        </div>
        <div className="mt-0.5 text-soft">{children}</div>
      </div>
    </li>
  );
}

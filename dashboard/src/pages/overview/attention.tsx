import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/operations.ts';
import { classes, Icon, type IconName } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { Card, countText } from './card.tsx';

interface Row {
  readonly icon: IconName;
  readonly count: number;
  /** Filter of the list behind the number. */
  readonly attention: string;
  readonly title: string;
  readonly advice: string;
}

/** Tokens that somebody should look at, each number with the list behind it. */
export function Attention({ tokens }: Pick<Overview, 'tokens'>) {
  const words = useWords();
  const rows: readonly Row[] = [
    {
      icon: 'activity',
      count: tokens.expiring,
      attention: 'expiring',
      title: 'Expiring within 30 days',
      advice: 'Rotate them before the programs that use them stop.',
    },
    {
      icon: 'eye',
      count: tokens.unused,
      attention: 'unused',
      title: 'Unused for 90 days',
      advice: 'Nobody would miss them: revoke them.',
    },
    {
      icon: 'people',
      count: tokens.owner_ended,
      attention: 'owner_ended',
      title: 'Owner left or is disabled',
      advice: 'Refused for now, and back when the owner is: revoke them if that must not be.',
    },
    {
      icon: 'shield',
      count: tokens.never_expire,
      attention: 'never_expires',
      title: 'Without an expiry',
      advice: 'Give them one, so that a forgotten one ends by itself.',
    },
  ];
  return (
    <Card title="Worth a look" lead={`${words.Tokens} that can still be used, counted now.`}>
      <ul className="grid gap-px bg-line sm:grid-cols-2">
        {rows.map(({ icon, count, attention, title, advice }) => (
          <li key={attention} className="bg-paper">
            <Link
              to="/tokens"
              search={{ attention } as never}
              className="flex h-full gap-3 px-5 py-3 -outline-offset-2 hover:bg-raised"
            >
              <Icon name={icon} className={classes('mt-1', count > 0 ? 'text-warn' : 'text-soft')} />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{title}</span>
                <span className="block text-sm text-soft">{count > 0 ? advice : 'None.'}</span>
              </span>
              <span className={classes('text-lg font-semibold tabular-nums', count === 0 && 'text-soft')}>
                {countText(count)}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

import type { ApiError } from '../../../api/api-error.ts';
import type { TokenOptions } from '../../../api/operations.ts';
import { limitText } from '../token-text.ts';
import { Choices } from './choices.tsx';

interface TierChoicesProps {
  readonly tiers: TokenOptions['tiers'];
  readonly value: string;
  readonly onValue: (tier: string) => void;
  readonly error: ApiError | null;
}

/** Which of the company's limits holds for it; nothing where there is no choice. */
export function TierChoices({ tiers, value, onValue, error }: TierChoicesProps) {
  if (tiers.length < 2) return null;
  return (
    <Choices
      legend="How much it may ask"
      value={value}
      columns={2}
      problem={error?.problemOf('tier') ?? error?.problemOf('limits')}
      options={tiers.map(({ tier, label, use_case, windows }) => ({
        value: tier,
        label,
        hint: [windows === 'unlimited' ? 'No limit' : windows.map(limitText).join(', '), use_case]
          .filter(Boolean)
          .join(' · '),
      }))}
      onValue={onValue}
    />
  );
}

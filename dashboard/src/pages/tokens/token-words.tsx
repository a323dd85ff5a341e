import type { Token } from '../../api/operations.ts';
import { Badge, type BadgeLook } from '../../ui/index.ts';
import { STATE_LABELS } from './token-text.ts';

export { grantSummary, levelLabel, ownerName } from './token-text.ts';

const LOOKS: Readonly<Record<Token['state'], BadgeLook>> = {
  active: 'good',
  disabled: 'warn',
  superseded: 'warn',
  replaced: 'plain',
  expired: 'plain',
  revoked: 'bad',
};

export function StateBadge({ state }: Pick<Token, 'state'>) {
  return <Badge look={LOOKS[state]}>{STATE_LABELS[state]}</Badge>;
}

import type { ApiError } from '../../../api/api-error.ts';
import type { Token } from '../../../api/operations.ts';
import { Button, ErrorNotice, Notice } from '../../../ui/index.ts';
import { useWords } from '../../../words.ts';

interface LostProps {
  readonly token: Token;
  readonly isBusy: boolean;
  readonly error: ApiError | null;
  readonly onAgain: () => void;
  readonly onKeep: () => void;
}

/** It was made, and the answer with its value never arrived. */
export function Lost({ token, isBusy, error, onAgain, onKeep }: LostProps) {
  const words = useWords();
  return (
    <div className="grid max-w-3xl gap-4">
      <Notice look="warn">
        <p>
          <strong className="font-medium">{token.name}</strong> (<span className="font-mono">{token.hint}</span>) was
          made, but the answer with its value was lost on the way here. The value cannot be shown any more. Nobody has
          it, so revoke this {words.token} and create it again.
        </p>
      </Notice>
      <ErrorNotice error={error} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" busy={isBusy} onClick={onAgain}>
          Revoke it and create again
        </Button>
        <Button look="quiet" onClick={onKeep}>
          Leave it as it is
        </Button>
      </div>
    </div>
  );
}

import type { Token } from '../../api/operations.ts';
import { EmptyState } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { DenialTable } from '../denials/denial-table.tsx';

/** What was refused of this token lately; each one opens to its explanation. */
export function TokenDenials({ token }: { readonly token: Token }) {
  const words = useWords();
  return (
    <DenialTable
      label={`Refused requests of ${token.name}`}
      asked={() => ({ token_id: token.id })}
      withToken={false}
      expected={4}
      empty={
        <EmptyState icon="check" title="Nothing was refused lately">
          <p>
            When a request with this {words.token} is refused, it stands here with every check that was made, and with
            what to do about it.
          </p>
        </EmptyState>
      }
    />
  );
}

import type { Token } from '../../api/operations.ts';
import { Button } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import type { Chosen } from './use-chosen.ts';

interface ChosenBarProps {
  readonly chosen: Chosen;
  /** Those of this page that can be chosen. */
  readonly choosable: readonly Token[];
  readonly onRevoke: () => void;
}

/** What can be done with all that are ticked; over the end of the page, so that no row moves. */
export function ChosenBar({ chosen, choosable, onRevoke }: ChosenBarProps) {
  const words = useWords();
  const count = chosen.tokens.length;
  const isAll = choosable.every(({ id }) => chosen.has(id));
  return (
    <section aria-label={`Chosen ${words.tokens}`} className="sticky bottom-4 z-20 mt-4 flex justify-center">
      {count > 0 && (
        <div className="flex flex-wrap items-center gap-2 rounded-xl border border-line bg-paper py-2 pr-2 pl-4 shadow-pop">
          <span role="status" className="mr-2">
            {count} chosen
          </span>
          {!isAll && <Button onClick={() => chosen.chooseAll(choosable)}>Choose all on this page</Button>}
          <Button onClick={chosen.clear}>Choose none</Button>
          <Button look="danger" onClick={onRevoke}>
            {words.revokeButton} {count} {count === 1 ? words.token : words.tokens}
          </Button>
        </div>
      )}
    </section>
  );
}

import { Button } from './button.tsx';

interface PaginationProps {
  /** Cursors of the pages before this one, oldest first; empty on the first page. */
  readonly behind: readonly (string | null)[];
  readonly nextCursor: string | null;
  readonly onNext: () => void;
  readonly onPrevious: () => void;
}

/** Forward and back through pages that only know their next one; nothing when there is one page. */
export function Pagination({ behind, nextCursor, onNext, onPrevious }: PaginationProps) {
  if (behind.length === 0 && nextCursor === null) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center justify-between gap-3">
      <p className="text-sm text-soft">Page {behind.length + 1}</p>
      <div className="flex gap-2">
        <Button size="small" icon="chevronLeft" disabled={behind.length === 0} onClick={onPrevious}>
          Previous
        </Button>
        <Button size="small" disabled={nextCursor === null} onClick={onNext}>
          Next
        </Button>
      </div>
    </nav>
  );
}

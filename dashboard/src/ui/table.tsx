import type { ReactNode } from 'react';
import type { ApiError } from '../api/api-error.ts';
import { classes } from './class-names.ts';
import { Icon } from './icon.tsx';
import { FailedNotice } from './notice.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The orders this column can bring, by their names; the first press takes the descending one where there is one. */
  readonly sort?: { readonly ascending?: string; readonly descending?: string };
  readonly align?: 'right';
  /** Heads the card of its row on narrow screens, without its header. */
  readonly heads?: true;
  /** Left out on narrow screens, where the rows become cards. */
  readonly wide?: true;
  /** Header for screen readers alone, such as that of a column of menus. */
  readonly headerHidden?: true;
  /** Width of the column while it is empty and after, so that nothing jumps: a Tailwind width. */
  readonly width?: string;
}

interface TableProps<Row> {
  /** What is listed, for who cannot see. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** undefined while they are on their way. */
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Name of the order the rows are in. */
  readonly sort?: string;
  readonly onSort?: (sort: string) => void;
  readonly error: ApiError | null;
  readonly onRetry: () => void;
  /** Shown instead when there is no row. */
  readonly empty: ReactNode;
  /** How many rows to leave room for while they are on their way. */
  readonly expected?: number;
  /** What is shown is being asked for again. */
  readonly busy?: boolean;
}

/** Rows of one kind. On narrow screens each row becomes a card whose cells carry their headers. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, rowKey, error, onRetry, empty, expected = 8, busy = false } = props;
  if (error !== null && rows === undefined) return <FailedNotice error={error} onRetry={onRetry} />;
  if (rows?.length === 0) return <>{empty}</>;
  return (
    <div className="overflow-x-auto rounded-lg border border-line">
      <table
        aria-label={label}
        aria-busy={rows === undefined || busy}
        className="w-full border-collapse text-left max-md:block"
      >
        <thead className="bg-raised max-md:sr-only">
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} {...props} />
            ))}
          </tr>
        </thead>
        <tbody className={classes('max-md:block', busy && 'opacity-60')}>
          {rows === undefined
            ? Array.from({ length: expected }, (_, index) => <SkeletonRow key={index} columns={columns} />)
            : rows.map((row) => (
                <tr
                  key={rowKey(row)}
                  className="border-t border-line hover:bg-raised max-md:block max-md:px-4 max-md:py-3 max-md:first:border-t-0"
                >
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      className={classes(
                        'px-3 py-2 align-middle md:first:pl-4 md:last:pr-4 max-md:flex max-md:items-baseline max-md:justify-between max-md:gap-4 max-md:px-0 max-md:py-0.5',
                        column.align === 'right' && 'md:text-right',
                        column.wide && 'max-md:hidden',
                        column.heads && 'max-md:pb-1.5',
                      )}
                    >
                      {!column.headerHidden && !column.heads && (
                        <span aria-hidden="true" className="shrink-0 text-sm text-soft md:hidden">
                          {column.header}
                        </span>
                      )}
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
        </tbody>
      </table>
    </div>
  );
}

function HeaderCell<Row>({ column, sort, onSort }: TableProps<Row> & { readonly column: Column<Row> }) {
  const { ascending, descending } = column.sort ?? {};
  const direction =
    sort === undefined ? undefined : sort === ascending ? 'ascending' : sort === descending ? 'descending' : undefined;
  const next = direction === 'descending' ? (ascending ?? descending) : (descending ?? ascending);
  return (
    <th
      scope="col"
      aria-sort={direction}
      className={classes(
        'h-9 px-3 text-sm font-medium first:pl-4 last:pr-4 whitespace-nowrap text-soft',
        column.align === 'right' && 'text-right',
        column.width,
      )}
    >
      {next === undefined || onSort === undefined ? (
        <span className={column.headerHidden && 'sr-only'}>{column.header}</span>
      ) : (
        <button
          type="button"
          className={classes('inline-flex items-center gap-1 hover:text-ink', direction !== undefined && 'text-ink')}
          onClick={() => onSort(next)}
        >
          {column.header}
          <Icon
            name={direction === 'ascending' ? 'sortUp' : direction === 'descending' ? 'sortDown' : 'chevronsUpDown'}
            className="size-3.5"
          />
        </button>
      )}
    </th>
  );
}

function SkeletonRow<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  return (
    <tr className="h-13 border-t border-line max-md:block max-md:h-28 max-md:p-4">
      {columns.map((column, index) => (
        <td key={column.id} className={classes('px-3 py-2.5 first:pl-4 max-md:px-0', index > 0 && 'max-md:hidden')}>
          <span className={classes('skeleton block h-3.5', index === 0 ? 'w-32' : 'w-16')} />
        </td>
      ))}
    </tr>
  );
}

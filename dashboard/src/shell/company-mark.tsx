import { useDashboard } from '../api/queries.ts';

/** Logo and name of the company; without a logo its first letter stands in. */
export function CompanyMark() {
  const { company } = useDashboard();
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {company.logo_url === null ? (
        <span
          aria-hidden="true"
          className="flex size-7 shrink-0 items-center justify-center rounded-md bg-accent text-base font-semibold text-on-accent"
        >
          {company.name.slice(0, 1).toUpperCase()}
        </span>
      ) : (
        <img src={company.logo_url} alt="" className="h-7 max-w-24 shrink-0 object-contain" />
      )}
      <span className="truncate text-lg font-semibold tracking-tight">{company.name}</span>
    </span>
  );
}

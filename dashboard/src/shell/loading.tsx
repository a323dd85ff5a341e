/** A page that is on its way; only shown when that takes a moment. */
export function Loading() {
  return (
    <div aria-busy="true" className="grid gap-4 p-6">
      <p role="status" className="sr-only">
        Loading
      </p>
      <span className="skeleton h-6 w-48" />
      <span className="skeleton h-4 w-80 max-w-full" />
      <span className="skeleton h-64 w-full" />
    </div>
  );
}

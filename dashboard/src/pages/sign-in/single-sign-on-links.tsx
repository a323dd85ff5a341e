import { useDashboard } from '../../api/queries.ts';
import { buttonClasses } from '../../ui/button.tsx';
import { Icon } from '../../ui/index.ts';

/** The ways in beside a password, if there are any. They lead away from the page, and back to `next`. */
export function SingleSignOnLinks({ next }: { readonly next: string }) {
  const { password, single_sign_on: providers } = useDashboard().sign_in;
  if (providers.length === 0) return null;
  return (
    <>
      {password && (
        <p className="my-5 flex items-center gap-3 text-sm text-soft before:flex-1 before:border-t before:border-line after:flex-1 after:border-t after:border-line">
          or
        </p>
      )}
      <ul className="grid gap-2">
        {providers.map(({ id, label }) => (
          <li key={id}>
            <a href={singleSignOnPath(id, next)} className={buttonClasses({}, 'w-full')}>
              <Icon name="building" />
              {label}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function singleSignOnPath(id: string, next: string): string {
  return `/v1/single-sign-on/${encodeURIComponent(id)}?${new URLSearchParams({ next })}`;
}

import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { sessionQuery, useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { buttonClasses } from '../../ui/button.tsx';
import { Icon } from '../../ui/index.ts';
import { readNext } from './next.ts';
import { SignInForm } from './sign-in-form.tsx';

export default function SignIn() {
  const { company, sign_in: ways } = useDashboard();
  const { next } = useSearch({ strict: false }) as { readonly next?: unknown };
  const queryClient = useQueryClient();
  const router = useRouter();
  const goOn = async () => {
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.replace(readNext(next));
  };
  return (
    <OutsideFrame>
      <h1 className="mb-5 text-xl font-semibold tracking-tight">Sign in to {company.name}</h1>
      {ways.password && (
        <>
          <SignInForm onSignedIn={goOn} />
          <p className="mt-4 text-center text-sm">
            <Link to="/forgot-password" className="text-accent hover:underline">
              Forgot your password?
            </Link>
          </p>
        </>
      )}
      {ways.single_sign_on.length > 0 && (
        <>
          {ways.password && (
            <p className="my-5 flex items-center gap-3 text-sm text-soft before:flex-1 before:border-t before:border-line after:flex-1 after:border-t after:border-line">
              or
            </p>
          )}
          <ul className="grid gap-2">
            {ways.single_sign_on.map(({ id, label }) => (
              <li key={id}>
                <a href={singleSignOnPath(id, readNext(next))} className={buttonClasses({}, 'w-full')}>
                  <Icon name="building" />
                  {label}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </OutsideFrame>
  );
}

function singleSignOnPath(id: string, next: string): string {
  return `/v1/single-sign-on/${encodeURIComponent(id)}?${new URLSearchParams({ next })}`;
}

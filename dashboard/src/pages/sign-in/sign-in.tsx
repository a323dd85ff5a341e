import { useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { sessionQuery, useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { readNext } from './next.ts';
import { SignInForm } from './sign-in-form.tsx';
import { SingleSignOnLinks } from './single-sign-on-links.tsx';
import { SingleSignOnProblem } from './single-sign-on-problem.tsx';

export default function SignIn() {
  const { company, sign_in: ways } = useDashboard();
  const { next, problem } = useSearch({ strict: false }) as { readonly next?: unknown; readonly problem?: unknown };
  const queryClient = useQueryClient();
  const router = useRouter();
  const goOn = async () => {
    await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.replace(readNext(next));
  };
  return (
    <OutsideFrame>
      <h1 className="mb-5 text-xl font-semibold tracking-tight">Sign in to {company.name}</h1>
      <SingleSignOnProblem problem={problem} />
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
      <SingleSignOnLinks next={readNext(next)} />
    </OutsideFrame>
  );
}

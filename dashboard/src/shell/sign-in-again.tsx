import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { forgetPages, forgetPerson, sessionQuery, useDashboard, useSession } from '../api/queries.ts';
import { noteSessionEnded, useSessionEnded } from '../api/session-end.ts';
import { SignInForm } from '../pages/sign-in/sign-in-form.tsx';
import { SingleSignOnLinks } from '../pages/sign-in/single-sign-on-links.tsx';
import { Button, Dialog } from '../ui/index.ts';

/** Over a page whose session ended: who signs in again goes on where they were, with what they had typed. */
export function SignInAgain() {
  const hasEnded = useSessionEnded();
  const { user, account: hasAccount } = useSession();
  const { sign_in: ways } = useDashboard();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const goOn = async () => {
    const session = await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    noteSessionEnded(false);
    if (session.user.id !== user.id) {
      await navigate({ to: '/' });
      await forgetPages(queryClient);
    } else await queryClient.invalidateQueries();
  };
  const leave = async () => {
    noteSessionEnded(false);
    await navigate({ to: '/sign-in' });
    forgetPerson(queryClient);
  };
  if (!hasAccount) return <OpenAgain open={hasEnded} />;
  return (
    <Dialog
      open={hasEnded}
      onClose={() => {}}
      dismissible={false}
      width="small"
      title="Sign in again"
      description="Your session has ended. The page behind is as you left it."
      footer={
        <Button look="quiet" onClick={leave}>
          Leave this page
        </Button>
      }
    >
      {ways.password && <SignInForm email={user.email ?? ''} onSignedIn={goOn} />}
      <SingleSignOnLinks next={`${location.pathname}${location.search}`} />
    </Dialog>
  );
}

/** Whom their company sent here comes again the same way. */
function OpenAgain({ open }: { readonly open: boolean }) {
  return (
    <Dialog
      open={open}
      onClose={() => {}}
      dismissible={false}
      width="small"
      title="Open this page again"
      description="Your session has ended: it was left unused, or access was withdrawn. Come again from your own application."
      footer={null}
    >
      {null}
    </Dialog>
  );
}

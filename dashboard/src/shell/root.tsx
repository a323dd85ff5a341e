import { type ErrorComponentProps, Outlet, useRouter } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { useServerGone } from '../api/connection.ts';
import { Button, Icon, Spinner, Toasts } from '../ui/index.ts';

/** What stands around every page, signed in or not. */
export function Root() {
  return (
    <>
      <GoneBanner />
      <Outlet />
      <Toasts />
    </>
  );
}

/** Stays above the page while the server is silent; the page itself keeps what was typed. */
function GoneBanner() {
  const isGone = useServerGone();
  return (
    <div role="status" className="sticky top-0 z-60">
      {isGone && (
        <div className="flex items-center justify-center gap-2.5 bg-warn-paper px-4 py-2 text-warn">
          <Spinner />
          <p>The server does not answer. Nothing you typed is lost: this page goes on as soon as it is back.</p>
        </div>
      )}
    </div>
  );
}

/** A page that broke. What the server said is shown as it is; anything else is ours, and says so. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const isOurs = !(error instanceof ApiError);
  const again = async () => {
    await router.invalidate();
    reset();
  };
  return (
    <div role="alert" className="mx-auto grid max-w-lg justify-items-start gap-3 px-6 py-16">
      <span className="flex size-10 items-center justify-center rounded-full bg-bad-paper text-bad">
        <Icon name="alert" className="size-5" />
      </span>
      <h1 className="text-xl font-semibold">{isOurs ? 'This page has a fault' : 'This page cannot be shown now'}</h1>
      <p className="text-soft">
        {isOurs ? 'Nothing was changed by it. Try again; if it stays, tell who runs this server.' : error.message}
      </p>
      {!isOurs && error.requestId !== null && (
        <p className="font-mono text-sm text-soft">Request id: {error.requestId}</p>
      )}
      <Button onClick={again}>Try again</Button>
    </div>
  );
}

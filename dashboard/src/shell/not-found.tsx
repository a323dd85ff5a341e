import { ButtonLink, EmptyState } from '../ui/index.ts';

export function NotFound() {
  return (
    <EmptyState
      icon="search"
      heading="h1"
      title="There is nothing at this address"
      action={<ButtonLink to="/">Go to the first page</ButtonLink>}
    >
      <p>The link may be old or mistyped, or what it led to is not yours to see.</p>
    </EmptyState>
  );
}

export function NotYours() {
  return (
    <EmptyState
      icon="shield"
      heading="h1"
      title="Your role does not show this page"
      action={<ButtonLink to="/">Go to the first page</ButtonLink>}
    >
      <p>
        An administrator of your workspace can give you a role that does. If you have one elsewhere, switch workspace.
      </p>
    </EmptyState>
  );
}

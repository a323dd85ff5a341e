import { Notice } from '../../ui/index.ts';

const SENTENCES = new Map([
  ['unavailable', 'The service you sign in with does not answer. Try again in a moment.'],
  ['expired', 'That took more than ten minutes, or was begun in another window. Try again.'],
  ['cancelled', 'You have not been signed in.'],
  ['refused', 'That account may not sign in here. Ask an administrator of this dashboard to invite you.'],
  [
    'not-invited',
    'The invitation is for another e-mail address than that of your account. Open its link again, and sign in with the invited one.',
  ],
  [
    'invitation-over',
    'The invitation was used already, has been withdrawn, or is older than seven days. Ask whoever invited you for a new one.',
  ],
  ['failed', 'Signing in did not work. Try again; if it goes on, tell an administrator of this dashboard.'],
]);

const PREFIX = 'single-sign-on-';

/** Why the browser is back from single sign-on and nobody is signed in; nothing for what is no such reason. */
export function SingleSignOnProblem({ problem }: { readonly problem: unknown }) {
  const isOurs = typeof problem === 'string' && problem.startsWith(PREFIX);
  const sentence = isOurs ? SENTENCES.get(problem.slice(PREFIX.length)) : undefined;
  if (sentence === undefined) return null;
  return (
    <div role="alert" className="mb-4">
      <Notice look="bad">{sentence}</Notice>
    </div>
  );
}

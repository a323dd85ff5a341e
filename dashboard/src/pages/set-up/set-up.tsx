import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { SetUp as SetUpAnswer } from '../../api/operations.ts';
import { dashboardQuery, useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ErrorNotice, Field, PasswordInput, SecretOnce, TextInput } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { codeInAddress } from './code-in-address.ts';

const FIELDS = ['code', 'email', 'password', 'workspace'] as const;
type FieldName = (typeof FIELDS)[number];
const EMPTY: Readonly<Record<FieldName, string>> = { code: codeInAddress, email: '', password: '', workspace: '' };

/** How the first administrator comes in; it can be done once. */
export default function SetUp() {
  const [token, setToken] = useState<string | null>(null);
  const queryClient = useQueryClient();
  const router = useRouter();
  const goOn = async () => {
    setToken(null);
    await queryClient.fetchQuery({ ...dashboardQuery, staleTime: 0 });
    router.history.replace('/');
  };
  return (
    <OutsideFrame wide>
      {token === null ? <Asking onToken={setToken} /> : <Giving value={token} onDone={goOn} />}
    </OutsideFrame>
  );
}

function Asking({ onToken }: { readonly onToken: (value: string) => void }) {
  const { sign_in: ways } = useDashboard();
  const [typed, setTyped] = useState(EMPTY);
  const [isSent, setSent] = useState(false);
  const setUp = useMutation<SetUpAnswer, ApiError>({
    mutationFn: () => {
      const { password, ...rest } = typed;
      return call<SetUpAnswer>('POST', '/v1/setup', { body: ways.password ? { ...rest, password } : rest });
    },
    onSuccess: async ({ token }) => {
      // Signed in already when the token has been kept; without a session the sign-in page asks for the same.
      const { email, password } = typed;
      if (ways.password) await call('POST', '/v1/sessions', { body: { email, password } }).catch(() => {});
      onToken(token.value);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSent(true);
    const empty = FIELDS.find((name) => typed[name].trim() === '' && (name !== 'password' || ways.password));
    if (empty !== undefined) (event.currentTarget.elements.namedItem(empty) as HTMLElement).focus();
    else if (!setUp.isPending) setUp.mutate();
  };
  const field = (name: FieldName) => ({
    name,
    value: typed[name],
    onChange: (event: { readonly target: { readonly value: string } }) =>
      setTyped({ ...typed, [name]: event.target.value }),
  });
  const problem = (name: FieldName) =>
    isSent && typed[name].trim() === '' ? 'This is still empty.' : setUp.error?.problemOf(name);
  const isAboutCode = setUp.error?.code === 'setup_code_invalid';
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <div className="mb-1">
        <h1 className="text-xl font-semibold tracking-tight">Set up Keyhouse</h1>
        <p className="mt-1 text-soft">
          Nobody runs this installation yet. Say who you are, and you get the first administrator’s account and the
          first management token.
        </p>
      </div>
      <ErrorNotice error={isAboutCode ? null : setUp.error} shown={FIELDS} />
      <Field
        label="Set-up code"
        problem={isAboutCode && typed.code !== '' ? setUp.error?.message : problem('code')}
        hint="In the terminal where Keyhouse started. It is good once and for 30 minutes; a restart prints a new one."
      >
        <TextInput
          {...field('code')}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          autoFocus={codeInAddress === ''}
          className="font-mono"
        />
      </Field>
      <Field
        label="Your e-mail"
        problem={problem('email')}
        hint={ways.password ? 'You sign in with it.' : 'That of the account you sign in with.'}
      >
        <TextInput {...field('email')} type="email" autoComplete="username" autoFocus={codeInAddress !== ''} />
      </Field>
      {ways.password && (
        <Field label="Password" problem={problem('password')} hint="Long beats clever: four or five words of your own.">
          <PasswordInput {...field('password')} autoComplete="new-password" />
        </Field>
      )}
      <Field
        label="Company"
        problem={problem('workspace')}
        hint="Its own workspace is made under this name. Your customers get theirs later."
      >
        <TextInput {...field('workspace')} autoComplete="organization" />
      </Field>
      <Button type="submit" look="primary" busy={setUp.isPending} className="mt-1">
        Become the administrator
      </Button>
    </form>
  );
}

function Giving({ value, onDone }: { readonly value: string; readonly onDone: () => void }) {
  const { api_url: api } = useDashboard();
  const words = useWords();
  return (
    <>
      <h1 className="mb-1 text-xl font-semibold tracking-tight">Your first management token</h1>
      <p className="mb-4 text-soft">
        With it a program can make everything else: {words.tokens}, owners, workspaces, roles.
      </p>
      <SecretOnce
        value={value}
        word="management token"
        variable="KEYHOUSE_TOKEN"
        command={(text) => `curl ${api}/v1/auth/test \\\n  -H "Authorization: Bearer ${text}"`}
        doneLabel="Go to the dashboard"
        onDone={onDone}
      />
    </>
  );
}

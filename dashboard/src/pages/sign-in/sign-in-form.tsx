import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { Button, ErrorNotice, Field, PasswordInput, TextInput } from '../../ui/index.ts';

interface SignInFormProps {
  /** Filled in already, for who signs in again. */
  readonly email?: string;
  readonly onSignedIn: () => unknown;
}

/** E-mail and password, then the code of a second factor where the account has one. */
export function SignInForm({ email: known = '', onSignedIn }: SignInFormProps) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksForCode, setAsksForCode] = useState(false);
  const signIn = useMutation<unknown, ApiError, { readonly withCode: boolean }>({
    mutationFn: ({ withCode }) =>
      call('POST', '/v1/sessions', {
        body: { email, password, ...(withCode && { code: code.replaceAll(' ', '') }) },
      }),
    onSuccess: onSignedIn,
    onError: (error) => {
      if (error.code === 'second_factor_required') setAsksForCode(true);
      setCode('');
    },
  });
  const wait = useWaiting(signIn.error);
  const isAboutCode = signIn.error?.code === 'second_factor_required';
  const codeProblem = isAboutCode && signIn.variables?.withCode === true ? signIn.error?.message : undefined;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate({ withCode: asksForCode });
  };
  const startAgain = () => {
    signIn.reset();
    setPassword('');
    setAsksForCode(false);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <ErrorNotice error={isAboutCode ? null : signIn.error} />
      {asksForCode ? (
        <CodeField value={code} onValue={setCode} problem={codeProblem} />
      ) : (
        <>
          <Field label="E-mail">
            <TextInput
              type="email"
              name="email"
              autoComplete="username"
              required
              autoFocus={known === ''}
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </Field>
          <Field label="Password">
            <PasswordInput
              name="password"
              autoComplete="current-password"
              required
              autoFocus={known !== ''}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
        </>
      )}
      <Button type="submit" look="primary" busy={signIn.isPending} disabled={wait > 0}>
        {wait > 0 ? `Try again in ${wait} s` : 'Sign in'}
      </Button>
      {asksForCode && (
        <Button look="quiet" onClick={startAgain}>
          Use another account
        </Button>
      )}
    </form>
  );
}

interface CodeFieldProps {
  readonly value: string;
  readonly onValue: (code: string) => void;
  readonly problem: string | undefined;
}

function CodeField({ value, onValue, problem }: CodeFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <Field
      label="Code of your second factor"
      problem={problem}
      hint="Six digits from your authenticator app, or one of your recovery codes."
    >
      <TextInput
        ref={input}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellCheck={false}
        required
        value={value}
        onChange={(event) => onValue(event.target.value)}
        className="font-mono tracking-widest"
      />
    </Field>
  );
}

/** Whole seconds until the server takes another try, counted down; 0 when it does now. */
function useWaiting(error: ApiError | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    setSeconds(error?.status === 429 ? (error.retryAfterSeconds ?? 0) : 0);
  }, [error]);
  useEffect(() => {
    if (seconds === 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return seconds;
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { BegunSecondFactor, RecoveryCodes as Codes } from '../../api/operations.ts';
import { sessionQuery, useSession } from '../../api/queries.ts';
import {
  Badge,
  Button,
  CopyButton,
  ErrorNotice,
  Field,
  FormDialog,
  PasswordInput,
  say,
  TextInput,
} from '../../ui/index.ts';
import { QrCode } from './qr-code.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** Sets up, or takes away, the code that is asked for after the password. */
export function SecondFactor() {
  const { user } = useSession();
  const client = useQueryClient();
  const [begun, setBegun] = useState<BegunSecondFactor | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  const begin = useMutation<BegunSecondFactor, ApiError>({
    gcTime: 0,
    mutationFn: () => call<BegunSecondFactor>('POST', '/v1/session/second-factor'),
    onSuccess: setBegun,
  });
  const stopSettingUp = () => {
    setBegun(null);
    begin.reset();
  };
  return (
    <div className="grid gap-3">
      <ErrorNotice error={begin.error} />
      <div className="flex flex-wrap items-center gap-3">
        {user.second_factor ? (
          <>
            <Badge look="good">On</Badge>
            <Button onClick={() => setRemoving(true)}>Remove second factor</Button>
          </>
        ) : (
          <>
            <Badge look="warn">Off</Badge>
            <Button look="primary" busy={begin.isPending} onClick={() => begin.mutate()}>
              Set up second factor
            </Button>
          </>
        )}
      </div>
      {begun !== null && (
        <Confirming
          begun={begun}
          onClose={stopSettingUp}
          onConfirmed={(made) => {
            stopSettingUp();
            setCodes(made);
          }}
        />
      )}
      {codes !== null && (
        <RecoveryCodes
          codes={codes}
          onDone={() => {
            setCodes(null);
            void refresh();
          }}
        />
      )}
      {isRemoving && <Removing onClose={() => setRemoving(false)} onRemoved={refresh} />}
    </div>
  );
}

interface ConfirmingProps {
  readonly begun: BegunSecondFactor;
  readonly onClose: () => void;
  readonly onConfirmed: (codes: readonly string[]) => void;
}

function Confirming({ begun, onClose, onConfirmed }: ConfirmingProps) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const isComplete = code.trim() !== '' && password !== '';
  const confirm = useMutation<Codes, ApiError>({
    gcTime: 0,
    mutationFn: () =>
      call<Codes>('PUT', '/v1/session/second-factor', { body: { code: code.replaceAll(' ', ''), password } }),
    onSuccess: ({ recovery_codes: made }) => onConfirmed(made),
    onError: (error) => (error.problemOf('password') === undefined ? setCode('') : setPassword('')),
  });
  return (
    <FormDialog
      onClose={onClose}
      title="Set up second factor"
      submitLabel="Turn on"
      busy={confirm.isPending}
      error={confirm.error}
      shown={['code', 'password']}
      onSubmit={() => isComplete && confirm.mutate()}
    >
      <div className="flex flex-wrap gap-5">
        <QrCode text={begun.otpauth_url} label="QR code for your authenticator app" />
        <div className="grid min-w-0 flex-[1_1_14rem] content-start gap-2">
          <p>
            <strong className="font-medium">1.</strong> Open your authenticator app, such as the one of your phone or of
            your password manager, and scan the picture.
          </p>
          <p className="text-soft">It cannot scan? Type this into it instead:</p>
          <p className="flex flex-wrap items-center gap-2">
            <code className="rounded bg-raised px-2 py-1 font-mono text-sm break-all">{spaced(begun.secret)}</code>
            <CopyButton text={() => begun.secret} label="Copy secret" size="small" />
          </p>
        </div>
      </div>
      <Field
        label="2. The code that the app shows now"
        problem={confirm.error?.problemOf('code')}
        hint="Six digits. Nothing is asked for at sign-in before this was right."
      >
        <TextInput
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={20}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          className="max-w-40 font-mono tracking-widest"
        />
      </Field>
      <Field label="3. Your password" problem={confirm.error?.problemOf('password')}>
        <PasswordInput
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

function Removing({ onClose, onRemoved }: { readonly onClose: () => void; readonly onRemoved: () => Promise<void> }) {
  const [password, setPassword] = useState('');
  const remove = useMutation<unknown, ApiError>({
    gcTime: 0,
    mutationFn: () => call('DELETE', '/v1/session/second-factor', { body: { password } }),
    onSuccess: async () => {
      await onRemoved();
      say('The second factor is removed. The password alone lets you in now.');
      onClose();
    },
  });
  return (
    <FormDialog
      onClose={onClose}
      width="small"
      title="Remove second factor?"
      description="The password alone then lets you in, and the recovery codes are good for nothing."
      submitLabel="Remove"
      look="danger"
      busy={remove.isPending}
      error={remove.error}
      shown={['password']}
      onSubmit={() => password !== '' && remove.mutate()}
    >
      <Field label="Your password" problem={remove.error?.problemOf('password')}>
        <PasswordInput
          autoFocus
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </FormDialog>
  );
}

/** In groups of four, as apps ask for it. */
function spaced(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret;
}

import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import type { Claim as ClaimAnswer } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { OutsideFrame } from '../../shell/outside-frame.tsx';
import { Button, ErrorNotice, exactTime, Fact, Icon, SecretOnce } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { DeadEnd } from '../invitation/dead-end.tsx';
import { secretInAddress } from '../invitation/secret-in-address.ts';

/** Where the link of a rotation that is due leads: nothing happens before the button is pressed, since mail programs open links too. */
export default function Claim() {
  const words = useWords();
  const [isDone, setDone] = useState(false);
  const claim = useMutation<ClaimAnswer, ApiError>({
    gcTime: 0,
    mutationFn: () => call('POST', '/v1/claims', { body: { secret: secretInAddress } }),
  });
  const { data, error, reset } = claim;
  if (secretInAddress === '' || error?.code === 'link_invalid' || error?.code === 'already_rotated') {
    return (
      <OutsideFrame>
        <DeadEnd title="This link cannot be used">
          <p>{deadEnd(error?.code ?? null, words.token)}</p>
        </DeadEnd>
      </OutsideFrame>
    );
  }
  if (isDone) {
    return (
      <OutsideFrame>
        <div role="status" className="grid gap-4">
          <span className="flex size-10 items-center justify-center rounded-full bg-good-paper text-good">
            <Icon name="check" className="size-5" />
          </span>
          <h1 className="text-xl font-semibold tracking-tight">Put the new value into place</h1>
          <p className="text-soft">
            Wherever the old one is used. If the new one got lost, the link in your mail shows it again for ten minutes,
            as long as it was not used.
          </p>
        </div>
      </OutsideFrame>
    );
  }
  if (data !== undefined && data.new_key.value !== null) {
    return (
      <OutsideFrame>
        <div className="grid gap-4">
          <h1 className="text-xl font-semibold tracking-tight break-words">The new value of “{data.name}”</h1>
          <Taken
            claim={data}
            value={data.new_key.value}
            onDone={() => {
              reset();
              setDone(true);
            }}
          />
        </div>
      </OutsideFrame>
    );
  }
  return (
    <OutsideFrame>
      <div className="grid gap-4">
        <div>
          <h1 className="text-xl font-semibold tracking-tight">Take the new value</h1>
          <p className="mt-1 text-soft">
            A {words.token} of yours is due to be rotated. Its new value is shown once, on this page; have the place
            where it is used at hand. The old value goes on working for a while from then on, so that nothing stands
            still.
          </p>
        </div>
        <ErrorNotice error={error} />
        <Button look="primary" busy={claim.isPending} onClick={() => claim.mutate()}>
          Show the new value
        </Button>
      </div>
    </OutsideFrame>
  );
}

interface TakenProps {
  readonly claim: ClaimAnswer;
  readonly value: string;
  readonly onDone: () => void;
}

function Taken({ claim, value, onDone }: TakenProps) {
  const words = useWords();
  const { first_command: first } = useDashboard();
  const command = (claim.environment === 'test' ? first.test_command : null) ?? first.command;
  return (
    <SecretOnce
      value={value}
      word={words.token}
      variable={first.variable}
      {...(command !== '' && { command: (text: string) => command.replaceAll(`$${first.variable}`, () => text) })}
      onDone={onDone}
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        <Fact label="The old value">
          {Date.parse(claim.old_key.expires_at) <= Date.now()
            ? 'does not work any more'
            : `works until ${exactTime(claim.old_key.expires_at)}`}
        </Fact>
      </dl>
    </SecretOnce>
  );
}

function deadEnd(code: string | null, word: string): string {
  if (secretInAddress === '') return 'It is incomplete: open it again, whole, from your mail.';
  return code === 'already_rotated'
    ? `The new value was taken already, and is in use or was given to somebody else. Ask whoever looks after the ${word}.`
    : `It has run out, or the ${word} needs no new value any more. If the old one still works, it goes on working.`;
}

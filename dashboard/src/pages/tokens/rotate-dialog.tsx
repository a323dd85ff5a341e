import { useRef, useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import type { Token } from '../../api/operations.ts';
import { Button, ButtonLink, Checkbox, Dialog, ErrorNotice, exactTime, Field, Notice, Select } from '../../ui/index.ts';
import { useWords } from '../../words.ts';
import { durationMs, GRACES, graceLabel } from './create/durations.ts';
import { ShownOnce } from './create/shown-once.tsx';
import { useProfile } from './token-queries.ts';
import { useRotation } from './use-rotation.ts';

interface RotateDialogProps {
  /** null closes the dialog. */
  readonly token: Token | null;
  readonly onClose: () => void;
  /** After the new value was shown and put away. */
  readonly onDone: (successorId: string) => void;
}

/** Gives a token a new value: says what happens when, asks for how long the old one goes on, and shows the new one once. */
export function RotateDialog({ token, onClose, onDone }: RotateDialogProps) {
  const [opened, setOpened] = useState<{ readonly token: Token; readonly round: number } | null>(null);
  const round = useRef(0);
  if (token !== null && opened?.token.id !== token.id) {
    round.current += 1;
    setOpened({ token, round: round.current });
  }
  if (opened === null) return null;
  return (
    <Rotating
      key={opened.round}
      token={opened.token}
      open={token !== null}
      onClose={() => {
        onClose();
        setOpened(null);
      }}
      onDone={onDone}
    />
  );
}

interface RotatingProps {
  readonly token: Token;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onDone: (successorId: string) => void;
}

function Rotating({ token, open, onClose, onDone }: RotatingProps) {
  const words = useWords();
  const [grace, setGrace] = useState(token.rotation.grace_period);
  const [endsOnFirstUse, setEndsOnFirstUse] = useState(token.rotation.end_old_on_first_use);
  const rotation = useRotation(token);
  const { state } = rotation;
  if (state.is === 'shown') {
    const finish = () => {
      rotation.forget();
      onClose();
      onDone(state.successor.id);
    };
    return (
      <Dialog open={open} onClose={finish} dismissible={false} title={`The new value of “${token.name}”`}>
        <div className="grid gap-4">
          <p>{oldEndSentence(state.oldEndsAt)}</p>
          <ShownOnce token={state.successor} value={state.value} onDone={finish} />
        </div>
      </Dialog>
    );
  }
  const isStuck = state.is === 'lost' || state.is === 'rotated';
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Rotate “${token.name}”`}
      description={`It gets a new value and keeps everything else: what it may do, its owner and its limits.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {isStuck ? (
            <Button look="primary" busy={rotation.busy} onClick={() => void rotation.replace(grace)}>
              Make another in its place
            </Button>
          ) : (
            <Button look="primary" busy={rotation.busy} onClick={() => void rotation.rotate(grace, endsOnFirstUse)}>
              {rotation.busy ? 'Rotating…' : 'Rotate'}
            </Button>
          )}
        </>
      }
    >
      <div className="grid gap-4">
        <RotationError error={rotation.error} />
        {state.is === 'lost' && (
          <Notice look="warn">
            The rotation was made, and the answer with the new value was lost on its way. Nobody can show that value
            again. Make another in its place: the lost one ends, and the old one works on as it would have.
          </Notice>
        )}
        {state.is === 'rotated' && (
          <Notice look="warn">
            <p>
              It was rotated already, here or by somebody else. If nobody has the new value, make another in its place;
              that is possible until it is first used.
            </p>
            {state.successorId !== null && (
              <p className="mt-2">
                <ButtonLink size="small" to="/tokens/$id" params={{ id: state.successorId }}>
                  Show its successor
                </ButtonLink>
              </p>
            )}
          </Notice>
        )}
        {state.is === 'asking' && <GraceField token={token} grace={grace} onGrace={setGrace} word={words.token} />}
        {state.is === 'asking' && grace !== '0s' && (
          <Checkbox
            label="End the old value as soon as the new one is used"
            hint="For a value that is used in one place only."
            checked={endsOnFirstUse}
            onChecked={setEndsOnFirstUse}
          />
        )}
      </div>
    </Dialog>
  );
}

interface GraceFieldProps {
  readonly token: Token;
  readonly grace: string;
  readonly onGrace: (grace: string) => void;
  readonly word: string;
}

function GraceField({ token, grace, onGrace, word }: GraceFieldProps) {
  const profile = useProfile();
  if (profile?.onePerOwner === true) {
    return (
      <p>
        The old value stops working at once: here every owner has one {word}. Have the place where it is used open
        before you go on.
      </p>
    );
  }
  const graces = GRACES.includes(token.rotation.grace_period) ? GRACES : [...GRACES, token.rotation.grace_period];
  const expiresMs = token.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(token.expires_at);
  const endMs = Math.min(Date.now() + durationMs(grace), expiresMs);
  const isAtOnce = grace === '0s';
  return (
    <>
      <Field
        label="The old value works on for"
        hint={
          isAtOnce
            ? 'For a value that somebody else may have. What still uses it fails until it has the new one.'
            : 'Long enough to put the new value wherever the old one is used.'
        }
      >
        <Select
          value={grace}
          onValue={onGrace}
          options={graces.map((value) => ({ value, label: graceLabel(value) }))}
        />
      </Field>
      <ol className="list-decimal pl-5">
        <li>Now: the new value is shown once, and works at once.</li>
        <li>
          {isAtOnce
            ? 'Now, too: the old value is refused.'
            : `Until ${exactTime(new Date(endMs).toISOString())}: both work. Put the new one where the old one is used.`}
        </li>
        {!isAtOnce && <li>After that: the old value is refused.</li>}
      </ol>
    </>
  );
}

function RotationError({ error }: { readonly error: ApiError | null }) {
  if (error?.code !== 'server_gone') return <ErrorNotice error={error} />;
  return (
    <div role="alert">
      <Notice look="bad">
        The server did not answer, so the rotation may or may not have been made. Press the button again when it is
        back: it is never made twice.
      </Notice>
    </div>
  );
}

function oldEndSentence(at: string): string {
  const isOver = Date.parse(at) <= Date.now();
  return isOver ? 'The old value is refused from now on.' : `The old value works until ${exactTime(at)}.`;
}

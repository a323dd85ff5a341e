import { useState } from 'react';
import type { ApiError } from '../../api/api-error.ts';
import { call } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import type { Rotation, Token } from '../../api/operations.ts';
import { useDashboard } from '../../api/queries.ts';
import { useForgetTokens } from './token-queries.ts';

export type RotationState =
  | { readonly is: 'asking' }
  | { readonly is: 'shown'; readonly successor: Token; readonly value: string; readonly oldEndsAt: string }
  /** It was made, and its one answer did not arrive. */
  | { readonly is: 'lost' }
  | { readonly is: 'rotated'; readonly successorId: string | null };

/**
 * Rotates a token once, however often it is pressed: one idempotency key goes with all of it. The new value lives in the state
 * of the component that calls this, and nowhere else.
 */
export function useRotation(token: Token) {
  const { paths } = useDashboard();
  const forgetTokens = useForgetTokens();
  const [state, setState] = useState<RotationState>(() => beginState(token));
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const [keys, setKeys] = useState(newKeys);

  const send = async (body: object, idempotencyKey: string): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      const path = `${paths.tokens}/${token.id}/rotate`;
      const { old_key, new_key } = await call<Rotation>('POST', path, { body, idempotencyKey });
      if (new_key.value === null) setState({ is: 'lost' });
      else {
        const successor = await call<Token>('GET', `${paths.tokens}/${new_key.id}`).catch(() => null);
        setState({
          is: 'shown',
          successor: successor ?? { ...token, id: new_key.id },
          value: new_key.value,
          oldEndsAt: old_key.expires_at,
        });
      }
      return true;
    } catch (thrown) {
      const refused = thrown as ApiError;
      if (refused.code === 'already_rotated' && state.is === 'asking') setState(rotatedAlready(refused));
      else setError(refused);
      return false;
    } finally {
      setBusy(false);
      forgetTokens();
    }
  };
  return {
    state,
    error,
    busy,
    rotate: (grace: string, endsOnFirstUse: boolean) =>
      send({ grace_period: grace, end_old_on_first_use: endsOnFirstUse }, keys.first),
    /** Instead of a successor that nobody has used and whose value nobody has. */
    replace: async (grace: string) => {
      const isMade = await send({ grace_period: grace, replace_unused_successor: true }, keys.again);
      // An answer that was lost here too is replaced by a third.
      if (isMade) setKeys(newKeys());
    },
    forget: () => setState({ is: 'asking' }),
  };
}

function beginState({ superseded_by: successorId }: Token): RotationState {
  return successorId === null ? { is: 'asking' } : { is: 'rotated', successorId };
}

function newKeys() {
  return { first: newIdempotencyKey(), again: newIdempotencyKey() };
}

function rotatedAlready({ body }: ApiError): RotationState {
  const { successor_id: id } = body;
  return { is: 'rotated', successorId: typeof id === 'string' ? id : null };
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError } from '../../../api/api-error.ts';
import { call } from '../../../api/call.ts';
import { newIdempotencyKey } from '../../../api/idempotency-key.ts';
import type { Token } from '../../../api/operations.ts';
import { useDashboard } from '../../../api/queries.ts';

/** What was made. The value is here and in whatever shows it, and nowhere else. */
export interface Made {
  readonly token: Token;
  /** null when the answer with it was lost on its way: it is gone. */
  readonly value: string | null;
}

type Body = Readonly<Record<string, unknown>>;
type Answer = Token & { readonly value: string | null };

/** Creates one, however often the form is sent: one idempotency key lives as long as what it made is not known. */
export function useCreateToken() {
  const { paths } = useDashboard();
  const queryClient = useQueryClient();
  const [made, setMade] = useState<Made | null>(null);
  const key = useRef(newIdempotencyKey());
  /** What was sent without an answer: one of them may have been made. */
  const unanswered = useRef<readonly Body[]>([]);

  const ask = (body: Body) => call<Answer>('POST', paths.tokens, { body, idempotencyKey: key.current });
  const send = async (body: Body): Promise<Answer> => {
    try {
      return await ask(body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 'idempotency_mismatch') return findEarlier(error);
      if (error.status === 0 || error.status >= 500) unanswered.current = [...unanswered.current, body];
      throw error;
    }
  };
  /** The key was used with something else: with one of those, so nothing is made by asking for them once more. */
  const findEarlier = async (mismatch: ApiError): Promise<Answer> => {
    for (const body of unanswered.current) {
      const answer = await ask(body).catch((error) => {
        if (error instanceof ApiError && error.code === 'idempotency_mismatch') return null;
        throw error;
      });
      if (answer !== null) return answer;
    }
    throw mismatch;
  };
  const renew = () => {
    key.current = newIdempotencyKey();
    unanswered.current = [];
  };
  const keep = async (answer: Answer) => {
    const { value, ...token } = answer;
    setMade({ token, value });
    await queryClient.invalidateQueries({ queryKey: ['tokens'] });
  };
  const create = useMutation<void, ApiError, Body>({
    mutationFn: async (body) => keep(await send(body)),
    gcTime: 0,
  });
  /** Ends the one whose value was lost, and makes another under a key of its own. */
  const createAgain = useMutation<void, ApiError, { readonly lost: Token; readonly body: Body }>({
    mutationFn: async ({ lost, body }) => {
      await call('DELETE', `${paths.tokens}/${lost.id}`, { query: { reason: 'Its value was lost on the way' } });
      renew();
      await keep(await send(body));
    },
    gcTime: 0,
  });
  return {
    made,
    create,
    createAgain,
    forget: () => {
      renew();
      setMade(null);
    },
  };
}

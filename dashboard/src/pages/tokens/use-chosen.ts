import { useState } from 'react';
import type { Token } from '../../api/operations.ts';

/** Rows that were ticked, on whatever page of the list. */
export interface Chosen {
  readonly tokens: readonly Token[];
  readonly has: (id: string) => boolean;
  readonly choose: (token: Token, on: boolean) => void;
  readonly chooseAll: (tokens: readonly Token[]) => void;
  readonly clear: () => void;
}

export function useChosen(): Chosen {
  const [byId, setById] = useState<ReadonlyMap<string, Token>>(new Map());
  return {
    tokens: [...byId.values()],
    has: (id) => byId.has(id),
    choose: (token, on) => {
      const next = new Map(byId);
      if (on) next.set(token.id, token);
      else next.delete(token.id);
      setById(next);
    },
    chooseAll: (tokens) => setById(new Map([...byId, ...tokens.map((token) => [token.id, token] as const)])),
    clear: () => setById(new Map()),
  };
}

import type { z } from 'zod';
import { createAccount, newUserInput } from './accounts.ts';
import { defineOperation } from './operation.ts';
import { type OwnerWire, ownerSchema } from './owner-wire.ts';

/** Creates a user: a person known by an e-mail address. It has no password until it sets one itself. */
export const createUser = defineOperation<z.infer<typeof newUserInput>, OwnerWire, z.input<typeof newUserInput>>({
  id: 'createUser',
  summary: 'Create a user',
  access: { needs: 'keyhouse-users:write' },
  effect: 'changes',
  input: newUserInput,
  output: ownerSchema,
  run: (engine, caller, input) => createAccount(engine, caller, 'user', input),
});

import { defineOperation } from './operation.ts';
import { listOwnersOf, type OwnerListGiven, type OwnerListInput, ownerListInput } from './owner-list.ts';
import { listSchema } from './schemas.ts';
import { describeUsers, type UserWire, userSchema } from './user-wire.ts';

export interface UserList {
  readonly data: UserWire[];
  readonly next_cursor: string | null;
}

/** The users within reach, newest first. */
export const listUsers = defineOperation<OwnerListInput, UserList, OwnerListGiven>({
  id: 'listUsers',
  summary: 'List users',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: ownerListInput,
  output: listSchema(userSchema),
  run: async (engine, caller, input) => {
    const { data, next_cursor } = await listOwnersOf(engine, caller, 'user', input);
    return { data: await describeUsers(engine, data), next_cursor };
  },
});

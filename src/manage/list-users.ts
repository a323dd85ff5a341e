import { defineOperation } from './operation.ts';
import {
  listOwnersOf,
  type OwnerList,
  type OwnerListGiven,
  type OwnerListInput,
  ownerListInput,
  ownerListOutput,
} from './owner-list.ts';

/** The users within reach, newest first. */
export const listUsers = defineOperation<OwnerListInput, OwnerList, OwnerListGiven>({
  id: 'listUsers',
  summary: 'List users',
  access: { needs: 'keyhouse-users:read' },
  effect: 'reads',
  input: ownerListInput,
  output: ownerListOutput,
  run: (engine, caller, input) => listOwnersOf(engine, caller, 'user', input),
});

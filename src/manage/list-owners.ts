import { defineOperation } from './operation.ts';
import {
  listOwnersOf,
  type OwnerList,
  type OwnerListGiven,
  type OwnerListInput,
  ownerListInput,
  ownerListOutput,
} from './owner-list.ts';

/** External owners within reach, newest first. */
export const listOwners = defineOperation<OwnerListInput, OwnerList, OwnerListGiven>({
  id: 'listOwners',
  summary: 'List external owners',
  access: { needs: 'keyhouse-owners:read' },
  effect: 'reads',
  input: ownerListInput,
  output: ownerListOutput,
  run: (engine, caller, input) => listOwnersOf(engine, caller, 'external', input),
});

import { defineOperation } from './operation.ts';
import {
  listOwnersOf,
  type OwnerList,
  type OwnerListGiven,
  type OwnerListInput,
  ownerListInput,
  ownerListOutput,
} from './owner-list.ts';

/** The service accounts within reach, newest first. */
export const listServiceAccounts = defineOperation<OwnerListInput, OwnerList, OwnerListGiven>({
  id: 'listServiceAccounts',
  summary: 'List service accounts',
  access: { needs: 'keyhouse-service-accounts:read' },
  effect: 'reads',
  input: ownerListInput,
  output: ownerListOutput,
  run: (engine, caller, input) => listOwnersOf(engine, caller, 'service_account', input),
});

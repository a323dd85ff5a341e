import { join } from 'node:path';
import { createApi } from '../../examples/coolset/api.ts';
import { ORDERS, USER_CONFIGS } from '../../examples/coolset/resources.ts';
import { ROLES, type RoleName } from '../../examples/coolset/roles.ts';
import { Tables } from '../../examples/kit/tables.ts';
import { doorEngine } from '../../src/http/index.ts';
import { createRole, createUser, createWorkspace } from '../../src/manage/index.ts';
import { coolset } from '../../src/profile/index.ts';
import { embeddedApi } from '../../src/server/embedded-api.ts';
import type { TestEngine } from '../../src/testing/engine.ts';
import { type Company, type Doors, type Key, openCompany } from './company.ts';

/** The API of `examples/coolset`, for `openCompany`. */
function mountCoolset(doors: Doors, house: TestEngine) {
  const open = (name: string) => new Tables(join(house.folder, `${name}.sqlite`), [ORDERS, USER_CONFIGS]);
  const storage = { live: open('live'), sandbox: open('sandbox') };
  const operations = embeddedApi(doorEngine(house.engine), {
    caller: () => house.host(),
    issueSetupCode: async () => {
      throw new Error('nobody is set up here');
    },
  });
  const keyhouse = { ...doors, ...operations, allowedOrigins: () => coolset.cors.origins };
  return {
    api: createApi(keyhouse, storage),
    keyhouse,
    permissions: ROLES.admin.permissions,
    storage,
    close() {
      storage.live.close();
      storage.sandbox.close();
    },
  };
}

/** Companies that are customers, with people in them. */
export interface CoolsetCompany extends Company<ReturnType<typeof mountCoolset>> {
  /** Somebody who belongs to these companies. */
  person(roles: Readonly<Record<string, RoleName>>): Promise<{ readonly id: string; readonly email: string }>;
  /** A token of that person for one of them, without a limit. */
  tokenOf(person: { readonly id: string }, input: Readonly<Record<string, unknown>>): Promise<Key>;
}

export const EXAMPLE = 'example-ltd';
export const SAMPLE = 'sample-gmbh';

export async function openCoolset(): Promise<CoolsetCompany> {
  const company = await openCompany(coolset, mountCoolset);
  const { house } = company;
  for (const external_id of [EXAMPLE, SAMPLE]) {
    await house.asHost(createWorkspace, { name: external_id, external_id });
  }
  for (const { inKeyhouse: name, permissions } of Object.values(ROLES)) {
    await house.asHost(createRole, { name, permissions });
  }
  let count = 0;
  return {
    ...company,
    async person(roles) {
      count += 1;
      const email = `person-${count}@example.com`;
      const { id } = await house.asHost(createUser, { email, memberships: membershipsOf(roles) });
      return { id, email };
    },
    tokenOf: ({ id }, input) =>
      company.makeKey({ owner: { id }, workspace: { external_id: EXAMPLE }, tier: 'unlimited', ...input }),
  };
}

export function membershipsOf(roles: Readonly<Record<string, RoleName>>) {
  return Object.entries(roles).map(([external_id, role]) => ({
    workspace: { external_id },
    roles: [ROLES[role].inKeyhouse],
  }));
}

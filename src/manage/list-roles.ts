import { z } from 'zod';
import { defineOperation } from './operation.ts';
import { type RoleWire, roleSchema, roleWire } from './role-wire.ts';
import { listSchema } from './schemas.ts';

const inputSchema = z.strictObject({});
export interface Output {
  readonly data: RoleWire[];
  readonly next_cursor: string | null;
}

/** All roles by name, on one page: there are tens of them. */
export const listRoles = defineOperation<Record<string, never>, Output>({
  id: 'listRoles',
  summary: 'List roles',
  access: { needs: 'keyhouse-roles:read' },
  effect: 'reads',
  input: inputSchema,
  output: listSchema(roleSchema),
  run: async (engine) => ({ data: (await engine.store.owners.listRoles()).map(roleWire), next_cursor: null }),
});

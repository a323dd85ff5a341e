import { z } from 'zod';
import type { RoleRecord } from '../ports/index.ts';
import { timeSchema } from './schemas.ts';
import { instantOrNull } from './token-wire.ts';

export const roleSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    permissions: z.array(z.string()),
    everything: z.boolean().describe('Also every permission outside keyhouse-, whatever the catalogue says later'),
    built_in: z.boolean().describe('Cannot be changed or deleted'),
    created_at: timeSchema,
  })
  .meta({ id: 'Role' });
export type RoleWire = z.infer<typeof roleSchema>;

export function roleWire(role: RoleRecord): RoleWire {
  return {
    id: role.id,
    name: role.name,
    permissions: [...role.permissions],
    everything: role.everything,
    built_in: role.builtIn,
    created_at: instantOrNull(role.createdAt) as string,
  };
}

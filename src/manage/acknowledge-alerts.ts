import { z } from 'zod';
import { acknowledge } from './acknowledge-alert.ts';
import { type AlertWire, alertSchema, alertsWire, noteSchema } from './alert-wire.ts';
import { defineOperation } from './operation.ts';
import { idSchema } from './schemas.ts';

const inputSchema = z.strictObject({ ids: z.array(idSchema).min(1).max(100), note: noteSchema });
type Input = z.infer<typeof inputSchema>;

/** Acknowledges up to a hundred alerts with one note: all of them, or none where one is not the caller's. */
export const acknowledgeAlerts = defineOperation<Input, { readonly data: AlertWire[] }>({
  id: 'acknowledgeAlerts',
  summary: 'Acknowledge alerts',
  access: { needs: 'keyhouse-alerts:write' },
  effect: 'changes',
  input: inputSchema,
  output: z.object({ data: z.array(alertSchema) }),
  run: async (engine, caller, { ids, note }) => ({
    data: await alertsWire(engine, await acknowledge(engine, caller, ids, note)),
  }),
});
